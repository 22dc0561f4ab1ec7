/* SPDX-License-Identifier: ISC */
/* What the report lacks, for people: why, and the command that brings it. */
#ifndef CORE_UNWIND_MISSINGTEXT_H
#define CORE_UNWIND_MISSINGTEXT_H

struct crash;
struct writer;

/* Nothing when nothing is missing. */
void missingtext_write(const struct crash *c, const struct writer *w);

#endif
