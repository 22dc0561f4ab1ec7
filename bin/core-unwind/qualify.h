/* SPDX-License-Identifier: ISC */
/*
 * The namespaces and classes around an entry of a DWARF tree, which has no way
 * up: each unit that is asked about is walked once and remembered.
 */
#ifndef CORE_UNWIND_QUALIFY_H
#define CORE_UNWIND_QUALIFY_H

#include <elfutils/libdw.h>

struct qualifier;

struct qualifier *qualifier_new(void);
void qualifier_free(struct qualifier *q);

/* "ns::Class::NAME", where NAME is DIE's own. The caller frees it. */
char *qualifier_name(struct qualifier *q, Dwarf_Die *die, const char *name);

#endif
