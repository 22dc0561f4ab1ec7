/* SPDX-License-Identifier: ISC */
/* What was around the crash in memory, for the report: bytes, not words. */
#ifndef CORE_UNWIND_SURROUNDINGS_H
#define CORE_UNWIND_SURROUNDINGS_H

#include <stdio.h>

struct crash;

/* The code at the crashed thread's pc, the line of the pc marked. */
void surroundings_code(struct crash *c, FILE *out);

/* Memory near the registers that point at some that can be read. */
void surroundings_memory(struct crash *c, FILE *out);

/*
 * The memory map, the address that could not be accessed marked. Of a long one
 * what is next to that; nothing when the signal has no address.
 */
void surroundings_map(struct crash *c, FILE *out);

#endif
