/* SPDX-License-Identifier: ISC */
/*
 * The function around a class, a lambda, that C++ has within it. Compilers give
 * what is inlined of these no linkage name, which would say.
 */
#ifndef CORE_UNWIND_LOCALNAME_H
#define CORE_UNWIND_LOCALNAME_H

#include <elfutils/libdw.h>

/* Of what has names from functions outward to the unit. */
#define LOCALNAME_MAX 16

struct localname {
	Dwarf_Die function;		/* the outermost */
	Dwarf_Die inside[LOCALNAME_MAX];	/* what is in it, outermost first */
	int count;
};

/*
 * What DIE, a function's declaration, is local to. Returns -1 when it is local
 * to no function, or not C++.
 */
int localname_find(Dwarf_Die *die, struct localname *l);

#endif
