/* SPDX-License-Identifier: ISC */
/* Arrays of every number of dimensions: here, or elsewhere by a descriptor. */
#ifndef CORE_UNWIND_ARRAY_H
#define CORE_UNWIND_ARRAY_H

#include "value/printer.h"

#define DIMENSIONS_MAX 16

/* In the order of C: the last one's elements follow one another in memory. */
struct dimensions {
	uint64_t count[DIMENSIONS_MAX];
	int n;
	int is_open;			/* the first has no bound */
};

void array_dimensions(struct printer *p, Dwarf_Die *array,
    struct dimensions *d);

void array_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset);

/* COUNT elements of SIZE bytes of TYPE from OFFSET on, with their commas. */
void array_elements(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset, uint64_t count, size_t size);

#endif
