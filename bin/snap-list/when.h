/* SPDX-License-Identifier: ISC */
/* Times, as people type them and read them; microseconds since the epoch. */
#ifndef SNAP_LIST_WHEN_H
#define SNAP_LIST_WHEN_H

#include <stdint.h>

#include "uuid7.h"

/* What is read and shown is UTC, not local time. */
void when_use_utc(void);

int64_t when_now(void);

/*
 * A point in time: an age (90s, 5m, 2h, 1d, 1w, 3M, 1y), a date, a time of
 * today, both (a blank or T between), with Z or +HH:MM; @SECONDS; now, today,
 * yesterday. Returns 0 and sets *US, or -1.
 */
int when_parse(const char *text, int64_t *us);

/* The "time" of a record, RFC 3339. Returns as when_parse. */
int when_parse_iso(const char *text, int64_t *us);

/* When a record of that name was made. */
int64_t when_of_id(const char id[UUID7_LENGTH + 1]);

/* In an array of LENGTH bytes: RFC 3339 in UTC; and for people. */
enum { WHEN_LENGTH = 40 };
void when_iso(int64_t us, char text[WHEN_LENGTH]);
void when_short(int64_t us, char text[WHEN_LENGTH]);

#endif
