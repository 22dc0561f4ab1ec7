/* SPDX-License-Identifier: ISC */
/*
 * Go's runtime does its own work, dying among it, on a stack of the thread's
 * (that of g0). The goroutine that asked for it stands where it left its own.
 * Known of x86-64.
 */
#ifndef CORE_UNWIND_GOROUTINE_H
#define CORE_UNWIND_GOROUTINE_H

#include "module/module.h"
#include "target/target.h"

struct goroutine {
	int is_go;			/* the thread is one of the runtime's */
	int is_there;			/* and is in it for a goroutine: */
	uint64_t low, base;		/* the runtime's part of the stack */
	struct registers left;		/* what of the goroutine's is known */
};

/* Is THREAD one of Go's, and in its runtime for a goroutine? */
void goroutine_find(struct modules *ms, const struct thread *thread,
    struct goroutine *g);

#endif
