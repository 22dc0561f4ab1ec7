/* SPDX-License-Identifier: ISC */
/* Values that no pointer has by chance. */
#ifndef CORE_UNWIND_PATTERN_H
#define CORE_UNWIND_PATTERN_H

#include <stdint.h>

/*
 * What VALUE, of SIZE bytes, is made of: ": the ASCII text \"AAAAAAAA\"", ":
 * the byte 0x5a repeated (jemalloc: freed memory)", or "". The caller frees.
 */
char *pattern_say(uint64_t value, unsigned size);

/* The same for the first of COUNT values that is made of something. */
char *pattern_say_first(const uint64_t *values, unsigned count, unsigned size);

#endif
