/* SPDX-License-Identifier: ISC */
/* Numbers from a command line: all of the text, in range, or no number. */
#ifndef COREPIPE_NUM_H
#define COREPIPE_NUM_H

#include <stdint.h>

/*
 * Decimal digits only. Returns 0 and sets *VALUE, or -1 (empty, other
 * characters, above MAX).
 */
int num_parse(const char *text, uint64_t max, uint64_t *value);

/*
 * A size in bytes: digits with an optional K, M, G or T (powers of 1024), an
 * optional "iB" or "B" after it, in either case. Returns as num_parse.
 */
int num_size(const char *text, uint64_t *bytes);

/*
 * A length of time in seconds: digits with an optional s, m, h, d or w
 * (default s). Returns as num_parse.
 */
int num_seconds(const char *text, uint64_t *seconds);

#endif
