/* SPDX-License-Identifier: ISC */
/* Runs of frames that follow themselves at once: recursion. */
#ifndef CORE_UNWIND_RECURSION_H
#define CORE_UNWIND_RECURSION_H

#include <stddef.h>

#include "crash.h"

#define RECURSION_CYCLE_MAX 10		/* frames */
#define RECURSION_REPEATS_MIN 3

/*
 * How many of the COUNT frames at AT make a cycle, which comes again *REPEATS
 * times, at least RECURSION_REPEATS_MIN; 0 when they make none.
 */
size_t recursion_at(const struct shown_frame *frames, size_t count, size_t at,
    size_t *repeats);

/*
 * ", again and again through parse, expr": the first cycle of the crashed
 * thread's innermost frames; or "". The caller frees.
 */
char *recursion_say(const struct crash *c);

#endif
