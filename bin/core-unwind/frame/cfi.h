/* SPDX-License-Identifier: ISC */
/*
 * One step up the stack by call frame information (DWARF 5, section 6.4;
 * .eh_frame: Linux Standard Base, "Exception Frames"). libdw finds and runs
 * the CFI program; what the rules mean for our registers is worked out here,
 * and kept per address: a thousand threads share their stacks' addresses.
 */
#ifndef CORE_UNWIND_CFI_H
#define CORE_UNWIND_CFI_H

#include <stdint.h>

#include "module/module.h"
#include "target/target.h"

enum cfi_result {
	CFI_STEPPED,
	CFI_NONE,			/* nothing known for this address */
	CFI_OUTERMOST,			/* the return address is undefined */
	CFI_UNREADABLE			/* memory it needs is not there */
};

struct cfi_cache;

struct cfi_cache *cfi_cache_new(struct modules *ms);
void cfi_cache_free(struct cfi_cache *cache);

/*
 * From the frame IN whose rules are those of address LOOKUP to its caller OUT.
 * *CFA is the frame's canonical frame address; *SIGNAL is 1 when the frame is
 * a signal trampoline, whose caller was interrupted at just its pc.
 */
enum cfi_result cfi_step(struct cfi_cache *cache, uint64_t lookup,
    const struct registers *in, struct registers *out, uint64_t *cfa,
    int *signal);

#endif
