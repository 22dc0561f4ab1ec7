/* SPDX-License-Identifier: ISC */
/*
 * Memory that may be executed only, pkeys(7): where the processor has protection
 * keys the kernel puts one before it, and gets no page of it for a core either.
 * The keys that a program sets itself are in no cheap list of /proc: what is
 * behind these is read, where a core that came by the pipe has zeros.
 */
#ifndef CORE_SAVE_PKEY_H
#define CORE_SAVE_PKEY_H

struct mapping;

/* Would the kernel write zeros for MAP? */
int pkey_hides(const struct mapping *map);

#endif
