/* SPDX-License-Identifier: ISC */
/* The database of dpkg(1): which package a file is of. */
#ifndef CORE_UNWIND_DPKG_H
#define CORE_UNWIND_DPKG_H

#include <stddef.h>

struct dpkg_query {
	const char *path;		/* absolute, without symbolic links */
	char *package;			/* "libc6", "libc6:i386" when that is a
					   foreign architecture's, or NULL */
	char *version;			/* or NULL */
	size_t length;			/* of path; dpkg.c's own */
};

/*
 * Answer the N queries in one pass over the database below the directory ROOT
 * ("" is /). What is there is taken for data: a name that is no package's is
 * no answer. Stops, with what it has, when *EXPIRED, and by itself after a few
 * seconds. The answers are the caller's to free.
 */
void dpkg_find(const char *root, struct dpkg_query *query, size_t n,
    const volatile int *expired);

#endif
