/* SPDX-License-Identifier: ISC */
/* The snapshot of a crash that was not unwound, for its like was. */
#ifndef SNAP_PUT_LIKE_H
#define SNAP_PUT_LIKE_H

#include "jsonr.h"

struct like;

/*
 * Record ID of a store, whose fingerprint others are to have. NULL after saying
 * why it cannot be had. The caller closes it, and keeps ID until then.
 */
struct like *like_open(int storefd, const char *id);
void like_close(struct like *);

/*
 * A snapshot of the record DIRFD of the same store, made of its meta.json and of
 * nothing else but the fingerprint, the architecture and the signal's name of
 * that one: their crash keys are the same. It says in "missing" that it was not
 * unwound. NULL after saying why there can be none.
 */
json_t *like_snapshot(const struct like *, int dirfd);

#endif
