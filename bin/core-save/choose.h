/* SPDX-License-Identifier: ISC */
/*
 * What of a process's memory is worth keeping. Registers and stacks are the
 * process's to fill with anything: each step is bounded in bytes, whatever it
 * finds there.
 */
#ifndef CORE_SAVE_CHOOSE_H
#define CORE_SAVE_CHOOSE_H

#include <stddef.h>
#include <stdint.h>

#include "corehead.h"
#include "pieces.h"

/* Pages that are pointed at, of all threads; and a power of two above that. */
#define POINTED_MAX	2048
#define POINTED_ROOM	8192

struct choice {
	const struct corehead *head;
	struct pieces *pieces;
	uint64_t stack_left;		/* bytes for threads' stacks */
	size_t pages;			/* that are pointed at */
	uint64_t page[POINTED_ROOM];	/* by their addresses, which are hashed */
	size_t threads_left_out;
	int cut;			/* the crashed thread's stack is */
};

void choice_init(struct choice *c, const struct corehead *h,
    struct pieces *p);

/* The stack of each thread, from its stack pointer to its beginning. */
void choose_stacks(struct choice *c);

/* The pages that registers point at. */
void choose_registers(struct choice *c);

/*
 * After those were had: the pages that the words next to the stack pointers
 * point at, and the stack that was left for another one to handle a signal.
 */
void choose_words(struct choice *c);

#endif
