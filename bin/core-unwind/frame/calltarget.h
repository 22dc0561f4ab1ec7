/* SPDX-License-Identifier: ISC */
/* Where a call goes to, by its instruction. */
#ifndef CORE_UNWIND_CALLTARGET_H
#define CORE_UNWIND_CALLTARGET_H

#include <stdint.h>

#include "module/module.h"

/* The function that the call which ends just before PC is of; 0 when the
   instruction does not say. */
uint64_t calltarget_of(struct modules *ms, uint64_t pc);

/*
 * Where ADDRESS leads if it is the stub of a function in another file, else
 * ADDRESS. A function that is only a jump through a pointer looks the same.
 */
uint64_t calltarget_beyond(struct modules *ms, uint64_t address);

#endif
