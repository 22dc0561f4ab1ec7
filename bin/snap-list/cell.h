/* SPDX-License-Identifier: ISC */
/* Pieces of output: columns of a terminal, and CSV. */
#ifndef SNAP_LIST_CELL_H
#define SNAP_LIST_CELL_H

#include <stdio.h>

/* Columns of a terminal that TEXT, valid UTF-8 that prints, takes. */
int cell_width(const char *text);

/*
 * TEXT in just WIDTH columns: filled with blanks, or cut with an ellipsis.
 * Without PAD nothing is filled. What it was made of is made printable first.
 */
void cell_put(FILE *out, const char *text, int width, int pad);

/* TEXT, or nothing for NULL, as a field of RFC 4180. */
void cell_csv(FILE *out, const char *text);

/* N bars for the counts V, one character each; all of them for MAX. */
void cell_sparkline(FILE *out, const long *v, int n, long max);

#endif
