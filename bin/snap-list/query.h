/* SPDX-License-Identifier: ISC */
/*
 * Conditions and columns, as SQL. Nothing that was typed or recorded becomes
 * part of the text of a statement: names of columns come from index_columns,
 * everything else is bound.
 */
#ifndef SNAP_LIST_QUERY_H
#define SNAP_LIST_QUERY_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

struct query_value {
	char *text;		/* NULL: it is the number */
	double number;
};

struct query {
	char *where;		/* conditions joined by AND; never empty */
	struct query_value *values;
	size_t values_n, values_cap;
	regex_t **regexes;	/* the functions match0, match1, ... of SQL */
	size_t regexes_n, regexes_cap;
	const char **unknown;	/* names asked for that are no columns */
	size_t unknown_n, unknown_cap;
	int64_t since, until;	/* INT64_MIN, INT64_MAX: not given */
};

void query_init(struct query *q);

/*
 * The SQL for the attribute NAME: a column, or looked up. The caller frees.
 * NULL when NAME cannot be one.
 */
char *query_attribute(struct query *q, const char *name);

/*
 * A condition: KEY=GLOB, KEY!=GLOB, KEY~REGEX, KEY!~REGEX, KEY<N, KEY<=N,
 * KEY>N, KEY>=N. Returns NULL, or what is wrong with it.
 */
const char *query_filter(struct query *q, const char *text);

/* The shorthands; each returns as query_filter. */
const char *query_exe(struct query *q, const char *glob);
const char *query_signal(struct query *q, const char *text);
const char *query_uid(struct query *q, const char *text);
const char *query_since(struct query *q, const char *text);
const char *query_until(struct query *q, const char *text);

/* The id begins with TEXT; the program is called TEXT. */
void query_id(struct query *q, const char *text);
void query_program(struct query *q, const char *text);

/*
 * Prepare BEFORE, the conditions, AFTER, and bind the values. Returns NULL
 * when DB refuses.
 */
sqlite3_stmt *query_prepare(struct query *q, sqlite3 *db, const char *before,
    const char *after);

#endif
