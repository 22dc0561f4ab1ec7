/* SPDX-License-Identifier: ISC */
/* The classes of the C++ libraries, GNU's and LLVM's, by what they hold, not by
   how: "text" for a std::string, as gdb has it with the printers of the
   first. */
#ifndef CORE_UNWIND_STDTYPES_H
#define CORE_UNWIND_STDTYPES_H

#include "value/printer.h"

/* Is TYPE one that stdtypes_print() knows? */
int stdtypes_is_ours(struct printer *p, Dwarf_Die *type);

/* Returns 0 when it is not one of them, or is not what it should be. */
int stdtypes_print(struct printer *p, Dwarf_Die *peeled,
    const struct value *v, size_t offset);

#endif
