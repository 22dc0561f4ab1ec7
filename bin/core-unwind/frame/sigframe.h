/* SPDX-License-Identifier: ISC */
/*
 * The frame that the kernel makes for a signal's handler, known by the code
 * that ends it. The C library's has call frame information; Go's runtime's,
 * musl's and those of programs that make their own have none.
 */
#ifndef CORE_UNWIND_SIGFRAME_H
#define CORE_UNWIND_SIGFRAME_H

#include "module/module.h"

/*
 * When a handler returns to IN's pc to end the signal: what it interrupted,
 * with all registers. Returns 0, or -1 when that is no such place.
 */
int sigframe_step(struct modules *ms, const struct registers *in,
    struct registers *out);

/*
 * What the signal was, of the frame of one whose handler returns to IN's pc.
 * The kernel writes a siginfo for a handler that asks for one (SA_SIGINFO); of
 * the others it is made of the trap that the processor has told last, which
 * may have been another one: *IS_TOLD is 0 then. Returns 0, or -1: not known.
 */
int sigframe_signal(struct modules *ms, const struct registers *in,
    struct siginfo *si, int *is_told);

#endif
