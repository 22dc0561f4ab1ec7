/* SPDX-License-Identifier: ISC */
/*
 * A thread's frames for people, a line each: the cycle of a recursion once,
 * and of a long stack both ends.
 */
#ifndef CORE_UNWIND_STACKTEXT_H
#define CORE_UNWIND_STACKTEXT_H

#include <stddef.h>

struct crash;
struct writer;

/*
 * At most about MAX frames of thread I. A frame's number is its depth, so that
 * of one behind a gap counts what was left out.
 */
void stacktext_write(const struct crash *c, size_t i, size_t max,
    const struct writer *w);

/* How FUNCTION, or NULL, is called in a frame's line. The caller frees. */
char *stacktext_name(const char *function);

#endif
