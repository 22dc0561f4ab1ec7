/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_LIVE_H
#define CORE_UNWIND_LIVE_H

#include <stdint.h>

struct target;

/*
 * Fills T, which must be zeroed, from the live process PID: all its threads
 * are stopped with ptrace(2), their registers and the used ends of their
 * stacks copied, and let go; the rest of its memory is read later, as it then
 * is. How long it stood still goes into T->stopped_us. Exits 100 when there is
 * no such process or it may not be traced, saying why.
 */
void live_read(struct target *t, uint32_t pid);

#endif
