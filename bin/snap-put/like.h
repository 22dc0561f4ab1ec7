/* SPDX-License-Identifier: ISC */
/* The snapshot of a crash that was not unwound, for its like was. */
#ifndef SNAP_PUT_LIKE_H
#define SNAP_PUT_LIKE_H

#include "jsonr.h"

/*
 * A snapshot of the record DIRFD, made of its meta.json and of nothing else but
 * the fingerprint, the architecture and the signal's name of record ID of the
 * same store, which both have in common: their crash keys are the same. It says
 * in "missing" that it was not unwound. NULL after saying why there can be
 * none.
 */
json_t *like_snapshot(int storefd, int dirfd, const char *id);

#endif
