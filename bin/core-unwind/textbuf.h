/* SPDX-License-Identifier: ISC */
/* A text that grows up to a bound and then ends in "...". */
#ifndef CORE_UNWIND_TEXTBUF_H
#define CORE_UNWIND_TEXTBUF_H

#include <stddef.h>

struct textbuf {
	char *bytes;			/* a string, or NULL while empty */
	size_t len, cap, max;
	int is_full;
};

void textbuf_add(struct textbuf *b, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));
void textbuf_bytes(struct textbuf *b, const char *bytes, size_t len);

/*
 * LEN bytes, or a whole string when that is -1, made safe to show; no more than
 * MAX of them, and then "...". The caller frees.
 */
char *textbuf_printable(const char *bytes, size_t len, size_t max);

/* Takes the string, never NULL, and leaves B empty. The caller frees. */
char *textbuf_take(struct textbuf *b);

#endif
