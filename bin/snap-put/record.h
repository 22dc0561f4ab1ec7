/* SPDX-License-Identifier: ISC */
/*
 * What snap-put does inside the directory of one record. Functions that
 * return -1 have said why.
 */
#ifndef SNAP_PUT_RECORD_H
#define SNAP_PUT_RECORD_H

#include <stdint.h>
#include <sys/types.h>

#include "jsonr.h"

/* Set each of ATTRIBUTES in the object "attributes" of ROOT. 0 or -1. */
int record_set_attributes(json_t *root, json_t *attributes);

/*
 * Write LEN bytes of TEXT, or ROOT when TEXT is NULL, as snapshot.json of the
 * record DIRFD: another file under another name, fsync, rename. 0 or -1.
 */
int record_write_snapshot(int dirfd, const char *text, size_t len,
    const json_t *root, mode_t mode);

/*
 * Copy the regular file PATH into attach/ under its own last name, never over
 * another, at most LIMIT bytes or nothing. 0 or -1.
 */
int record_attach(int dirfd, const char *path, uint64_t limit, mode_t mode);

/* fsync what others wrote there, and the directory. 0 or -1. */
int record_sync(int dirfd);

#endif
