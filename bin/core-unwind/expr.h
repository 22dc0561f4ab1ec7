/* SPDX-License-Identifier: ISC */
/* DWARF expressions (DWARF 5, section 2.5) over a frame's registers. */
#ifndef CORE_UNWIND_EXPR_H
#define CORE_UNWIND_EXPR_H

#include <elfutils/libdw.h>

#include <stdint.h>

#include "target.h"

/*
 * The value on top of the stack after OPS ran, in *VALUE; *IS_VALUE says that
 * DW_OP_stack_value ended it, else *VALUE is an address. CFA feeds
 * DW_OP_call_frame_cfa. Returns 0, or -1: an operation that has no place
 * here, a register or memory that is not known, or a loop without end.
 */
int expr_evaluate(struct target *t, const struct registers *r, uint64_t cfa,
    const Dwarf_Op *ops, size_t nops, uint64_t *value, int *is_value);

#endif
