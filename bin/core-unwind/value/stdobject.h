/* SPDX-License-Identifier: ISC */
/* An object of a library's class that is looked into. */
#ifndef CORE_UNWIND_STDOBJECT_H
#define CORE_UNWIND_STDOBJECT_H

#include "value/printer.h"

struct object {
	struct printer *p;
	Dwarf_Die *type;
	const struct value *v;
	size_t offset;			/* in V */
};

/* All return 0, or -1 when there is no such thing or it is not known. */

/* Its member NAME, a number, of some bits too, or an address. TYPE may be
   NULL. */
int object_number(const struct object *o, const char *name, uint64_t *value,
    Dwarf_Die *type);

/* The object itself, which is a number or an address. */
int object_value(const struct object *o, uint64_t *value);

/* Its member NAME, a class; TYPE is where that is kept. IN may be O. */
int object_inner(const struct object *o, const char *name, struct object *in,
    Dwarf_Die *type);

/* Its base class, or one of those', whose name begins with PREFIX; a number at
   the end of PREFIX is a whole one of the name. */
int object_base(const struct object *o, const char *prefix,
    struct object *base, Dwarf_Die *type);

/* What the pointer type TYPE points to. */
int object_target(Dwarf_Die *type, Dwarf_Die *target);

/* The N-th argument of the template that TYPE is an instance of. */
int object_argument(Dwarf_Die *type, int n, Dwarf_Die *argument);

#endif
