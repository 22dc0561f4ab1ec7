/* SPDX-License-Identifier: ISC */
#include "show.h"

#include <err.h>
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

/* The fields of a record in JSON and CSV, in their order: a promise. */
#define FIELDS "id, time, exe, comm, pid, uid, gid, signal, cause, " \
    "signature, fingerprint, host, unit, container, state, size, core, problem"

/* What text is made of; what was selected follows. */
#define PIECES "id, us, signal, exe, comm, signature, cause, state, problem"

enum piece { P_ID, P_US, P_SIGNAL, P_EXE, P_COMM, P_SIGNATURE, P_CAUSE,
    P_STATE, P_PROBLEM, P_SELECTED };

/* The columns of a terminal; those that were selected come before the last. */
enum { C_ID, C_TIME, C_SIGNAL, C_PROGRAM, C_SELECTED };
enum { PROGRAM_MAX = 16, SELECTED_MAX = 20, SIGNATURE_MAX = 32,
    SIGNAL_MAX = 10, CAUSE_MIN = 12, GAP = 2, WIDE = 110 };

struct table {
	char **cells;		/* rows of N cells */
	size_t cells_n, cells_cap;
	size_t n;
	int *width;
	const char **title;
};

static sqlite3_stmt *
prepare(const struct show *show, struct query *q, sqlite3 *db,
    const char *columns)
{
	char *before = xasprintf("SELECT %s", columns), *after, *more;
	sqlite3_stmt *stmt;

	for (size_t i = 0; i < show->select_n; i++) {
		char *sql = query_attribute(q, show->select[i]);

		if (sql == NULL)
			errx(EXIT_WRONG, "'%s' is not the name of an attribute",
			    text_show(show->select[i]));
		more = xasprintf("%s, %s", before, sql);
		free(sql);
		free(before);
		before = more;
	}
	more = xasprintf("%s FROM record", before);
	after = xasprintf("ORDER BY us DESC, id DESC LIMIT %lld",
	    show->limit == 0 ? -1LL : (long long)show->limit);
	stmt = query_prepare(q, db, more, after);
	free(before);
	free(more);
	free(after);
	return stmt;
}

static const char *
text_at(sqlite3_stmt *stmt, int i)
{
	return (const char *)sqlite3_column_text(stmt, i);
}

/* The name of column I: as it was typed, for what was selected. */
static const char *
name_at(const struct show *show, sqlite3_stmt *stmt, int i)
{
	int own = sqlite3_column_count(stmt) - (int)show->select_n;

	return i < own ? sqlite3_column_name(stmt, i) : show->select[i - own];
}

static void
put_json(const struct show *show, sqlite3_stmt *stmt, struct jsonw *w)
{
	jsonw_begin_object(w, NULL);
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const char *name = name_at(show, stmt, i);

		switch (sqlite3_column_type(stmt, i)) {
		case SQLITE_INTEGER:
			jsonw_int(w, name, sqlite3_column_int64(stmt, i));
			break;
		default:
			jsonw_string(w, name, text_at(stmt, i));
		}
	}
	jsonw_end_object(w);
	putc('\n', w->out);
}

static void
put_csv(const struct show *show, sqlite3_stmt *stmt, int is_header)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		if (i > 0)
			putc(',', show->out);
		cell_csv(show->out, is_header ? name_at(show, stmt, i) :
		    text_at(stmt, i));
	}
	fputs("\r\n", show->out);
}

static ssize_t
show_machine(const struct show *show, sqlite3_stmt *stmt)
{
	struct jsonw w;
	ssize_t n = 0;
	int rc;

	jsonw_init(&w, show->out);
	if (show->format == FORMAT_JSON)
		jsonw_begin_array(&w, NULL);
	else
		put_csv(show, stmt, 1);
	for (; (rc = sqlite3_step(stmt)) == SQLITE_ROW; n++)
		if (show->format == FORMAT_JSON)
			put_json(show, stmt, &w);
		else
			put_csv(show, stmt, 0);
	if (rc != SQLITE_DONE)
		return -1;
	if (show->format == FORMAT_JSON) {
		jsonw_end_array(&w);
		putc('\n', show->out);
	}
	return n;
}

/* Takes TEXT; its width counts up to MAX. */
static void
add_cell(struct table *t, char *text, int max)
{
	size_t column = t->cells_n % t->n;
	char *printable = text_printable(text, (size_t)-1);
	int width = cell_width(printable);

	xgrow(&t->cells, &t->cells_cap, t->cells_n, sizeof *t->cells);
	t->cells[t->cells_n++] = printable;
	free(text);
	if (width > max)
		width = max;
	if (width > t->width[column])
		t->width[column] = width;
}

static char *
program_of(sqlite3_stmt *stmt)
{
	const char *exe = text_at(stmt, P_EXE), *comm = text_at(stmt, P_COMM);
	const char *slash = exe == NULL ? NULL : strrchr(exe, '/');

	if (slash != NULL && slash[1] != '\0')
		return xstrdup(slash + 1);
	return xstrdup(comm != NULL ? comm : exe != NULL ? exe : "?");
}

