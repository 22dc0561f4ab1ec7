/* SPDX-License-Identifier: ISC */
/*
 * The indices of a DWARF package, .debug_cu_index and .debug_tu_index: where in
 * its sections the parts are that came of one .dwo file, or of one of its types
 * (DWARF 5, 7.3.5; version 2 is GNU's of before it was a standard).
 */
#ifndef CORE_UNWIND_DWPINDEX_H
#define CORE_UNWIND_DWPINDEX_H

#include <stddef.h>
#include <stdint.h>

/* Sections by their number in the index: DW_SECT_, which dwarf.h has not. */
enum {
	DWP_INFO = 1,
	DWP_TYPES = 2,			/* before version 5 */
	DWP_ABBREV = 3,
	DWP_LOCATIONS = 5,		/* .debug_loc or .debug_loclists */
	DWP_STR_OFFSETS = 6,
	DWP_RNGLISTS = 8,		/* version 2: macros */
	DWP_SECTIONS = 9
};

struct dwp_part {
	uint32_t offset, size;		/* in the package's section */
};

/*
 * Find the parts of the unit ID (a type's: its signature), those of no bytes
 * where there are none. INDEX need not be aligned. Returns the version of the
 * index, 2 or 5; 0 when the unit is not in it; -1 when it is damaged.
 */
int dwpindex_find(const unsigned char *index, size_t size, uint64_t id,
    struct dwp_part part[DWP_SECTIONS]);

#endif
