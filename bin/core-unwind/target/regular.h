/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_REGULAR_H
#define CORE_UNWIND_REGULAR_H

/*
 * Open PATH for reading, if it is a regular file; returns -1 with errno,
 * EINVAL when it is anything else. A core names what it likes, and there are
 * devices (a watchdog, a tape) to which opening them does something: nothing
 * is opened before it is known for what it is.
 */
int regular_open(const char *path);

/*
 * From now on nothing on a FUSE file system is opened, nor looked up: its
 * server may be the program that crashed, and answer never. ENOTSUP.
 */
void regular_avoid_fuse(void);

#endif
