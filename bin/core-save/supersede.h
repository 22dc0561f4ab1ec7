/* SPDX-License-Identifier: ISC */
/* A record whose whole core gives way to the stacks that were saved beside it. */
#ifndef CORE_SAVE_SUPERSEDE_H
#define CORE_SAVE_SUPERSEDE_H

#include <stdint.h>

/*
 * One at a time: waits, for nobody is held any more. KNOWN is the store's
 * directory of that name. A descriptor to be closed, or -1.
 */
int supersede_lock(int known);

/*
 * In record ID, wherever in the store STOREFD it is by now, put stacks.zst in
 * the place of core.zst, and say in its meta.json that record BY has come
 * after it. Nothing is done when it is gone, or has no stacks.zst. Complains
 * when it fails; what was begun is finished by the next attempt. Returns the
 * bytes that the record now takes less.
 */
uint64_t supersede(int storefd, const char *id, const char *by);

#endif
