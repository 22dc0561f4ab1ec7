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

/* And no user's own overlay, below which may be one that waits. */
int device_is_sure(const struct process *p, unsigned major, unsigned minor);

/*
 * Is the root of the process on such a one? -1: its root is no mount point, so
 * its mounts do not tell.
 */
int device_root_is_local(const struct process *p);

/*
 * Is every mount that the process sees of such a kind, or made of the kernel's
 * memory alone? Then no path can lead to where somebody is waited for. What a
 * user mounted on top of another (overlay) is taken for none of it.
 */
int device_all_local(const struct process *p);

/* Has this process a file system that is on another machine? */
int device_any_remote(void);

/* The kernel's own tmpfs: shared memory and memfds. */
int device_is_memory(unsigned major, unsigned minor);

/* Such a one, or a tmpfs, as mountinfo has it: its files are in memory. */
int device_is_tmpfs(const struct process *p, unsigned major, unsigned minor);

/* The kernel's own hugetlbfs, of pages of the usual huge size. */
int device_is_huge(unsigned major, unsigned minor);

#endif
