/* SPDX-License-Identifier: ISC */
/*
 * One record as it is read from its directory: bounded, never through a link,
 * and whatever is broken in it becomes a field that says so.
 */
#ifndef SNAP_LIST_RECORD_H
#define SNAP_LIST_RECORD_H

#include <stdint.h>

#include "jsonr.h"

struct record {
	json_t *snapshot;	/* NULL: none, or it cannot be read */
	json_t *meta;
	char *problem;		/* why not, or NULL */
	int is_passing;		/* the next who reads it may have better luck */
	const char *core;	/* "present", "stacks", "truncated", "none" */
	int64_t size;		/* bytes on disk */
};

void record_read(struct record *r, int dirfd);

/* Does ERROR say nothing about the record? */
int record_is_passing(int error);
void record_release(struct record *r);

/*
 * The value at PATH ("process.exe"; a name has no dot of its own but the
 * last) in ROOT, borrowed; NULL when it is absent or null.
 */
const json_t *record_at(const json_t *root, const char *path);

#endif
