/* SPDX-License-Identifier: ISC */
/* C++ pointers to members: &Class::field, (type) 0x1234 <Class::method()>. */
#ifndef CORE_UNWIND_MEMBERPTR_H
#define CORE_UNWIND_MEMBERPTR_H

#include "value/printer.h"

/* Does the peeled pointer-to-member type point to a method? */
int memberptr_is_method(Dwarf_Die *peeled);

void memberptr_print(struct printer *p, Dwarf_Die *peeled,
    const struct value *v, size_t offset);

#endif
