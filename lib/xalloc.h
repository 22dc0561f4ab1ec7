/* SPDX-License-Identifier: ISC */
/*
 * Memory or exit 111: a tool that cannot have memory has nothing to salvage.
 * The caller frees.
 */
#ifndef COREPIPE_XALLOC_H
#define COREPIPE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);

/*
 * libiberty's demanglers call xmalloc() and xrealloc() by name: where ours are
 * both there, its own are not linked beside them.
 */
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *format, ...)
    __attribute__((__format__(__printf__, 1, 2)));

/*
 * Room for one more in the array *ARRAY of *CAP elements of SIZE bytes, of
 * which USED are in use: it grows by half as much again when it is full.
 */
void xgrow(void *array, size_t *cap, size_t used, size_t size);

#endif
