/* SPDX-License-Identifier: ISC */
/* The environment of the process, out of its memory. */
#ifndef CORE_UNWIND_ENVIRONMENT_H
#define CORE_UNWIND_ENVIRONMENT_H

struct crash;

/*
 * Fill C->environment from what the C library's environ points at; it stays
 * empty, with a line in missing, when that is not to be had.
 */
void environment_read(struct crash *c);

#endif
