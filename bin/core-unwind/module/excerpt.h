/* SPDX-License-Identifier: ISC */
/*
 * An excerpt of compressed debug data: nothing of .debug_info but the units
 * that some addresses belong to. libdw makes a record of every unit before the
 * one that it is asked for, of the C library 4,126: to name a dozen of frames
 * that takes longer than all the rest of their names and lines.
 */
#ifndef CORE_UNWIND_EXCERPT_H
#define CORE_UNWIND_EXCERPT_H

#include <elfutils/libdw.h>

#include <stddef.h>

struct inflation;

/*
 * Debug data with the units of the COUNT addresses, in ascending order, that
 * .debug_aranges knows. Units that refer to others are left out, and so a unit
 * that is in it is whole. NULL when there would be none, or no room for them.
 */
Dwarf *excerpt_make(struct inflation *f, const Dwarf_Addr *address,
    size_t count);

#endif
