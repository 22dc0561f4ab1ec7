/* SPDX-License-Identifier: ISC */
#include "fill.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "index.h"
#include "record.h"
#include "signals.h"
#include "when.h"
#include "xalloc.h"

/* What one record may put into the index: it is copied for every look. */
enum { TEXT_MAX = 4096, VALUE_MAX = 65536, ATTRIBUTES_MAX = 1024 };

struct fill {
	sqlite3 *db;
	const struct sources *s;
	sqlite3_stmt *insert, *attribute, *move;
	sqlite3_stmt *remove, *remove_attributes;
};

/* A row that the index has. */
struct known {
	char id[UUID7_LENGTH + 1];
	int state;
	int64_t stamp;
};

struct known_list {
	struct known *v;
	size_t n, cap;
};

static int
read_known(sqlite3 *db, struct known_list *list)
{
	sqlite3_stmt *stmt;
	int rc;

	list->n = 0;
	rc = sqlite3_prepare_v2(db,
	    "SELECT id, state, stamp FROM record ORDER BY id", -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(stmt, 0);
		const char *state = (const char *)sqlite3_column_text(stmt, 1);
		struct known *k;

		if (id == NULL || !uuid7_valid(id) || state == NULL) {
			sqlite3_finalize(stmt);
			return SQLITE_CORRUPT;
		}
		xgrow(&list->v, &list->cap, list->n, sizeof *list->v);
		k = &list->v[list->n++];
		memcpy(k->id, id, sizeof k->id);
		k->state = store_state_of(state);
		k->stamp = sqlite3_column_int64(stmt, 2);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* At most MAX bytes, and no half of a character at the end. */
static int
cut(const char *text, size_t max)
{
	size_t len = strnlen(text, max + 1);

	if (len <= max)
		return (int)len;
	for (len = max; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return (int)len;
}

static int
bind_text(sqlite3_stmt *stmt, int n, const char *text, size_t max)
{
	if (text == NULL)
		return sqlite3_bind_null(stmt, n);
	return sqlite3_bind_text(stmt, n, text, cut(text, max),
	    SQLITE_TRANSIENT);
}

/* What a column says of R: meta.json, written by the capture, goes first. */
static const json_t *
column_value(const struct record *r, const struct index_column *c)
{
	const json_t *value = NULL;
	int integer = strncmp(c->type, "INTEGER", 7) == 0;

	if (c->meta != NULL)
		value = record_at(r->meta, c->meta);
	if (value == NULL && c->snapshot != NULL)
		value = record_at(r->snapshot, c->snapshot);
	if (integer ? json_is_integer(value) : json_is_string(value))
		return value;
	return NULL;
}

static int64_t
time_of(const struct record *r, const char *id)
{
	const char *text = json_string_value(record_at(r->meta, "time"));
	int64_t us;

	if (text != NULL && when_parse_iso(text, &us) == 0)
		return us;
	text = json_string_value(record_at(r->snapshot, "time"));
	if (text != NULL && when_parse_iso(text, &us) == 0)
		return us;
	return when_of_id(id);
}

static const char *
signal_of(const struct record *r)
{
	const json_t *number = record_at(r->meta, "signal");
	const char *name = NULL;

	if (!json_is_integer(number))
		number = record_at(r->snapshot, "signal.number");
	if (json_is_integer(number) && json_integer_value(number) > 0 &&
	    json_integer_value(number) < 65)
		name = signals_name((int)json_integer_value(number));
	return name != NULL ? name :
	    json_string_value(record_at(r->snapshot, "signal.name"));
}

/* Columns that are in neither file under their own name. */
static int
bind_own(sqlite3_stmt *stmt, int n, const char *name, const struct record *r,
    const struct entry *e)
{
	char iso[WHEN_LENGTH];

	if (strcmp(name, "id") == 0)
		return bind_text(stmt, n, e->id, TEXT_MAX);
	if (strcmp(name, "time") == 0) {
		when_iso(time_of(r, e->id), iso);
		return bind_text(stmt, n, iso, TEXT_MAX);
	}
	if (strcmp(name, "us") == 0)
		return sqlite3_bind_int64(stmt, n, time_of(r, e->id));
	if (strcmp(name, "state") == 0)
		return bind_text(stmt, n, store_state_name[e->state], TEXT_MAX);
	if (strcmp(name, "signal") == 0)
		return bind_text(stmt, n, signal_of(r), TEXT_MAX);
	if (strcmp(name, "size") == 0)
		return sqlite3_bind_int64(stmt, n, r->size);
	if (strcmp(name, "core") == 0)
		return bind_text(stmt, n, r->core, TEXT_MAX);
	if (strcmp(name, "problem") == 0)
		return bind_text(stmt, n, r->problem, TEXT_MAX);
	return sqlite3_bind_int64(stmt, n, e->stamp);
}

static int
insert_row(struct fill *f, const struct record *r, const struct entry *e)
{
	int rc = SQLITE_OK;

	for (int i = 0; rc == SQLITE_OK && index_columns[i].name != NULL; i++) {
		const struct index_column *c = &index_columns[i];
		const json_t *value;

		if (c->meta == NULL && c->snapshot == NULL) {
			rc = bind_own(f->insert, i + 1, c->name, r, e);
			continue;
		}
		value = column_value(r, c);
		if (json_is_integer(value))
			rc = sqlite3_bind_int64(f->insert, i + 1,
			    json_integer_value(value));
		else
			rc = bind_text(f->insert, i + 1,
			    json_string_value(value), TEXT_MAX);
	}
	if (rc == SQLITE_OK && sqlite3_step(f->insert) != SQLITE_DONE)
		rc = sqlite3_errcode(f->db);
	sqlite3_reset(f->insert);
	return rc;
}

static int
bind_json(sqlite3_stmt *stmt, int n, const json_t *value)
{
	char *dump;
	int rc;

	switch (json_typeof(value)) {
	case JSON_STRING:
		return bind_text(stmt, n, json_string_value(value), VALUE_MAX);
	case JSON_INTEGER:
		return sqlite3_bind_int64(stmt, n, json_integer_value(value));
	case JSON_REAL:
		return sqlite3_bind_double(stmt, n, json_real_value(value));
	case JSON_TRUE:
		return bind_text(stmt, n, "true", VALUE_MAX);
	case JSON_FALSE:
		return bind_text(stmt, n, "false", VALUE_MAX);
	default:
		break;
	}
	dump = json_dumps(value, JSON_COMPACT);
	rc = bind_text(stmt, n, dump, VALUE_MAX);
	free(dump);
	return rc;
}

/* Columns are not said twice; a "version" is the program's, not the file's. */
static int
is_column(const char *key)
{
	if (strcmp(key, "version") == 0)
		return 1;
	for (size_t i = 0; index_columns[i].name != NULL; i++)
		if ((index_columns[i].snapshot != NULL &&
		    strcmp(index_columns[i].snapshot, key) == 0) ||
		    strcmp(index_columns[i].name, key) == 0)
			return 1;
	return 0;
}

static int
insert_attribute(struct fill *f, const char *id, const char *prefix,
    const char *name, const json_t *value)
{
	char key[256];
	int rc;

	if (json_is_null(value) || (size_t)snprintf(key, sizeof key, "%s%s",
	    prefix, name) >= sizeof key || is_column(key))
		return SQLITE_OK;
	if ((rc = bind_text(f->attribute, 1, id, TEXT_MAX)) ||
	    (rc = bind_text(f->attribute, 2, key, sizeof key)) ||
	    (rc = bind_json(f->attribute, 3, value)))
		return rc;
	if (sqlite3_step(f->attribute) != SQLITE_DONE)
		rc = sqlite3_errcode(f->db);
	sqlite3_reset(f->attribute);
	return rc;
}

/*
 * The members of OBJECT under PREFIX. Lists of objects (threads, modules) are
 * for snap-show; an object is for the next call; a list of names is text.
 */
static int
insert_members(struct fill *f, const char *id, const char *prefix,
    const json_t *object, int *left)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value) {
		int rc;

		if (json_is_object(value) ||
		    json_is_object(json_array_get(value, 0)))
			continue;
		if (--*left < 0)
			break;
		rc = insert_attribute(f, id, prefix, name, value);
		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

static int
insert_attributes(struct fill *f, const struct record *r, const char *id)
{
	static const char *const parts[] = {
		"attributes", "process", "signal", "fingerprint", "tool"
	};
	int left = ATTRIBUTES_MAX, rc;
	const json_t *missing;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		char prefix[32];

		snprintf(prefix, sizeof prefix, "%s.", parts[i]);
		rc = insert_members(f, id, prefix,
		    record_at(r->snapshot, parts[i]), &left);
		if (rc != SQLITE_OK)
			return rc;
	}
	rc = insert_members(f, id, "", r->snapshot, &left);
	if (rc == SQLITE_OK)
		rc = insert_members(f, id, "", r->meta, &left);
	if (rc == SQLITE_OK)
		rc = insert_members(f, id, "core.", record_at(r->meta, "core"),
		    &left);
	/* Of the snapshot's own list "missing" is the name. */
	missing = record_at(r->meta, "missing");
	if (rc == SQLITE_OK && json_is_array(missing))
		rc = insert_attribute(f, id, "core.", "missing", missing);
	return rc;
}

static int
step_with_id(sqlite3 *db, sqlite3_stmt *stmt, int n, const char *id)
{
	int rc = bind_text(stmt, n, id, UUID7_LENGTH);

	if (rc == SQLITE_OK && sqlite3_step(stmt) != SQLITE_DONE)
		rc = sqlite3_errcode(db);
	sqlite3_reset(stmt);
	return rc;
}

static int
remove_record(struct fill *f, const char *id)
{
	int rc = step_with_id(f->db, f->remove, 1, id);

	return rc != SQLITE_OK ? rc :
	    step_with_id(f->db, f->remove_attributes, 1, id);
}

static int
move_record(struct fill *f, const struct entry *e)
{
	int rc = bind_text(f->move, 1, store_state_name[e->state], TEXT_MAX);

	return rc != SQLITE_OK ? rc : step_with_id(f->db, f->move, 2, e->id);
}

static int
put_record(struct fill *f, const struct entry *entry)
{
	struct entry e = *entry;
	int fd = sources_open_entry(f->s, &e), rc;
	struct record r;

	if (fd == -1 && record_is_passing(errno))
		return SQLITE_IOERR;
	rc = remove_record(f, e.id);
	if (rc != SQLITE_OK)
		return rc;
	if (fd == -1) {
		/* Gone since it was listed, or not ours to open. */
		return SQLITE_OK;
	}
	record_read(&r, fd);
	close(fd);
	if (r.is_passing)
		e.stamp = ~e.stamp;	/* to be read again */
	rc = insert_row(f, &r, &e);
	if (rc == SQLITE_OK)
		rc = insert_attributes(f, &r, e.id);
	record_release(&r);
	return rc;
}

/*
 * Walk both lists, sorted by id. With F NULL only find out whether they
 * differ: then SQLITE_ROW.
 */
static int
reconcile(struct fill *f, const struct sources *s,
    const struct known_list *known)
{
	size_t i = 0, j = 0;
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && (i < s->entries_n || j < known->n)) {
		const struct entry *e = i == s->entries_n ? NULL :
		    &s->entries[i];
		const struct known *k = j == known->n ? NULL : &known->v[j];
		int order = e == NULL ? 1 : k == NULL ? -1 :
		    strcmp(e->id, k->id);

		i += order <= 0;
		j += order >= 0;
		if (order == 0 && e->stamp == k->stamp && e->state == k->state)
			continue;
		if (f == NULL)
			return SQLITE_ROW;
		if (order > 0)
			rc = remove_record(f, k->id);
		else if (order == 0 && e->stamp == k->stamp)
			rc = move_record(f, e);
		else
			rc = put_record(f, e);
	}
	return rc;
}

static int
prepare_insert(struct fill *f)
{
	char *marks = xstrdup(""), *sql;
	int rc;

	for (size_t i = 0; index_columns[i].name != NULL; i++) {
		char *more = xasprintf("%s%s?", marks, i == 0 ? "" : ",");

		free(marks);
		marks = more;
	}
	sql = xasprintf("INSERT INTO record VALUES (%s)", marks);
	rc = sqlite3_prepare_v2(f->db, sql, -1, &f->insert, NULL);
	free(marks);
	free(sql);
	return rc;
}

static int
prepare(struct fill *f)
{
	int rc;

	if ((rc = prepare_insert(f)) ||
	    (rc = sqlite3_prepare_v2(f->db, "INSERT OR IGNORE INTO attribute "
	    "VALUES (?, ?, ?)", -1, &f->attribute, NULL)) ||
	    (rc = sqlite3_prepare_v2(f->db, "UPDATE record SET state = ? "
	    "WHERE id = ?", -1, &f->move, NULL)) ||
	    (rc = sqlite3_prepare_v2(f->db, "DELETE FROM record "
	    "WHERE id = ?", -1, &f->remove, NULL)) ||
	    (rc = sqlite3_prepare_v2(f->db, "DELETE FROM attribute "
	    "WHERE id = ?", -1, &f->remove_attributes, NULL)))
		return rc;
	return SQLITE_OK;
}

static void
release(struct fill *f)
{
	sqlite3_finalize(f->insert);
	sqlite3_finalize(f->attribute);
	sqlite3_finalize(f->move);
	sqlite3_finalize(f->remove);
	sqlite3_finalize(f->remove_attributes);
}

/* Inside the transaction: another run may have done it meanwhile. */
static int
update(struct fill *f, struct known_list *known)
{
	int rc = sqlite3_exec(f->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	if ((rc = read_known(f->db, known)) == SQLITE_OK &&
	    (rc = prepare(f)) == SQLITE_OK)
		rc = reconcile(f, f->s, known);
	release(f);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int
fill_index(sqlite3 *db, const struct sources *s)
{
	struct fill f = { .db = db, .s = s };
	struct known_list known = { NULL, 0, 0 };
	int rc = read_known(db, &known);

	if (rc == SQLITE_OK)
		rc = reconcile(NULL, s, &known);
	if (rc == SQLITE_ROW)
		rc = update(&f, &known);
	free(known.v);
	return rc;
}
