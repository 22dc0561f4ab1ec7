/* SPDX-License-Identifier: ISC */
/* Numbers: base types and enumerations. */
#ifndef CORE_UNWIND_SCALAR_H
#define CORE_UNWIND_SCALAR_H

#include <elfutils/libdw.h>

#include "symbol/dwscope.h"
#include "target/target.h"
#include "textbuf.h"

#define SCALAR_MAX 32			/* bytes of a base type */

/*
 * The SIZE bytes of a value of TYPE (as declared: a typedef can make a wide
 * character of it), which may be a bit-field moved to its low end.
 */
void scalar_base(struct textbuf *out, const struct target *t, Dwarf_Die *type,
    const unsigned char *bytes, size_t size);

void scalar_enum(struct textbuf *out, const struct target *t,
    struct dwscopes *scopes, Dwarf_Die *type, const unsigned char *bytes,
    size_t size);

/* Has a value of the peeled base type or enumeration a sign? */
int scalar_is_signed(Dwarf_Die *peeled);

/* SIZE bytes as a number of at most 64 bits. */
uint64_t scalar_unsigned(const struct target *t, const unsigned char *bytes,
    size_t size);

#endif
