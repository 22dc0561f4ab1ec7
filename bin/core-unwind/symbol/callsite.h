/* SPDX-License-Identifier: ISC */
/* The calls of a function, as DWARF lists them (DWARF 5, section 3.4). */
#ifndef CORE_UNWIND_CALLSITE_H
#define CORE_UNWIND_CALLSITE_H

#include <elfutils/libdw.h>

#define CALLSITE_LEVELS 64		/* of blocks and inlined calls */

/* Call VISIT for each call site of FUNCTION, and of what is inlined there down
   to LEVELS, until it returns nonzero; returns whether it did. *BUDGET entries
   are looked at; it is 0 or less when that was not all. */
int callsite_each(Dwarf_Die *function, int levels, int *budget,
    int (*visit)(void *arg, Dwarf_Die *site), void *arg);

/* Where SITE is, as the file has it: behind the call, or at it. */
int callsite_pc(Dwarf_Die *site, Dwarf_Addr *pc, int *is_after);

int callsite_is_tail(Dwarf_Die *site);

/* Are all the tail calls of FUNCTION among its call sites? */
int callsite_has_all(Dwarf_Die *function);

/* The function that SITE calls. Returns -1 when it is not said. */
int callsite_callee(Dwarf_Die *site, Dwarf_Die *function);

/* What linkers call a function; NULL: it has no name. */
const char *callsite_linkage_name(Dwarf_Die *die);
int callsite_same_function(Dwarf_Die *a, Dwarf_Die *b);

#endif
