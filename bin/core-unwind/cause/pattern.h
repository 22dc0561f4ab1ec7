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

#endif
