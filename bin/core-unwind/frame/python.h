/* SPDX-License-Identifier: ISC */
/*
 * Which Python functions the C function that interprets them was at, from the
 * interpreter's own structures in memory: CPython 3.8 to 3.12, 64 bits.
 */
#ifndef CORE_UNWIND_PYTHON_H
#define CORE_UNWIND_PYTHON_H

#include <stddef.h>

struct crash;

/* From 3.11 on one C frame may interpret several calls, innermost first. */
struct python_call {
	char *function, *file;		/* UTF-8 */
	int line;			/* 0: not known */
	struct python_call *caller;	/* in the same C frame, or NULL */
};

/* The calls of one thread, by the index of the C frame. */
struct python_thread {
	struct python_call **call;	/* NULL where there is none */
	size_t count;
};

/*
 * Fill C->python, one for each thread; it stays NULL when no frame is the
 * interpreter's, or nothing is known of its version.
 */
void python_read(struct crash *c);

/* The call that frame N of thread I interprets, or NULL. */
const struct python_call *python_at(const struct crash *c, size_t i, size_t n);

#endif
