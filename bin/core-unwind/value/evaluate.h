/* SPDX-License-Identifier: ISC */
/* A DWARF expression of a frame, with what only DWARF itself can tell: the
   frame's base, what was passed to it, types, thread-local storage. */
#ifndef CORE_UNWIND_EVALUATE_H
#define CORE_UNWIND_EVALUATE_H

#include "frame/expr.h"
#include "value/location.h"

/* ATTR is where OPS came from. As expr_run() does it. *BAD: the address of an
   EXPR_NO_MEMORY. */
enum expr_result evaluate(const struct scene *s, Dwarf_Attribute *attr,
    const Dwarf_Op *ops, size_t nops, const uint64_t *object,
    struct expr_value *value, int *is_value, uint64_t *bad);

#endif
