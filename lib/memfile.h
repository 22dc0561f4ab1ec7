/* SPDX-License-Identifier: ISC */
/*
 * A FILE that writes to memory. open_memstream(3) leaves out what it has no
 * memory for, and neither ferror nor fclose know of it; this one says so.
 */
#ifndef COREPIPE_MEMFILE_H
#define COREPIPE_MEMFILE_H

#include <stdio.h>

struct memfile {
	char *text;		/* ends with a NUL, which LEN does not count */
	size_t len;
	size_t cap;
	FILE *file;
};

/* Returns -1 with errno set, then there is nothing to close. */
int memfile_open(struct memfile *m);

/*
 * From now on TEXT is there, for the caller to free. Returns -1 with errno set
 * when not all of it is: then it is NULL.
 */
int memfile_close(struct memfile *m);

/* The same, but memory or exit 111, as xalloc.h has it. */
void xmemfile_open(struct memfile *m);
void xmemfile_close(struct memfile *m);

#endif
