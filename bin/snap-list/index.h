/* SPDX-License-Identifier: ISC */
/*
 * The index: a table of what the records say, derived from them, kept in
 * index.db of a store that is the caller's own, else in memory and for one
 * run. Losing it loses nothing; what cannot be trusted is made anew.
 *
 *	record		one row each; the columns of index_columns
 *	attribute	everything else: (id, key, value)
 */
#ifndef SNAP_LIST_INDEX_H
#define SNAP_LIST_INDEX_H

#include <sqlite3.h>

#include "source.h"

struct index_column {
	const char *name;
	const char *type;	/* of SQL */
	const char *meta;	/* where meta.json has it, or NULL */
	const char *snapshot;	/* where snapshot.json has it, or NULL */
};

/* Ends with a NULL name. */
extern const struct index_column index_columns[];

/*
 * Bring the index of S, whose entries are stamped, up to date, and return it
 * open. With REBUILD nothing of an old one is believed. Never fails over what
 * is in the file: it says so on stderr and does without. Exits 111 when not
 * even memory serves.
 */
sqlite3 *index_open(const struct sources *s, int rebuild);

/* The message of DB with what was being done; exits 111. */
void index_fail(sqlite3 *db, const char *what) __attribute__((noreturn));

#endif
