/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_MESSAGE_H
#define CORE_UNWIND_MESSAGE_H

struct crash;

/* What a message that tells of a C++ exception begins with. */
#define MESSAGE_EXCEPTION "uncaught C++ exception"

/*
 * What the process said as it died, where its memory still holds it: glibc's
 * abort message (assertions, heap corruption, stack smashing), the type and
 * what() of an uncaught C++ exception. The process's own bytes; the caller
 * frees; NULL when there is none.
 */
char *message_find(struct crash *c);

#endif
