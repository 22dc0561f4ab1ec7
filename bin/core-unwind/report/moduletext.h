/* SPDX-License-Identifier: ISC */
/* The executable and its libraries for people. */
#ifndef CORE_UNWIND_MODULETEXT_H
#define CORE_UNWIND_MODULETEXT_H

struct crash;
struct writer;

/* Those that were loaded to run, with their build-ids. */
void moduletext_write(struct crash *c, const struct writer *w);

#endif
