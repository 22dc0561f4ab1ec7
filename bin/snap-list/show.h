/* SPDX-License-Identifier: ISC */
#ifndef SNAP_LIST_SHOW_H
#define SNAP_LIST_SHOW_H

#include <stdio.h>
#include <sys/types.h>

#include "query.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

struct show {
	FILE *out;
	enum format format;
	const char **select;	/* more attributes, as they were typed */
	size_t select_n, select_cap;
	const char *group;	/* NULL: a list */
	uint64_t limit;
	int id_width;
	int is_terminal;
	int is_colored;
	int width;		/* columns of the terminal */
};

/*
 * Print the records that Q wants, or groups of them. Return how many there
 * were, or -1 when DB failed, perhaps after some. An answer of nothing is
 * printed as such in JSON and CSV only.
 */
ssize_t show_list(const struct show *show, struct query *q, sqlite3 *db);
ssize_t show_groups(const struct show *show, struct query *q, sqlite3 *db);

#endif
