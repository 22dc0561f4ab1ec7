/* SPDX-License-Identifier: ISC */
/* A growing list of strings that it owns; the same line is kept once. */
#ifndef CORE_UNWIND_STRINGS_H
#define CORE_UNWIND_STRINGS_H

#include <stddef.h>

struct strings {
	char **item;
	size_t count, cap;
};

/* At most 200 lines are kept: a hostile core could make any number. */
void strings_add(struct strings *list, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

#endif
