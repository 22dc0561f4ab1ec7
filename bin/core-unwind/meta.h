/* SPDX-License-Identifier: ISC */
/*
 * What core-save put beside the core: meta.json, proc/tasks, proc/maps and
 * modules/. The files are opened while there is privilege, and read after it
 * is gone.
 */
#ifndef CORE_UNWIND_META_H
#define CORE_UNWIND_META_H

#include <stddef.h>
#include <stdint.h>

#include "strings.h"

struct module_options;
struct target;

#define META_NAMESPACES 16

struct meta {
	char *id, *time, *host;		/* NULL when not told */
	char *exe, *comm, *unit, *container;
	char *cmdline;			/* words joined by a space */
	int64_t pid, tid, ns_pid, uid, gid, signal;	/* -1: not told */
	int64_t ns_tid, dumpable;
	/* The process that sent the signal: */
	char *sender_comm, *sender_exe;	/* NULL: not known */
	int64_t sender_ns_pid;		/* its number in the siginfo */
	/* Of the process's own root and UTS namespace. */
	char *hostname, *os_id, *os_version_id, *os_pretty_name;
	struct namespace {
		char *name;
		int64_t inode;		/* -1: not told */
	} namespaces[META_NAMESPACES];
	size_t nnamespaces;
	char *limits, *fds, *unit_log;	/* proc/limits, proc/fds, unit.log of
					   the record; NULL: not there */
	struct strings missing;		/* what core-save could not have */
};

struct record_files;

/*
 * Open what of the record directory DIR can be opened; exits 100 when DIR is
 * no directory. Mapped files that are still the ones that proc/maps names, by
 * device and inode, are opened too, as are the copies in modules/: the reader
 * may be a user who cannot. They go into OPTIONS.
 */
struct record_files *record_open(const char *dir,
    struct module_options *options);

/* Read meta.json; FILES may be NULL: nothing is known then. */
struct meta *meta_read(const struct record_files *files);

/* How many lines TEXT, one of those files, has; none when it is NULL. */
size_t meta_lines(const char *text);

/* Give the threads of T the names that proc/tasks tells. */
void record_name_threads(const struct record_files *files,
    const struct meta *meta, struct target *t);

#endif
