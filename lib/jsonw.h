/* SPDX-License-Identifier: ISC */
/*
 * A JSON writer (RFC 8259) that builds no tree: for output that may hold a
 * hundred thousand frames, and for programs that link nothing. Strings may be
 * any bytes, keys too; they go through text_utf8(). KEY is NULL inside an array.
 * Writing errors stay in the FILE: check ferror() at the end.
 */
#ifndef COREPIPE_JSONW_H
#define COREPIPE_JSONW_H

#include <stdint.h>
#include <stdio.h>

struct jsonw {
	FILE *out;
	int needs_comma;
};

void jsonw_init(struct jsonw *w, FILE *out);
void jsonw_begin_object(struct jsonw *w, const char *key);
void jsonw_end_object(struct jsonw *w);
void jsonw_begin_array(struct jsonw *w, const char *key);
void jsonw_end_array(struct jsonw *w);

/* A NULL VALUE is written as null. */
void jsonw_string(struct jsonw *w, const char *key, const char *value);
void jsonw_uint(struct jsonw *w, const char *key, uint64_t value);
void jsonw_int(struct jsonw *w, const char *key, int64_t value);
void jsonw_bool(struct jsonw *w, const char *key, int value);
void jsonw_null(struct jsonw *w, const char *key);

/* An array's element that a writer of this kind has written already. */
void jsonw_raw(struct jsonw *w, const char *text, size_t len);

/* An address: a string, "0x" and hexadecimal digits without leading zeros. */
void jsonw_address(struct jsonw *w, const char *key, uint64_t value);

#endif
