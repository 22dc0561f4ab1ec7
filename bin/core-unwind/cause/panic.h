/* SPDX-License-Identifier: ISC */
/* What Rust and Go programs say as they panic: it goes to standard error, but
   its pieces are on the stack. */
#ifndef CORE_UNWIND_PANIC_H
#define CORE_UNWIND_PANIC_H

struct crash;

/*
 * "panicked at src/main.rs:3:5: shelf 7 is empty" (Rust), "panic: shelf is
 * empty" or "fatal error: all goroutines are asleep - deadlock!" (Go). The
 * caller frees; NULL when it is no panic, or its text is not there any more.
 */
char *panic_message(struct crash *c);

#endif
