/* SPDX-License-Identifier: ISC */
/*
 * The half of a split unit that stays in the executable: what the linker has to
 * fill in, addresses, which the other half counts on.
 */
#ifndef CORE_UNWIND_SKELETON_H
#define CORE_UNWIND_SKELETON_H

#include <elfutils/libdw.h>

#include <stddef.h>
#include <stdint.h>

struct skeleton {
	uint64_t id;			/* of both halves */
	Dwarf_Addr low_pc;		/* what lists of locations count from */
	const unsigned char *addresses;	/* by index */
	size_t addresses_size;
	const unsigned char *ranges;	/* before DWARF 5, by offset */
	size_t ranges_size;
};

/*
 * Read the skeleton that the unit DIE is, in bytes of its file. Returns -1 when
 * it is none, or is damaged.
 */
int skeleton_read(Dwarf_Die *die, struct skeleton *s);

#endif
