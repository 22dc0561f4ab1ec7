/* SPDX-License-Identifier: ISC */
/*
 * Who sent the signal. /proc is not in the sandbox, and numbers are given again:
 * his name is what core-save has found while he was there.
 */
#ifndef CORE_UNWIND_SENDER_H
#define CORE_UNWIND_SENDER_H

struct crash;

/* "process 1 of user 0 (systemd)". The caller frees. */
char *sender_say(const struct crash *c);

/* What it is called, and runs; NULL when that is not known. */
const char *sender_comm(const struct crash *c);
const char *sender_exe(const struct crash *c);

#endif
