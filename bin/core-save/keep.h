/* SPDX-License-Identifier: ISC */
/*
 * --keep=auto: how much of this core is kept. The first few of a crash whole,
 * and the newest one when that is cheap; of the rest the stacks. None whole
 * that would take more room than its user, the store or the disk has.
 */
#ifndef CORE_SAVE_KEEP_H
#define CORE_SAVE_KEEP_H

#include <stdint.h>
#include <time.h>

#include "crashkey.h"
#include "process.h"
#include "record.h"
#include "save.h"

struct keeping {
	int full;			/* the whole core, */
	int newest;			/* and its stacks beside it: they take
					   its place when a newer one comes */
	char *reason;			/* why not; NULL when it is */
	char key[CRASHKEY_LENGTH + 1];	/* "": not known */
	uint64_t uid;
	uint64_t reserved;		/* bytes accounted for beforehand */
	int known;			/* the directory, or -1 */
	struct timespec began;
};

/*
 * Decide, in the name of record R, while the process P is held. Never fails:
 * without what is known of others the core is kept whole.
 */
void keep_decide(struct keeping *k, const struct options *o,
    const struct process *p, const struct record *r);

/*
 * The record is published, with STORED bytes on disk in all; its core is a whole
 * one when COMPLETE. What was decided becomes what is known, and the whole core
 * of the newest record before this one gives way to its stacks.
 */
void keep_settle(struct keeping *k, const struct record *r, uint64_t stored,
    int complete);

#endif
