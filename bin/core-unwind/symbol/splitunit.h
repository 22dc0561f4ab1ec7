/* SPDX-License-Identifier: ISC */
/*
 * A split unit made whole. libdw links a half only with one that it has found
 * itself, in a .dwo file by name: a half that came of anywhere else gets what it
 * counts on from its skeleton in debug data of its own. Where its unit had the
 * eight bytes of its ID there is the address that lists count from, which no
 * half has; all else stays where it was, for references are offsets.
 */
#ifndef CORE_UNWIND_SPLITUNIT_H
#define CORE_UNWIND_SPLITUNIT_H

#include <elfutils/libdw.h>

struct dwp_half;
struct skeleton;

/*
 * Set *DIE to the unit made of SKELETON and HALF, which live as long as it, to
 * the process's end. It has no table of lines: its files are numbered as in its
 * skeleton's. Returns -1 when they do not belong together, or are damaged.
 */
int splitunit_join(const struct skeleton *skeleton, const struct dwp_half *half,
    Dwarf_Die *die);

#endif
