/* SPDX-License-Identifier: ISC */
/* Values on the stack of a DWARF expression that have a base type (DWARF 5,
   section 2.5.1.6): what an optimizer computes with is not all addresses. */
#ifndef CORE_UNWIND_EXPRTYPE_H
#define CORE_UNWIND_EXPRTYPE_H

#include <stdint.h>

#include "frame/expr.h"

/* Its bits as a number of 64 bits, by its type's size and sign. */
uint64_t exprtype_extend(const struct expr_value *v);

/* V in type TO: the same number, or (REINTERPRET) the same bits. */
int exprtype_convert(struct expr_value *v, struct expr_type to,
    int reinterpret);

/* Floating point: the result in *V; of two, V[0] op V[1] in V[0]. */
int exprtype_unary(struct expr_value *v, uint8_t atom);
int exprtype_binary(struct expr_value *v, uint8_t atom);

#endif
