/* SPDX-License-Identifier: ISC */
/* The fingerprint of a snapshot that was made before, by today's rules. */
#ifndef CORE_UNWIND_REFINGERPRINT_H
#define CORE_UNWIND_REFINGERPRINT_H

#include <stdio.h>

/*
 * Write to OUT the snapshot that FD holds, with a fingerprint made anew of the
 * frames in it. NAME is for messages. Returns an exit status: 0, or 1 when it
 * holds no frames of the thread that crashed and is as it was. Exits 100 when
 * it is no snapshot.
 */
int refingerprint(int fd, const char *name, FILE *out);

#endif
