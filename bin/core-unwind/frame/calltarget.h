/* SPDX-License-Identifier: ISC */
/* Where a call or a jump goes to, by its instruction. */
#ifndef CORE_UNWIND_CALLTARGET_H
#define CORE_UNWIND_CALLTARGET_H

#include <stdint.h>

#include "module/module.h"

/* The function that the call which ends just before PC is of; 0 when the
   instruction does not say. */
uint64_t calltarget_of(struct modules *ms, uint64_t pc);

/* The same of the jump at PC, or if IS_AFTER of the one that ends before it. */
uint64_t calltarget_jump(struct modules *ms, uint64_t pc, int is_after);

/*
 * Where ADDRESS leads if it is the stub of a function in another file, else
 * ADDRESS. A function that is only a jump through a pointer looks the same.
 * FROM is the function whose code goes there, 0 when nobody knows.
 */
uint64_t calltarget_beyond(struct modules *ms, uint64_t address, uint64_t from);

#endif
