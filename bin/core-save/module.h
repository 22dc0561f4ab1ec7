/* SPDX-License-Identifier: ISC */
/*
 * Copies of the executables and libraries that nobody will find by their path
 * later: deleted ones, and those of a process in another mount namespace. They
 * are pinned while the process is held, without touching their file systems,
 * and copied when it is gone.
 */
#ifndef CORE_SAVE_MODULE_H
#define CORE_SAVE_MODULE_H

#include "process.h"

struct modules {
	struct module {
		uint64_t start;		/* of its first executable mapping */
		uint64_t inode;
		unsigned major, minor;
		int fd;			/* O_PATH; -1: not to be copied */
		int may_block;		/* it is copied by a child */
		char *name;		/* in modules/; NULL: not copied */
	} *module;
	size_t count, cap;
};

/* Pin them. What is not of a known local file system is left alone. */
void modules_pin(struct modules *ms, const struct process *p,
    struct missing *m);

/*
 * Copy them to modules/ below RECORD, at most 256 MiB in all, with a list of
 * where they were mapped. Nothing is made when there are none. Those of an
 * overlay that a user mounted have 15 seconds: below it may be a file system
 * that never answers.
 */
void modules_copy(struct modules *ms, const struct process *p, int record,
    struct missing *m);

#endif
