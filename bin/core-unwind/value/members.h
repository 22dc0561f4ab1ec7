/* SPDX-License-Identifier: ISC */
/* Structures, unions and classes: {<Base> = {b = 1}, x = 2}. */
#ifndef CORE_UNWIND_MEMBERS_H
#define CORE_UNWIND_MEMBERS_H

#include "value/printer.h"

void members_print(struct printer *p, Dwarf_Die *peeled,
    const struct value *v, size_t offset);

/*
 * The member NAME of TYPE at *OFFSET of V, in its base classes and nameless
 * members too: its type and offset. Returns 0, or -1.
 */
int members_find(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t *offset, const char *name, Dwarf_Die *member_type);

#endif
