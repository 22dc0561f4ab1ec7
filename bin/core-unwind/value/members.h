/* SPDX-License-Identifier: ISC */
/* Structures, unions and classes: {<Base> = {b = 1}, x = 2}. */
#ifndef CORE_UNWIND_MEMBERS_H
#define CORE_UNWIND_MEMBERS_H

#include "value/printer.h"

void members_print(struct printer *p, Dwarf_Die *peeled,
    const struct value *v, size_t offset);

/* Is the member or variable DIE of a class one of no object's? */
int members_is_static(Dwarf_Die *die);

/*
 * The member NAME of TYPE at *OFFSET of V, in its base classes and nameless
 * members too: its type and offset. Returns 0, or -1.
 */
int members_find(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t *offset, const char *name, Dwarf_Die *member_type);

/* The same, but the member itself: a bit-field's type says not all. */
int members_find_die(struct printer *p, Dwarf_Die *type,
    const struct value *v, size_t *offset, const char *name,
    Dwarf_Die *member);

#endif
