/* SPDX-License-Identifier: ISC */
/* What the record holds beside the core, for the report: open files, limits,
   the unit's log; and the process's environment, when that was asked for. */
#ifndef CORE_UNWIND_PROCFILES_H
#define CORE_UNWIND_PROCFILES_H

#include <stdio.h>

struct crash;

/* Each writes its section, or nothing when there is nothing to say. */
void procfiles_limits(const struct crash *c, const char *bold,
    const char *plain, FILE *out);
void procfiles_open(const struct crash *c, const char *bold,
    const char *plain, FILE *out);
void procfiles_log(const struct crash *c, const char *bold,
    const char *plain, FILE *out);
void procfiles_environment(const struct crash *c, const char *bold,
    const char *plain, FILE *out);

/*
 * ", when 1024 of at most 1024 descriptors were in use"; "" when there were
 * more to be had, or nobody knows. The caller frees.
 */
char *procfiles_exhausted(const struct crash *c);

#endif
