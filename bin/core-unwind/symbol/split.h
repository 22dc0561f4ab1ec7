/* SPDX-License-Identifier: ISC */
/*
 * The other half of a split unit (-gsplit-dwarf), which has the functions: from
 * a .dwo file, or from a package of them (module/dwp.h).
 */
#ifndef CORE_UNWIND_SPLIT_H
#define CORE_UNWIND_SPLIT_H

struct module;
struct modules;
struct unit;

/* The halves of a module that were asked for. */
struct split;

/*
 * Set the rest of UNIT of M, of which its lines are there: of the half that has
 * the functions, or the same once more where it is not split, or where its half
 * is nowhere, which M is to miss then. *SPLIT is NULL before the first call.
 */
void split_find(struct modules *ms, struct module *m, struct split **split,
    struct unit *unit);

#endif
