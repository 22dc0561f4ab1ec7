/* SPDX-License-Identifier: ISC */
#include "when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "num.h"

#define SECOND INT64_C(1000000)
/* No year beyond 9999: what is printed has a width. */
#define LATEST (INT64_C(253402300799) * SECOND)

static int is_utc;

void
when_use_utc(void)
{
	is_utc = 1;
}

int64_t
when_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static void
split(int64_t us, int utc, struct tm *tm)
{
	int64_t floor = us / SECOND - (us % SECOND < 0);
	time_t seconds = (time_t)floor;

	if (us < -LATEST || us > LATEST)
		seconds = 0;
	if (utc)
		gmtime_r(&seconds, tm);
	else
		localtime_r(&seconds, tm);
}

/* COUNT digits at *P. Returns their value and moves *P on, or -1. */
static int
digits(const char **p, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static int
read_date(const char **p, struct tm *tm)
{
	const char *start = *p;

	tm->tm_year = digits(p, 4) - 1900;
	if (tm->tm_year < 0 || *(*p)++ != '-')
		goto none;
	tm->tm_mon = digits(p, 2) - 1;
	if (tm->tm_mon < 0 || tm->tm_mon > 11 || *(*p)++ != '-')
		goto none;
	tm->tm_mday = digits(p, 2);
	if (tm->tm_mday >= 1 && tm->tm_mday <= 31)
		return 0;
none:
	*p = start;
	return -1;
}

static int
read_clock(const char **p, struct tm *tm, int64_t *fraction)
{
	int64_t unit = SECOND / 10;

	tm->tm_hour = digits(p, 2);
	if (tm->tm_hour < 0 || tm->tm_hour > 23 || *(*p)++ != ':')
		return -1;
	tm->tm_min = digits(p, 2);
	if (tm->tm_min < 0 || tm->tm_min > 59)
		return -1;
	if (**p != ':')
		return 0;
	(*p)++;
	tm->tm_sec = digits(p, 2);
	if (tm->tm_sec < 0 || tm->tm_sec > 60)
		return -1;
	if (**p != '.')
		return 0;
	for ((*p)++; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
		*fraction += (**p - '0') * unit;
	return 0;
}

/* Z or +HH:MM at *P: seconds east of UTC. Returns 1, 0 when none is there. */
static int
read_zone(const char **p, int64_t *east)
{
	int sign = **p == '-' ? -1 : 1, hours, minutes;

	*east = 0;
	if (**p == 'Z') {
		(*p)++;
		return 1;
	}
	if (**p != '+' && **p != '-')
		return 0;
	(*p)++;
	hours = digits(p, 2);
	if (**p == ':')
		(*p)++;
	minutes = digits(p, 2);
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return -1;
	*east = sign * (hours * 3600 + minutes * 60);
	return 1;
}

static int
finish(struct tm *tm, int utc, int64_t east, int64_t fraction, int64_t *us)
{
	int day = tm->tm_mday;
	time_t seconds;

	tm->tm_isdst = -1;
	seconds = utc ? timegm(tm) : mktime(tm);
	/* 31 February has become another day. */
	if (tm->tm_mday != day)
		return -1;
	*us = (seconds - east) * SECOND + fraction;
	return 0;
}

static int
parse_absolute(const char *text, int64_t *us)
{
	const char *p = text;
	int64_t fraction = 0, east = 0;
	int has_date, zone = 0;
	struct tm tm;

	split(when_now(), is_utc, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	has_date = read_date(&p, &tm) == 0;
	if (has_date && (*p == 'T' || *p == ' '))
		p++;
	else if (has_date)
		return *p == '\0' ? finish(&tm, is_utc, 0, 0, us) : -1;
	if (read_clock(&p, &tm, &fraction) == -1)
		return -1;
	zone = read_zone(&p, &east);
	if (zone == -1 || *p != '\0')
		return -1;
	return finish(&tm, is_utc || zone, east, fraction, us);
}

int
when_parse_iso(const char *text, int64_t *us)
{
	if (strlen(text) < sizeof "2026-11-21T00:00:00Z" - 1)
		return -1;
	return parse_absolute(text, us);
}

static int
parse_age(const char *text, int64_t *us)
{
	size_t len = strlen(text);
	uint64_t ago, factor = 0;
	char *copy;
	int rc;

	if (len < 2 || len > 16)
		return -1;
	if (text[len - 1] >= '0' && text[len - 1] <= '9')
		return -1;
	if (text[len - 1] == 'M')
		factor = 30;
	else if (text[len - 1] == 'y')
		factor = 365;
	copy = strdup(text);
	if (copy == NULL)
		return -1;
	if (factor != 0)
		copy[len - 1] = 'd';
	rc = num_seconds(copy, &ago);
	free(copy);
	if (rc == -1 || ago > (uint64_t)(LATEST / SECOND) / 365)
		return -1;
	*us = when_now() - (int64_t)(ago * (factor == 0 ? 1 : factor)) * SECOND;
	return 0;
}

int
when_parse(const char *text, int64_t *us)
{
	uint64_t seconds;
	struct tm tm;

	if (*text == '@') {
		if (num_parse(text + 1, (uint64_t)(LATEST / SECOND),
		    &seconds) == -1)
			return -1;
		*us = (int64_t)seconds * SECOND;
		return 0;
	}
	if (strcmp(text, "now") == 0) {
		*us = when_now();
		return 0;
	}
	if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0) {
		split(when_now(), is_utc, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_mday -= *text == 'y';
		tm.tm_isdst = -1;
		*us = (is_utc ? timegm(&tm) : mktime(&tm)) * SECOND;
		return 0;
	}
	if (parse_age(text, us) == 0)
		return 0;
	return parse_absolute(text, us);
}

int64_t
when_of_id(const char id[UUID7_LENGTH + 1])
{
	char hex[13];

	/* 48 bits of milliseconds: eight digits, a dash, four digits. */
	memcpy(hex, id, 8);
	memcpy(hex + 8, id + 9, 4);
	hex[12] = '\0';
	return (int64_t)strtoull(hex, NULL, 16) * 1000;
}

void
when_iso(int64_t us, char text[WHEN_LENGTH])
{
	int64_t fraction = us % SECOND;
	struct tm tm;
	size_t n;

	split(us, 1, &tm);
	n = strftime(text, WHEN_LENGTH, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, WHEN_LENGTH - n, ".%06dZ",
	    (int)(fraction < 0 ? fraction + SECOND : fraction));
}

void
when_short(int64_t us, char text[WHEN_LENGTH])
{
	struct tm tm;

	split(us, is_utc, &tm);
	strftime(text, WHEN_LENGTH, "%Y-%m-%d %H:%M", &tm);
}