static char *
cause_of(sqlite3_stmt *stmt)
{
	const char *state = text_at(stmt, P_STATE);
	const char *text = text_at(stmt, P_PROBLEM);

	if (text == NULL)
		text = text_at(stmt, P_CAUSE);
	if (text == NULL)
		text = text_at(stmt, P_SIGNATURE);
	if (text == NULL)
		text = "";
	if (strcmp(state, store_state_name[STORE_ARCHIVE]) == 0)
		return xstrdup(text);
	return xasprintf("[%s]%s%s", state, *text == '\0' ? "" : " ", text);
}

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

static void
add_row(struct table *t, const struct show *show, sqlite3_stmt *stmt)
{
	const char *signal = or_dash(text_at(stmt, P_SIGNAL));
	char when[WHEN_LENGTH];

	when_short(sqlite3_column_int64(stmt, P_US), when);
	add_cell(t, xstrndup(text_at(stmt, P_ID), (size_t)show->id_width),
	    UUID7_LENGTH);
	add_cell(t, xstrdup(when), WHEN_LENGTH);
	add_cell(t, xstrdup(strncmp(signal, "SIG", 3) == 0 ?
	    signal + 3 : signal), SIGNAL_MAX);
	add_cell(t, program_of(stmt), PROGRAM_MAX);
	for (size_t i = 0; i < show->select_n; i++)
		add_cell(t, xstrdup(or_dash(text_at(stmt,
		    P_SELECTED + (int)i))), SELECTED_MAX);
	if (show->width >= WIDE)
		add_cell(t, xstrdup(or_dash(text_at(stmt, P_SIGNATURE))),
		    SIGNATURE_MAX);
	add_cell(t, cause_of(stmt), show->width);
}

static void
table_init(struct table *t, const struct show *show)
{
	size_t n = 0;

	memset(t, 0, sizeof *t);
	t->n = C_SELECTED + show->select_n + 1 + (show->width >= WIDE);
	t->width = xcalloc(t->n, sizeof *t->width);
	t->title = xcalloc(t->n, sizeof *t->title);
	t->title[n++] = "ID";
	t->title[n++] = "TIME";
	t->title[n++] = "SIGNAL";
	t->title[n++] = "PROGRAM";
	for (size_t i = 0; i < show->select_n; i++)
		t->title[n++] = show->select[i];
	if (show->width >= WIDE)
		t->title[n++] = "SIGNATURE";
	t->title[n] = "CAUSE";
}

/* The last column has what the others leave. */
static void
fit(struct table *t, const struct show *show)
{
	int left = show->width;

	for (size_t i = 0; i + 1 < t->n; i++) {
		int title = cell_width(t->title[i]);

		if (show->is_terminal && t->width[i] < title &&
		    title <= SELECTED_MAX)
			t->width[i] = title;
		left -= t->width[i] + GAP;
	}
	t->width[t->n - 1] = left < CAUSE_MIN ? CAUSE_MIN : left;
}

static void
put_line(const struct table *t, const struct show *show,
    const char *const *cells, int is_header)
{
	for (size_t i = 0; i < t->n; i++) {
		const char *color = !show->is_colored ? NULL : is_header ?
		    "\033[4m" : i == C_ID ? "\033[1m" : i == C_SIGNAL ?
		    "\033[31m" : NULL;

		if (color != NULL)
			fputs(color, show->out);
		cell_put(show->out, cells[i], t->width[i], i + 1 < t->n);
		if (color != NULL)
			fputs("\033[0m", show->out);
		if (i + 1 < t->n)
			fprintf(show->out, "%*s", GAP, "");
	}
	putc('\n', show->out);
}

static void
table_release(struct table *t)
{
	for (size_t i = 0; i < t->cells_n; i++)
		free(t->cells[i]);
	free(t->cells);
	free(t->width);
	free(t->title);
}

static ssize_t
show_text(const struct show *show, sqlite3_stmt *stmt)
{
	struct table t;
	ssize_t rows;
	int rc;

	table_init(&t, show);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		add_row(&t, show, stmt);
	fit(&t, show);
	rows = (ssize_t)(t.cells_n / t.n);
	if (show->is_terminal && rows > 0)
		put_line(&t, show, t.title, 1);
	for (size_t i = 0; i < t.cells_n; i += t.n)
		put_line(&t, show, (const char *const *)&t.cells[i], 0);
	table_release(&t);
	return rc == SQLITE_DONE ? rows : -1;
}

ssize_t
show_list(const struct show *show, struct query *q, sqlite3 *db)
{
	sqlite3_stmt *stmt = prepare(show, q, db,
	    show->format == FORMAT_TEXT ? PIECES : FIELDS);
	ssize_t rows;

	if (stmt == NULL)
		return -1;
	rows = show->format == FORMAT_TEXT ? show_text(show, stmt) :
	    show_machine(show, stmt);
	sqlite3_finalize(stmt);
	return rows;
}
