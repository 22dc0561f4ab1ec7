/* SPDX-License-Identifier: ISC */
/*
 * The namespaces and classes around a function or a type. DWARF has no way up
 * from an entry of its tree: each unit that is asked about is walked once and
 * remembered.
 */
#ifndef CORE_UNWIND_DWSCOPE_H
#define CORE_UNWIND_DWSCOPE_H

#include <elfutils/libdw.h>

struct dwscopes;

struct dwscopes *dwscopes_new(void);
void dwscopes_free(struct dwscopes *s);

/*
 * "ns::Class::" in front of DIE's name, or "". What is local to a function has
 * none. Good until the next call.
 */
const char *dwscopes_prefix(struct dwscopes *s, Dwarf_Die *die);

#endif
