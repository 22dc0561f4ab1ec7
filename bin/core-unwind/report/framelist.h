/* SPDX-License-Identifier: ISC */
/*
 * Frames that say nothing about a bug: the lines of share/frames.list, built
 * in, and those of files that the caller named.
 */
#ifndef CORE_UNWIND_FRAMELIST_H
#define CORE_UNWIND_FRAMELIST_H

enum framelist { FRAMES_SYSTEM, FRAMES_DYING, FRAMES_BOTTOM, FRAMES_NOISE };

/*
 * Add the lines of the file PATH. Exits 100 when it cannot be read or a line
 * is not one of the list's.
 */
void framelist_add(const char *path);

/* Does a pattern of LIST match NAME? */
int framelist_has(enum framelist list, const char *name);

#endif
