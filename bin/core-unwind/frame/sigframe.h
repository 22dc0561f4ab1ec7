/* SPDX-License-Identifier: ISC */
/*
 * The frame that the kernel makes for a signal's handler, known by the code
 * that ends it: of x86-64, aarch64, arm, ppc64, riscv and s390x. On x86-64 the C
 * library's has call frame information; Go's runtime's, musl's and those of
 * programs that make their own have none, nor have other kernels' vDSOs any
 * that is of use.
 */
#ifndef CORE_UNWIND_SIGFRAME_H
#define CORE_UNWIND_SIGFRAME_H

#include "module/module.h"

/* Is that what a handler returns to? */
int sigframe_is_at(struct modules *ms, uint64_t pc);

/*
 * IN is a handler's caller, found without call frame information: its pc is
 * such a place, its stack pointer may be anywhere in the handler's own frame.
 * Move that up to what the kernel put there. Returns 0, or -1: it is not there,
 * and no signal was handled.
 */
int sigframe_find(struct modules *ms, struct registers *in);

/*
 * When a handler returns to IN's pc to end the signal: what it interrupted,
 * with all registers. Returns 0, or -1 when that is no such place.
 */
int sigframe_step(struct modules *ms, const struct registers *in,
    struct registers *out);

/*
 * What the signal was, of the frame of one whose handler returns to IN's pc.
 * The kernel writes a siginfo for a handler that asks for one (SA_SIGINFO), or
 * for all; else it is made of the trap that the processor has told last, which
 * may have been another one: *IS_TOLD is 0 then. Returns 0, or -1: not known.
 */
int sigframe_signal(struct modules *ms, const struct registers *in,
    struct siginfo *si, int *is_told);

#endif
