/* SPDX-License-Identifier: ISC */
/*
 * Machine code in words, by libcapstone where core-unwind was built with its
 * header and it is here.
 */
#ifndef CORE_UNWIND_DISASM_H
#define CORE_UNWIND_DISASM_H

#include <stdio.h>

struct crash;

/* Load the library: for a report, before the sandbox is closed. */
void disasm_prepare(void);

/*
 * The instructions before and after the crashed thread's pc, that one marked.
 * Returns how many lines were written: 0 without the library, for a machine
 * that it does not know, or where there is no code.
 */
int disasm_write(struct crash *c, FILE *out);

#endif
