/* SPDX-License-Identifier: ISC */
/*
 * The stacks of a target. Each frame is found by the first of these that
 * works, and says which: the thread's registers (context), call frame
 * information (cfi), the return address of a call through a pointer to
 * nowhere (call), the frame pointer (fp), a word on the stack that follows a
 * call (scan). A caller outside every executable mapping is no caller.
 */
#ifndef CORE_UNWIND_UNWIND_H
#define CORE_UNWIND_UNWIND_H

#include <stddef.h>
#include <stdint.h>

#include "frame/cfi.h"
#include "module/module.h"
#include "target/target.h"

enum trust { TRUST_CONTEXT, TRUST_CFI, TRUST_CALL, TRUST_FP, TRUST_SCAN };

struct frame {
	uint64_t pc;
	uint64_t lookup;		/* where its function is looked up: pc,
					   or pc - 1 after a call */
	uint64_t sp;
	uint8_t trust;			/* enum trust */
	uint8_t is_trampoline;		/* a signal handler was called here */
	uint8_t is_tail_call;		/* on no stack any more: it jumped to
					   what it called (tailcall.h) */
};

/* What a frame's variables are found with. */
struct activation {
	struct registers registers;
	uint64_t cfa;
	uint8_t has_cfa;
};

struct stack {
	struct frame *frame;		/* innermost first */
	size_t count, cap;
	struct activation *activation;	/* of the first nactivations frames */
	size_t nactivations, activations_cap;
	size_t omitted_after;		/* this many frames, then a gap */
	size_t omitted;			/* of so many */
	int truncated;			/* its outer end was not reached */
	int at_limit;			/* and that was for limits->frames */
	const char *why;		/* static text, or NULL */
};

struct unwind_limits {
	size_t frames;			/* frames kept of a thread; 0: default,
					   most of them at the inner end */
	size_t activations;		/* kept of a thread, of its inner end */
	volatile const int *expired;	/* set when time is up */
};

const char *trust_name(enum trust trust);

/* The stack of THREAD; the caller releases it. */
void unwind_thread(struct modules *ms, struct cfi_cache *cfi,
    const struct thread *thread, const struct unwind_limits *limits,
    struct stack *stack);
void stack_release(struct stack *stack);

#endif
