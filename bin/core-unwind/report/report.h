/* SPDX-License-Identifier: ISC */
/* The crash for people: what an expert would say, at 80 columns. */
#ifndef CORE_UNWIND_REPORT_H
#define CORE_UNWIND_REPORT_H

#include <stdio.h>

struct crash;

/* COLOUR: headings and the crashed function stand out on a terminal. */
void report_write(struct crash *c, FILE *out, int colour);

#endif
