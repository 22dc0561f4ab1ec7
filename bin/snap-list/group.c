/* SPDX-License-Identifier: ISC */
#include "show.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "exits.h"
#include "jsonw.h"
#include "store.h"
#include "text.h"
#include "when.h"
#include "xalloc.h"

enum { BINS = 16 };
enum { G_KEY, G_US, G_ID, G_EXE, G_COMM, G_SIGNAL, G_SIGNATURE };

struct group {
	char *key;		/* NULL: those without the attribute */
	char *exe, *comm, *signal, *signature;	/* of the newest */
	char newest[UUID7_LENGTH + 1];
	int64_t first, last;
	int64_t *times;
	size_t count, cap;
	long bins[BINS];
};

struct groups {
	struct group *v;
	size_t n, cap;
	int64_t from, to;	/* what the bins cover */
};

static char *
copy_at(sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	return text == NULL ? NULL : xstrdup(text);
}

static int
same_key(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Rows come by key and, within one, by time: the last one seen is newest. */
static void
add_row(struct groups *all, sqlite3_stmt *stmt)
{
	const char *key = (const char *)sqlite3_column_text(stmt, G_KEY);
	int64_t us = sqlite3_column_int64(stmt, G_US);
	struct group *g = all->n == 0 ? NULL : &all->v[all->n - 1];

	if (g == NULL || !same_key(g->key, key)) {
		xgrow(&all->v, &all->cap, all->n, sizeof *g);
		g = &all->v[all->n++];
		memset(g, 0, sizeof *g);
		g->key = key == NULL ? NULL : xstrdup(key);
		g->first = us;
	}
	xgrow(&g->times, &g->cap, g->count, sizeof *g->times);
	g->times[g->count++] = us;
	g->last = us;
	snprintf(g->newest, sizeof g->newest, "%s",
	    (const char *)sqlite3_column_text(stmt, G_ID));
	free(g->exe);
	free(g->comm);
	free(g->signal);
	free(g->signature);
	g->exe = copy_at(stmt, G_EXE);
	g->comm = copy_at(stmt, G_COMM);
	g->signal = copy_at(stmt, G_SIGNAL);
	g->signature = copy_at(stmt, G_SIGNATURE);
}

static void
count_bins(struct groups *all, const struct query *q)
{
	uint64_t span;

	all->from = INT64_MAX;
	all->to = INT64_MIN;
	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].first < all->from)
			all->from = all->v[i].first;
		if (all->v[i].last > all->to)
			all->to = all->v[i].last;
	}
	if (q->since != INT64_MIN) {
		all->from = q->since;
		if (all->to < when_now())
			all->to = when_now();
	}
	if (q->until != INT64_MAX && q->until > all->from)
		all->to = q->until;
	if (all->to < all->from)
		all->to = all->from;
	span = (uint64_t)(all->to - all->from);
	for (size_t i = 0; i < all->n; i++) {
		struct group *g = &all->v[i];

		for (size_t j = 0; j < g->count; j++) {
			uint64_t bin = span == 0 ? BINS :
			    (uint64_t)(g->times[j] - all->from) * BINS / span;

			/* The last moment belongs to the last bin. */
			g->bins[bin < BINS ? bin : BINS - 1]++;
		}
	}
}

static int
by_count(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->last != y->last)
		return x->last < y->last ? 1 : -1;
	return strcmp(y->newest, x->newest);
}

static void
put_json(const struct show *show, const struct group *g, struct jsonw *w)
{
	char when[WHEN_LENGTH];

	jsonw_begin_object(w, NULL);
	jsonw_string(w, "attribute", show->group);
	jsonw_string(w, "value", g->key);
	jsonw_uint(w, "count", g->count);
	when_iso(g->first, when);
	jsonw_string(w, "first", when);
	when_iso(g->last, when);
	jsonw_string(w, "last", when);
	jsonw_string(w, "newest", g->newest);
	jsonw_string(w, "exe", g->exe);
	jsonw_string(w, "comm", g->comm);
	jsonw_string(w, "signal", g->signal);
	jsonw_string(w, "signature", g->signature);
	jsonw_begin_array(w, "when");
	for (int i = 0; i < BINS; i++)
		jsonw_int(w, NULL, g->bins[i]);
	jsonw_end_array(w);
	jsonw_end_object(w);
	putc('\n', w->out);
}

