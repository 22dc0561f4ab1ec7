/* SPDX-License-Identifier: ISC */
#include "num.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The digits TEXT begins with; *END is set past them. -1 if none, or too big. */
static int
leading_digits(const char *text, uint64_t *value, const char **end)
{
	uint64_t v = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*value = v;
	*end = p;
	return p == text ? -1 : 0;
}

int
num_parse(const char *text, uint64_t max, uint64_t *value)
{
	const char *end;
	uint64_t v;

	if (leading_digits(text, &v, &end) == -1 || *end != '\0' || v > max)
		return -1;
	*value = v;
	return 0;
}

static int
scale(uint64_t v, uint64_t factor, uint64_t *value)
{
	if (v > UINT64_MAX / factor)
		return -1;
	*value = v * factor;
	return 0;
}

int
num_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *end, *unit;
	unsigned shift = 0;
	uint64_t v;

	if (leading_digits(text, &v, &end) == -1)
		return -1;
	if (*end != '\0') {
		char upper = *end >= 'a' && *end <= 'z' ?
		    (char)(*end - 'a' + 'A') : *end;

		unit = strchr(units, upper);
		if (unit != NULL) {
			shift = 10 * (unsigned)(unit - units + 1);
			end++;
		}
		if (strcasecmp(end, "B") != 0 && *end != '\0' &&
		    (shift == 0 || strcasecmp(end, "iB") != 0))
			return -1;
	}
	return scale(v, (uint64_t)1 << shift, bytes);
}

int
num_seconds(const char *text, uint64_t *seconds)
{
	static const struct { char unit; uint64_t seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		{ 'w', 604800 }
	};
	const char *end;
	uint64_t v;

	if (leading_digits(text, &v, &end) == -1)
		return -1;
	if (*end == '\0')
		return scale(v, 1, seconds);
	if (end[1] != '\0')
		return -1;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (*end == units[i].unit)
			return scale(v, units[i].seconds, seconds);
	return -1;
}
