/* SPDX-License-Identifier: ISC */
/*
 * What a library of faults is told, and what it counts. All by environment:
 *
 *	FAULT_CALLS	what is counted, a list of functions and of classes,
 *			each between commas: ",open,sync,"
 *	FAULT_AT	the number of the call that fails, from 1; "N+": all
 *			from there on; absent: none
 *	FAULT_HOW	a name of errno(3); "short": half of what a read or a
 *			write was asked for; "kill", "killall": the process, or
 *			its group, is killed before the call
 *	FAULT_ONLY	only in programs of these names, between commas; a
 *			script's name is the script's
 *	FAULT_UNDER	only calls on what is below this path
 *	FAULT_STATE	a file that all processes of one run share: the number
 *			of calls so far, as 8 bytes of the machine. What failed
 *			goes to FAULT_STATE.said, a line each
 */
#ifndef HIT_H
#define HIT_H

#include <stddef.h>

enum verdict { GO, FAIL, SHORT };

/*
 * hit: is the call NAME of CLASS ("look" is an "open" for reading, which fails of
 * nothing that a full or read-only disk says), on PATH as seen from DIR, or on
 * descriptor DIR when PATH is NULL, the one? -1 and NULL: on nothing. Sets errno
 * for FAIL.
 */
enum verdict hit(const char *class, const char *name, int dir,
    const char *path);

/* The function NAME that would have been called without us. */
void *next(const char *name);

#endif
