/* SPDX-License-Identifier: ISC */
/*
 * What a function was passed, from the caller's side: the call site at the
 * return address says how each argument was made, out of what the caller still
 * has (DWARF 5, section 3.4).
 */
#ifndef CORE_UNWIND_PASSED_H
#define CORE_UNWIND_PASSED_H

#include "frame/expr.h"
#include "value/location.h"

/* The value that register NUMBER had when the function of S was entered. */
enum expr_result passed_register(const struct scene *s, uint64_t number,
    uint64_t *value);

/* The same for the parameter PARAMETER, which the function does without. */
enum expr_result passed_parameter(const struct scene *s,
    Dwarf_Die *parameter, uint64_t *value);

#endif
