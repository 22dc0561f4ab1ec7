/* SPDX-License-Identifier: ISC */
/* What the record holds beside the core, for the report: open files, limits,
   the unit's log; and the process's environment, when that was asked for. */
#ifndef CORE_UNWIND_PROCFILES_H
#define CORE_UNWIND_PROCFILES_H

struct crash;
struct writer;

/* Each writes its section, or nothing when there is nothing to say. */
void procfiles_limits(const struct crash *c, const struct writer *w);
void procfiles_open(const struct crash *c, const struct writer *w);
void procfiles_log(const struct crash *c, const struct writer *w);
void procfiles_environment(const struct crash *c, const struct writer *w);

#endif
