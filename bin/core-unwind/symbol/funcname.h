/* SPDX-License-Identifier: ISC */
/* The name of a function, without what differs where the bug does not. */
#ifndef CORE_UNWIND_FUNCNAME_H
#define CORE_UNWIND_FUNCNAME_H

/*
 * NAME, demangled, without what an overload, a compiler or a machine changes:
 * arguments, return type, template arguments (one <T> is left), clone
 * suffixes, __GI_ and the like. The caller frees.
 */
char *funcname_plain(const char *name);

/* Does NAME tell its arguments' types? */
int funcname_has_arguments(const char *name);

#endif
