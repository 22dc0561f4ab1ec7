/* SPDX-License-Identifier: ISC */
/*
 * What dwz has taken out of several debug files at once is in another file,
 * that each of them names with its build-id (.gnu_debugaltlink; Debian's and
 * Fedora's debug packages have one each). libdw would take whatever lies there:
 * names of another program, when that is of another build.
 */
#ifndef CORE_UNWIND_ALTLINK_H
#define CORE_UNWIND_ALTLINK_H

struct module;
struct modules;

/* Give m->dwarf the file it names, or none if that is not to be had. */
void altlink_set(struct modules *ms, struct module *m);

#endif
