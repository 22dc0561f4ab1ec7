/* SPDX-License-Identifier: ISC */
/*
 * The functions, inlined calls and blocks around addresses of a compilation
 * unit, as they stand in its tree. One walk serves all the addresses: a unit
 * full of templates has megabytes, and libdw's own functions walk it anew for
 * each address, and once more for what is around the answer.
 */
#ifndef CORE_UNWIND_SCOPES_H
#define CORE_UNWIND_SCOPES_H

#include <elfutils/libdw.h>

#include <stddef.h>

struct scopes {
	Dwarf_Die *die;			/* innermost first, the unit left out */
	size_t count, cap;		/* 0: nothing is known of the address */
};

/*
 * FOUND[i] becomes what is around ADDRESS[i], COUNT of them in ascending
 * order. Stops early when *EXPIRED.
 */
void scopes_find(Dwarf_Die *unit, const Dwarf_Addr *address, size_t count,
    struct scopes *found, volatile const int *expired);

void scopes_release(struct scopes *scopes);

#endif
