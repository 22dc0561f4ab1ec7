/* SPDX-License-Identifier: ISC */
/*
 * Is a line table's header what it says? libdw, up to 0.188 at least, looks
 * less closely: of one that ends too early it reads on behind it, and is led
 * from there to wherever what lies there says.
 */
#ifndef CORE_UNWIND_LINETABLE_H
#define CORE_UNWIND_LINETABLE_H

#include <elfutils/libdw.h>

#include <stddef.h>

/*
 * Is the header that begins at the SIZE bytes TABLE whole, and within its
 * table, and that within the bytes? SWAPPED: of the other byte order.
 */
int linetable_is_whole(const unsigned char *table, size_t size, int swapped);

/* Has UNIT, which is not of a .dwo file, a table that is not? */
int linetable_is_damaged(Dwarf_Die *unit);

#endif
