/* SPDX-License-Identifier: ISC */
/*
 * The other half of a split unit (-gsplit-dwarf), which has the functions: from
 * the .dwo file that libdw finds, or from a package of them (module/dwp.h).
 */
#ifndef CORE_UNWIND_SPLIT_H
#define CORE_UNWIND_SPLIT_H

#include <elfutils/libdw.h>

struct module;
struct modules;

/* The halves of a module that were asked for. */
struct split;

/*
 * *DIE is the half of the unit LINES of M that has the functions: LINES itself
 * where it is not split, or where its half is nowhere, which M is to miss then.
 * *SPLIT is NULL before the first call.
 */
void split_find(struct modules *ms, struct module *m, struct split **split,
    Dwarf_Die *lines, Dwarf_Die *die);

#endif
