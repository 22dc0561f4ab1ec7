/* SPDX-License-Identifier: ISC */
/*
 * Which compilation unit of a module's DWARF data an address belongs to; where
 * the debug data is split (-gsplit-dwarf), its other half from the .dwo file or
 * from a package of them.
 */
#ifndef CORE_UNWIND_UNITS_H
#define CORE_UNWIND_UNITS_H

#include <elfutils/libdw.h>

struct module;
struct modules;
struct units;

struct unit {
	Dwarf_Die lines;		/* has the line table and the ranges */
	Dwarf_Die die;			/* has the functions; mostly the same */
};

/*
 * The units of COUNT addresses, p_vaddrs of M's file in ascending order, will be
 * asked for: where debug data have to be inflated it is cheaper to look for
 * them all at once. module_open_debug_once() comes first.
 */
void units_want(struct module *m, const Dwarf_Addr *address, size_t count);

/*
 * The unit of ADDRESS, a p_vaddr of M's file. Returns -1 when M has no DWARF
 * data, or none for it. module_open_debug_once() comes first.
 */
int units_find(struct modules *ms, struct module *m, Dwarf_Addr address,
    struct unit *unit);

#endif
