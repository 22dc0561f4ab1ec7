/* SPDX-License-Identifier: ISC */
/*
 * How a program that may hold privilege is born, in this order: descriptors
 * 0 to 2 exist, it can be neither dumped nor traced, it opens what needs
 * privilege, it drops the privilege and verifies that, it closes its sandbox,
 * and only then reads the first hostile byte.
 */
#ifndef COREPIPE_BIRTH_H
#define COREPIPE_BIRTH_H

#include <sys/types.h>

/*
 * The kernel starts a core_pattern helper with only descriptor 0: the first
 * file opened would become "stdout". Point those of 0 to 2 that are closed at
 * /dev/null; but to write to such a stdout is an error. Exits 111 when that
 * fails.
 */
void birth_stdio(void);

/* PR_SET_DUMPABLE 0 and a core limit of 0: a crash of ours starts no handler. */
void birth_undumpable(void);

/*
 * Become the user NAME for good: no supplementary groups, its gid, its uid,
 * each read back, and the way back tried and found closed. An unknown NAME
 * means uid and gid 65534. When the process is not root it is left as it is.
 * Returns 1 when NAME is known (or nothing was to be done), 0 when 65534 was
 * taken in its place. Exits 111 when the drop fails: it is never half done.
 */
int birth_drop(const char *name);

/*
 * The same, but with the gid 65534: what NAME's group may read, which is every
 * record of a store, is not for this process.
 */
int birth_drop_alone(const char *name);

#endif