static void
put_csv(const struct show *show, const struct group *g)
{
	const char *texts[] = { g->newest, g->exe, g->comm, g->signal,
	    g->signature };
	char when[WHEN_LENGTH];

	cell_csv(show->out, show->group);
	putc(',', show->out);
	cell_csv(show->out, g->key);
	when_iso(g->first, when);
	fprintf(show->out, ",%zu,%s", g->count, when);
	when_iso(g->last, when);
	fprintf(show->out, ",%s", when);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		putc(',', show->out);
		cell_csv(show->out, texts[i]);
	}
	putc(',', show->out);
	for (int i = 0; i < BINS; i++)
		fprintf(show->out, "%s%ld", i == 0 ? "" : " ", g->bins[i]);
	fputs("\r\n", show->out);
}

/* Who it is: for fingerprints where it crashed, else the value itself. */
static char *
describe(const struct show *show, const struct group *g)
{
	const char *slash = g->exe == NULL ? NULL : strrchr(g->exe, '/');
	const char *program = slash != NULL ? slash + 1 :
	    g->comm != NULL ? g->comm : "?";

	if (strcmp(show->group, "fingerprint") != 0)
		return xstrdup(g->key == NULL ? "(none)" : g->key);
	return xasprintf("%s %s  %s", program,
	    g->signal == NULL ? "-" : g->signal,
	    g->signature != NULL ? g->signature :
	    g->key != NULL ? g->key : "(no fingerprint)");
}

static void
put_text(const struct show *show, const struct group *g, long max)
{
	char first[WHEN_LENGTH], last[WHEN_LENGTH], *text;

	when_short(g->first, first);
	when_short(g->last, last);
	fprintf(show->out, "%s%5zu%s  %s  %s  ", show->is_colored ? "\033[1m" : "",
	    g->count, show->is_colored ? "\033[0m" : "", first, last);
	cell_sparkline(show->out, g->bins, BINS, max);
	fprintf(show->out, "  %.*s\n", show->id_width, g->newest);
	text = describe(show, g);
	fputs("       ", show->out);
	cell_put(show->out, text, show->width - 7, 0);
	putc('\n', show->out);
	free(text);
}

static void
put_groups(const struct show *show, const struct groups *all)
{
	struct jsonw w;
	long max = 0;

	for (size_t i = 0; i < all->n; i++)
		for (int j = 0; j < BINS; j++)
			if (all->v[i].bins[j] > max)
				max = all->v[i].bins[j];
	jsonw_init(&w, show->out);
	if (show->format == FORMAT_JSON)
		jsonw_begin_array(&w, NULL);
	else if (show->format == FORMAT_CSV)
		fputs("attribute,value,count,first,last,newest,exe,comm,"
		    "signal,signature,when\r\n", show->out);
	for (size_t i = 0; i < all->n; i++) {
		if (show->limit != 0 && i >= show->limit)
			break;
		if (show->format == FORMAT_JSON)
			put_json(show, &all->v[i], &w);
		else if (show->format == FORMAT_CSV)
			put_csv(show, &all->v[i]);
		else
			put_text(show, &all->v[i], max);
	}
	if (show->format == FORMAT_JSON) {
		jsonw_end_array(&w);
		putc('\n', show->out);
	}
}

static void
release(struct groups *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct group *g = &all->v[i];

		free(g->key);
		free(g->exe);
		free(g->comm);
		free(g->signal);
		free(g->signature);
		free(g->times);
	}
	free(all->v);
}

ssize_t
show_groups(const struct show *show, struct query *q, sqlite3 *db)
{
	struct groups all = { NULL, 0, 0, 0, 0 };
	char *sql = query_attribute(q, show->group), *before;
	sqlite3_stmt *stmt;
	ssize_t n;
	int rc;

	if (sql == NULL)
		errx(EXIT_WRONG, "'%s' is not the name of an attribute",
		    text_show(show->group));
	before = xasprintf("SELECT %s AS value, us, id, exe, comm, signal, "
	    "signature FROM record", sql);
	stmt = query_prepare(q, db, before, "ORDER BY 1, us, id");
	free(sql);
	free(before);
	if (stmt == NULL)
		return -1;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		add_row(&all, stmt);
	sqlite3_finalize(stmt);
	if (all.n > 0) {
		count_bins(&all, q);
		qsort(all.v, all.n, sizeof *all.v, by_count);
	}
	put_groups(show, &all);
	n = (ssize_t)all.n;
	release(&all);
	return rc == SQLITE_DONE ? n : -1;
}
