/* SPDX-License-Identifier: ISC */
/*
 * Finding a store and a record in it. A record is a directory named by its
 * UUIDv7 below the directory of its state; rename(2) is the change of state.
 */
#ifndef COREPIPE_STORE_H
#define COREPIPE_STORE_H

#include "uuid7.h"

/*
 * In the order a record passes through them: whoever looks in this order
 * cannot miss one that moves on meanwhile.
 */
enum store_state {
	STORE_NEW,
	STORE_PENDING,
	STORE_SENDING,
	STORE_ARCHIVE,
	STORE_FAILED,
	STORE_STATES
};

extern const char *const store_state_name[STORE_STATES];

/* The state called NAME, or -1. */
int store_state_of(const char *name);

/*
 * The store to use when none was named: $COREPIPE_STORE, else the one the
 * program was built for. The caller does not free it.
 */
const char *store_default(void);

/*
 * Where a user keeps a store of their own: corepipe below $XDG_DATA_HOME,
 * else below ~/.local/share. Returns a string that the caller frees, or NULL
 * when the user has no home.
 */
char *store_personal(void);

/*
 * Open the directory of record ID below the store STOREFD, never through a
 * symbolic link, with FLAGS added (0, or O_PATH when only its place matters).
 * Sets *STATE. Returns a descriptor, or -1 with errno: ENOENT when no state
 * that this process may look into holds it.
 */
int store_open_record(int storefd, const char *id, int flags,
    enum store_state *state);

#endif
