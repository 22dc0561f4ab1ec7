/* SPDX-License-Identifier: ISC */
/*
 * What may be read when the process has ended. Its memory is pinned (pin.h),
 * so that nothing needs to be copied while it is held: private anonymous memory,
 * which is nearly all of a core, is read when it is compressed. The rest is
 * copied as ever: what others may still change, and the pages with words that
 * the kernel writes when a thread ends.
 *
 * Not of every process: some memory is missed by whoever is started in its
 * place (huge pages, devices, System V segments, which are counted), or the
 * machine or the cgroup has none to spare for so long.
 */
#ifndef CORE_SAVE_AFTER_H
#define CORE_SAVE_AFTER_H

#include <stddef.h>
#include <stdint.h>

#include "pages.h"
#include "pin.h"
#include "process.h"
#include "ram.h"

struct after {
	struct pages *pages;	/* these three are the caller's to set */
	const struct mapping *map;
	size_t map_count;

	struct pin *pin;	/* NULL: nothing is left for later */
	uint64_t ahead;		/* bytes that could be, from here on */
	uint64_t most;		/* but no more than these */
	uint64_t *page;		/* that are written at the end, sorted */
	size_t count, cap;
	unsigned mutexes;
};

/* Memory of a kind that may be left for later? */
int after_may(const struct mapping *map);

/*
 * Leave for later what can be: TOTAL bytes are there of mappings that may be,
 * beginning at FIRST. *RAM allows so much less from then on. What is pointed to
 * must stay.
 */
void after_begin(struct after *a, const struct process *p, uint64_t first,
    uint64_t total, struct ram *ram);

/*
 * What is there from START up to END, of a mapping that may be: up to where is
 * it all to be copied now (*LATER is 0), or all to be left? The answer counts
 * as done.
 */
uint64_t after_until(struct after *a, uint64_t start, uint64_t end,
    int *later);

/* All has been read. */
void after_end(struct after *a);

#endif
