/* SPDX-License-Identifier: ISC */
/*
 * Memory that is a file: a memfd, shared memory, what is on a tmpfs. Pages of it
 * that the process has not mapped may be there all the same, and the kernel
 * dumps them. To read them in the process's memory would make pages where there
 * are none, and wait for whoever handles its faults (userfault.h): they are read
 * from the file.
 */
#ifndef CORE_SAVE_SHMEM_H
#define CORE_SAVE_SHMEM_H

#include <stddef.h>
#include <stdint.h>

#include "process.h"

struct pages;
struct stream;

struct shmem {
	const struct mapping *map;
	int fd;			/* -1: it cannot be had */
	int is_asked;		/* for the kernel to say which pages are there */
};

/*
 * Have the file of MAP, of process P, instead of the one that *M had. 0, or -1
 * with errno when that cannot be at once.
 */
int shmem_open(struct shmem *m, const struct process *p,
    const struct mapping *map);

/*
 * LEN bytes at ADDRESS of the mapping, as they are in the file; zeros beyond its
 * end. 0, or -1 with errno.
 */
int shmem_read(const struct shmem *m, uint64_t address, void *buf, size_t len);

/*
 * Add what is in the file from START up to END of the mapping, none of which the
 * process of PAGES has mapped, to *S: as the kernel would. 0, or -1 with errno.
 */
int shmem_copy(struct shmem *m, struct stream *s, struct pages *pages,
    uint64_t start, uint64_t end);

void shmem_close(struct shmem *m);

#endif
