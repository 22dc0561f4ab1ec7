/* SPDX-License-Identifier: ISC */
/*
 * Functions that are on no stack any more: they ended in a jump to another one
 * (a tail call, or sibling call). The call instruction says which function was
 * called, the call sites of DWARF which ones may have come of it (DWARF 5,
 * sections 3.3.1.3 and 3.4); what all the ways from the one to the other have
 * in common was there.
 */
#ifndef CORE_UNWIND_TAILCALL_H
#define CORE_UNWIND_TAILCALL_H

struct crash;

/* Put them between the frames of all stacks, whose names are known already. */
void tailcall_find(struct crash *c, volatile const int *expired);

#endif
