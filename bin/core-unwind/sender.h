/* SPDX-License-Identifier: ISC */
/* Who sent the signal. */
#ifndef CORE_UNWIND_SENDER_H
#define CORE_UNWIND_SENDER_H

struct crash;

/*
 * "process 812 of user 0 (systemd-udevd)". The name is told when the sender is
 * still there, and was before the crash. The caller frees.
 */
char *sender_say(const struct crash *c);

#endif
