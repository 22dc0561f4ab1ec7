/* SPDX-License-Identifier: ISC */
/* Machine code in words, by libcapstone where core-unwind was built with it. */
#ifndef CORE_UNWIND_DISASM_H
#define CORE_UNWIND_DISASM_H

#include <stdio.h>

struct crash;

/*
 * The instructions before and after the crashed thread's pc, that one marked.
 * Returns how many lines were written: 0 without the library, for a machine
 * that it does not know, or where there is no code.
 */
int disasm_write(struct crash *c, FILE *out);

#endif
