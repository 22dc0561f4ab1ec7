/* SPDX-License-Identifier: ISC */
/*
 * The signal in whose handler the process ended itself: programs that tell of
 * their own crashes catch the signal, and then send it to themselves. What they
 * send comes at once, or, as it does when nothing was done about the handler's
 * mask, when the handler returns to the instruction that it was called at.
 */
#ifndef CORE_UNWIND_EARLIER_H
#define CORE_UNWIND_EARLIER_H

struct crash;

/*
 * ", in a handler of SIGSEGV: null pointer dereference: …", its cause as it was
 * when it came; ", after SIGSEGV: …" when the handler has returned; ", in a
 * handler of an earlier signal" when that is not known; "" when there was none.
 * The caller frees.
 */
char *earlier_say(const struct crash *c);

#endif
