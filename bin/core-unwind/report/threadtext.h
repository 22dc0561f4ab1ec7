/* SPDX-License-Identifier: ISC */
/* The threads for people: who they are, and their stacks. */
#ifndef CORE_UNWIND_THREADTEXT_H
#define CORE_UNWIND_THREADTEXT_H

struct crash;
struct writer;

/* The one that crashed, which is the first. */
void threadtext_crashed(const struct crash *c, const struct writer *w);

/*
 * The others: those with the same stack once; stacks in full while there is
 * room, then a line each. All in full of a live process.
 */
void threadtext_others(const struct crash *c, const struct writer *w);

#endif
