/* SPDX-License-Identifier: ISC */
/* Types in words, as a C or C++ programmer writes them. */
#ifndef CORE_UNWIND_TYPENAME_H
#define CORE_UNWIND_TYPENAME_H

#include <elfutils/libdw.h>

#include "symbol/dwscope.h"

/* "const char *", "struct point [3]", "int (*)(int)". TYPE NULL: void. The
   caller frees. */
char *typename_of(struct dwscopes *scopes, Dwarf_Die *type);

/* "(int, char *)": the parameters of a function or its type. */
char *typename_parameters(struct dwscopes *scopes, Dwarf_Die *function);

#endif
