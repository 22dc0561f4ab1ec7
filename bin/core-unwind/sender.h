/* SPDX-License-Identifier: ISC */
/* Who sent the signal. */
#ifndef CORE_UNWIND_SENDER_H
#define CORE_UNWIND_SENDER_H

struct crash;

/* "process 1 of user 0 (init)". The caller frees. */
char *sender_say(const struct crash *c);

#endif
