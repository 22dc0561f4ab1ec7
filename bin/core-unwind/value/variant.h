/* SPDX-License-Identifier: ISC */
/* Which of several sets of members an object has, by one of its numbers: Rust's
   enumerations, Ada's variant records (DWARF 5, section 5.7.10). */
#ifndef CORE_UNWIND_VARIANT_H
#define CORE_UNWIND_VARIANT_H

#include "value/printer.h"

/* The DW_TAG_variant of the DW_TAG_variant_part PART in the object at OFFSET of
   V. Returns 0, or -1: not known. */
int variant_of(struct printer *p, Dwarf_Die *part, const struct value *v,
    size_t offset, Dwarf_Die *variant);

#endif
