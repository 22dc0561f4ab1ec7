/* SPDX-License-Identifier: ISC */
/* SIGABRT in words: who gave up, and over what. */
#ifndef CORE_UNWIND_CAUSE_ABORT_H
#define CORE_UNWIND_CAUSE_ABORT_H

struct crash;

/* Which functions the innermost frames of the crashed thread are. */
struct seen {
	int abort, terminate, thrown, personality, pure_virtual;
	int thread_destructor, out_of_memory, rust_panic, rust_abort;
	int go_panic, go_throw;
	int stack_check, fortify;
};

void cause_look(const struct crash *c, struct seen *seen);

/* The caller frees. */
char *cause_of_abort(const struct crash *c, const struct seen *seen);

#endif
