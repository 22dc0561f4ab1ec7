/* SPDX-License-Identifier: ISC */
/* Members of less than their type's bits. */
#ifndef CORE_UNWIND_BITFIELD_H
#define CORE_UNWIND_BITFIELD_H

#include "value/printer.h"

int bitfield_is(Dwarf_Die *member);

/* The one that MEMBER tells of, in the object at OFFSET of V. */
void bitfield_print(struct printer *p, Dwarf_Die *member, Dwarf_Die *type,
    const struct value *v, size_t offset);

/* Its bits as a number; OFFSET is that of the object, as above. Returns 0, or
   -1 when they are not known. */
int bitfield_number(struct printer *p, Dwarf_Die *member,
    const struct value *v, size_t offset, uint64_t *number);

#endif
