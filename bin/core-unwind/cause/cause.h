/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_CAUSE_H
#define CORE_UNWIND_CAUSE_H

struct crash;

/*
 * Why the process died, in words: facts read off the signal, the registers,
 * the instruction and the mappings; never a verdict. The caller frees; NULL
 * when there is nothing to say.
 */
char *cause_find(struct crash *c);

#endif
