/* SPDX-License-Identifier: ISC */
/*
 * One step up the stack of a 32-bit ARM process by its own tables, .ARM.exidx
 * and .ARM.extab, which is all that its libraries have (Exception Handling ABI
 * for the Arm Architecture, sections 6 and 10).
 */
#ifndef CORE_UNWIND_EXIDX_H
#define CORE_UNWIND_EXIDX_H

#include <stdint.h>

#include "module/module.h"
#include "target/target.h"

/*
 * From the frame IN, in the function at LOOKUP, to its caller OUT. Returns 0,
 * or -1 when the tables have nothing to say, or memory is not there.
 */
int exidx_step(struct modules *ms, uint64_t lookup,
    const struct registers *in, struct registers *out);

#endif
