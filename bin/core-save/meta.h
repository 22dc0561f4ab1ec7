/* SPDX-License-Identifier: ISC */
/* meta.json: what was known when the process crashed. */
#ifndef CORE_SAVE_META_H
#define CORE_SAVE_META_H

#include <sys/types.h>

#include <stdio.h>
#include <time.h>

#include "osrelease.h"
#include "process.h"
#include "save.h"
#include "sender.h"

struct meta {
	const struct options *options;
	const struct process *process;
	const struct missing *missing;
	const char *id;
	uid_t owner;
	const char *crash_key;		/* NULL or "": not known */
	struct osrelease os;
	struct sender sender;
	struct timespec began;		/* CLOCK_REALTIME */
	uint64_t core_time_ms;		/* that the process was held */
	/* The core: */
	const char *file;		/* NULL: none kept */
	const char *kind;		/* "full", or "stacks" */
	uint64_t bytes, stored;
	uint64_t stacks_bytes, stacks_stored;	/* of stacks.zst; 0: none */
	const char *reason;		/* NULL: it is complete */
	int live;			/* read from the process */
	const char *why;		/* and why not; or NULL */
};

void meta_write(FILE *out, const struct meta *meta);

/* Note in *M each value that will be null. */
void meta_missing(const struct options *o, const struct process *p,
    struct missing *m);

#endif
