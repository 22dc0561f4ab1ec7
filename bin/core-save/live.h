/* SPDX-License-Identifier: ISC */
/*
 * The core without the pipe: headers and notes come from the kernel, all else
 * is read from the process itself, which is held for as long as the kernel has
 * more to write. Pages that were never touched cost nothing. What comes out is
 * to the byte what the kernel would have written, or else the rest is read
 * from the pipe: it is all still there.
 */
#ifndef CORE_SAVE_LIVE_H
#define CORE_SAVE_LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "after.h"
#include "elfscan.h"
#include "hold.h"
#include "pages.h"
#include "process.h"
#include "save.h"
#include "shmem.h"

struct stream;

/* What the kernel does with the pages of a mapping that are not there. */
enum absent {
	ABSENT_ZERO,		/* writes zeros */
	ABSENT_FETCH,		/* fetches them, as we can */
	ABSENT_FILE,		/* has those that are in a file in memory */
	ABSENT_DOUBT		/* fetches them, from who knows where */
};

struct live {
	const struct process *process;
	char *why;		/* it was not done, or not to the end */
	int task;		/* the directory of the thread, or -1 */
	struct pages pages;
	char *maps;
	struct mapping *map;	/* sorted by address */
	size_t map_count, map_cap;
	struct after after;
	struct shmem file;	/* the last one that was asked about */
	struct segment *segment;
	size_t segment_count, segment_cap;
	struct {		/* the last few that were asked about */
		unsigned major, minor;
		enum absent absent;
		int known;
	} device[8];
};

/*
 * Can process P, which is the one that crashed, be read? *L says so to
 * live_read, or why not. P must stay.
 */
void live_open(struct live *l, const struct options *o,
    const struct process *p);

/*
 * Read the core that is about to come on stdin. Returns 1 when all of it was
 * had, or will be had from live_fetch when the process is gone, and 0 with
 * L->why otherwise; *SKIP is then how many bytes of what comes next on stdin were
 * had already.
 */
int live_read(struct live *l, struct stream *s, uint64_t *skip);

/* The mapping that ADDRESS is in, or NULL; and what is done with its pages. */
const struct mapping *live_map(const struct live *l, uint64_t address);
enum absent live_absent(struct live *l, const struct mapping *map);

/* Is the process still there, and held? */
int live_is_held(const struct live *l);

/* What stream_later was told of. ARG is a struct live. */
int live_fetch(void *arg, uint64_t address, void *to, size_t len);

void live_release(struct live *l);

#endif
