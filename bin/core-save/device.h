/* SPDX-License-Identifier: ISC */
/*
 * What kind of file system a mapped file is on, known without asking it: one
 * that waits for somebody else (fuse, nfs, cifs, 9p) may never answer.
 */
#ifndef CORE_SAVE_DEVICE_H
#define CORE_SAVE_DEVICE_H

#include "process.h"

/* Of a kind that answers by itself, as mountinfo has it. */
int device_is_local(const struct process *p, unsigned major, unsigned minor);

/* The kernel's own tmpfs: shared memory and memfds. */
int device_is_memory(unsigned major, unsigned minor);

/* The kernel's own hugetlbfs, of pages of the usual huge size. */
int device_is_huge(unsigned major, unsigned minor);

#endif
