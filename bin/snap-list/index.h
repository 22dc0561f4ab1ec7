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

enum index_use {
	INDEX_KEPT,		/* the one in the file, up to date */
	INDEX_REBUILD,		/* that, but nothing in it is believed */
	INDEX_MEMORY		/* no file at all */
};

/*
 * Bring the index of S, whose entries are stamped, up to date, and return it
 * open. Never fails over what is in the file: it says so on stderr and does
 * without. Exits 111 when not even memory serves.
 */
sqlite3 *index_open(const struct sources *s, enum index_use use);

/* Do the records of S have an index of this caller's own? Is DB that? */
int index_can_keep(const struct sources *s);
int index_is_kept(sqlite3 *db);

#endif
