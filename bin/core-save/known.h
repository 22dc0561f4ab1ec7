/* SPDX-License-Identifier: ISC */
/*
 * STORE/known/: what was seen before, so that a crash loop is not kept whole a
 * thousand times. All of it is derived and may go at any time: what is
 * missing or damaged counts as never seen.
 *
 *	KEY		a file for each crash key, a "name value" a line:
 *			  uid N		whose crashes they are
 *			  seen N	how many there were
 *			  full N	whole cores taken as one of the first
 *			  last N	when the last one was: ms since 1970
 *			  cost N	ms that it took; 0: it is not done yet
 *			  newest ID	the record, when it was not one of the
 *					first, whose core the next one replaces
 *	usage		bytes that records take, "UID BYTES" a line; of "-",
 *			those that captures in progress may yet take
 *	refused		there when a core was not kept for want of room
 *	lock		held (flock) by whoever reads to write
 *
 * The sweep and snap-prune read and write them too.
 */
#ifndef CORE_SAVE_KNOWN_H
#define CORE_SAVE_KNOWN_H

#include <sys/types.h>

#include <stdint.h>

#include "uuid7.h"

struct known {
	uint64_t uid, seen, full, last, cost;
	char newest[UUID7_LENGTH + 1];		/* "": none */
};

struct usage {
	uint64_t user, total, pending;		/* pending is in total */
};

/* Open known/ of the store STOREFD. A descriptor, or -1 with errno. */
int known_open(int storefd);

/*
 * Take the lock. Somebody is being held meanwhile, so it is not waited for
 * longer than a fifth of a second: then -1. Closing it lets go.
 */
int known_lock(int dir);

/* Both with the lock held. known_write returns 0, or -1 with errno. */
void known_read(int dir, const char *key, struct known *k);
int known_write(int dir, const char *key, const struct known *k);

/* With the lock held: what user UID and all of them take. */
void usage_read(int dir, uint64_t uid, struct usage *u);

/* With the lock held: add to what UID takes, and to what is in progress. */
int usage_add(int dir, uint64_t uid, int64_t bytes, int64_t pending);

/* Leave word for the sweep that there was no room. */
void usage_refused(int dir);

#endif
