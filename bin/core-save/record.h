/* SPDX-License-Identifier: ISC */
/* Where a core goes: a record of a store, or a file. */
#ifndef CORE_SAVE_RECORD_H
#define CORE_SAVE_RECORD_H

#include "meta.h"
#include "uuid7.h"

struct record {
	char id[UUID7_LENGTH + 1];
	uid_t owner;		/* who may read it */
	int store, dir;		/* -1: there is none */
	int core;		/* core.zst, or -1 */
	int reserve;		/* holds some disk space for the end, or -1 */
};

/*
 * Make the record in new/, for O->owner to read. The core is of at most MOST
 * bytes; 0: not known. Returns 0, or -1 when there can be none. R->core may be
 * -1 all the same: *M says why.
 */
int record_open(struct record *r, const struct options *o, uint64_t most,
    struct missing *m);

/*
 * Make a file in it that holds memory of the process: not for the group. A
 * descriptor, or -1: *M says why.
 */
int record_create(const struct record *r, const char *name,
    struct missing *m);

/* Write proc/. */
void record_write_proc(struct record *r, const struct process *p,
    struct missing *m);

/* Write meta.json, or replace it whole, durably. 0, or -1 with errno. */
int record_write_meta(struct record *r, const struct meta *meta);

/* Give back what disk space was held. */
void record_use_reserve(struct record *r);

/* Make it all durable and rename it to pending/. 0 or -1, after complaining. */
int record_publish(struct record *r);

/* A file that appears whole under its name, or is written as it is. */
struct outfile {
	const char *path;
	int fd;
	int dir;		/* -1: no temporary name, nothing to rename */
	const char *name;	/* in dir */
	char temporary[64];
};

/*
 * Open PATH for writing; "-" is stdout. A device or a pipe is opened itself,
 * anything else is replaced by outfile_close. 0 or -1, after complaining.
 */
int outfile_open(struct outfile *f, const char *path);

/* Put it in its place, or drop it when KEEP is 0. 0 or -1. */
int outfile_close(struct outfile *f, int keep);

#endif
