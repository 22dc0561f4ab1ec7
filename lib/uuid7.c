/* SPDX-License-Identifier: ISC */
#include "uuid7.h"

#include <sys/random.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exits.h"

void
uuid7_make(char id[UUID7_LENGTH + 1])
{
	struct timespec now;
	uint8_t b[16];
	uint64_t ms;

	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		err(EXIT_REFUSED, "get random bytes");
	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	for (int i = 0; i < 6; i++)
		b[i] = (uint8_t)(ms >> (40 - 8 * i));
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x70);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(id, UUID7_LENGTH + 1,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
	    b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

int
uuid7_prefix(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > UUID7_LENGTH)
		return 0;
	for (size_t i = 0; i < len; i++) {
		int dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' :
		    strchr("0123456789abcdef", text[i]) == NULL)
			return 0;
	}
	if (len > 14 && text[14] != '7')
		return 0;
	return len <= 19 || strchr("89ab", text[19]) != NULL;
}

int
uuid7_valid(const char *text)
{
	return strlen(text) == UUID7_LENGTH && uuid7_prefix(text);
}
