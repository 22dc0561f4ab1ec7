/* SPDX-License-Identifier: ISC */
#include "query.h"

#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "index.h"
#include "num.h"
#include "signals.h"
#include "text.h"
#include "when.h"
#include "xalloc.h"

void
query_init(struct query *q)
{
	memset(q, 0, sizeof *q);
	q->where = xstrdup("1");
	q->since = INT64_MIN;
	q->until = INT64_MAX;
}

/* Returns the number of its parameter. */
static size_t
add_value(struct query *q, const char *text, double number)
{
	struct query_value *v;

	xgrow(&q->values, &q->values_cap, q->values_n, sizeof *v);
	v = &q->values[q->values_n++];
	v->text = text == NULL ? NULL : xstrdup(text);
	v->number = number;
	return q->values_n;
}

/* Takes CONDITION. */
static void
add_condition(struct query *q, char *condition)
{
	char *both = xasprintf("%s AND (%s)", q->where, condition);

	free(q->where);
	free(condition);
	q->where = both;
}

static const struct index_column *
find_column(const char *name)
{
	for (const struct index_column *c = index_columns; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0 || (c->snapshot != NULL &&
		    strcmp(c->snapshot, name) == 0))
			return c;
	return NULL;
}

char *
query_attribute(struct query *q, const char *name)
{
	const struct index_column *c = find_column(name);
	char *printable;
	int plain;
	size_t n;

	if (c != NULL)
		return xasprintf("record.%s", c->name);
	printable = text_printable(name, (size_t)-1);
	plain = *name != '\0' && strlen(name) <= 256 &&
	    strcmp(printable, name) == 0;
	free(printable);
	if (!plain)
		return NULL;
	n = add_value(q, name, 0);
	xgrow(&q->unknown, &q->unknown_cap, q->unknown_n, sizeof *q->unknown);
	q->unknown[q->unknown_n++] = name;
	/* People leave out the part it is in; what they set goes first. */
	return xasprintf("COALESCE("
	    "(SELECT value FROM attribute a WHERE a.id = record.id AND "
	    "a.key = 'attributes.' || ?%zu),"
	    "(SELECT value FROM attribute a WHERE a.id = record.id AND "
	    "a.key = ?%zu),"
	    "(SELECT value FROM attribute a WHERE a.id = record.id AND "
	    "a.key = 'process.' || ?%zu),"
	    "(SELECT value FROM attribute a WHERE a.id = record.id AND "
	    "a.key = 'signal.' || ?%zu),"
	    "(SELECT value FROM attribute a WHERE a.id = record.id AND "
	    "a.key = 'fingerprint.' || ?%zu))", n, n, n, n, n);
}

static void
add_glob(struct query *q, const char *sql, const char *glob, int negated)
{
	size_t n = add_value(q, glob, 0);

	/* What has no such attribute is not equal to it either. */
	add_condition(q, negated ?
	    xasprintf("%s IS NULL OR NOT (CAST(%s AS TEXT) = ?%zu OR "
	    "%s GLOB ?%zu)", sql, sql, n, sql, n) :
	    xasprintf("CAST(%s AS TEXT) = ?%zu OR %s GLOB ?%zu",
	    sql, n, sql, n));
}

static const char *
add_regex(struct query *q, const char *sql, const char *pattern, int negated)
{
	static char reason[128];
	regex_t *regex = xmalloc(sizeof *regex);
	int rc = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);

	if (rc != 0) {
		size_t n = (size_t)snprintf(reason, sizeof reason,
		    "regular expression: ");

		regerror(rc, regex, reason + n, sizeof reason - n);
		free(regex);
		return reason;
	}
	xgrow(&q->regexes, &q->regexes_cap, q->regexes_n, sizeof regex);
	q->regexes[q->regexes_n] = regex;
	add_condition(q, xasprintf("%smatch%zu(%s)", negated ? "NOT " : "",
	    q->regexes_n, sql));
	q->regexes_n++;
	return NULL;
}

/* A number, or a size as 64K. */
static int
parse_number(const char *text, double *number)
{
	uint64_t size;
	char *end;

	if (num_size(text, &size) == 0) {
		*number = (double)size;
		return 0;
	}
	if (*text == '\0' || isspace((unsigned char)*text))
		return -1;
	*number = strtod(text, &end);
	return *end == '\0' ? 0 : -1;
}

static const char *
add_comparison(struct query *q, const char *key, const char *sql,
    const char *operator, const char *text)
{
	double number;
	int64_t us;

	if (strcmp(key, "time") == 0) {
		if (when_parse(text, &us) == -1)
			return "not a time";
		add_condition(q, xasprintf("record.us %s ?%zu", operator,
		    add_value(q, NULL, (double)us)));
		return NULL;
	}
	if (parse_number(text, &number) == -1)
		return "not a number";
	/* Text that begins with no digit is not 0. */
	add_condition(q, xasprintf("(typeof(%s) IN ('integer', 'real') OR "
	    "%s GLOB '[0-9]*' OR %s GLOB '-[0-9]*') AND "
	    "CAST(%s AS REAL) %s ?%zu", sql, sql, sql, sql, operator,
	    add_value(q, NULL, number)));
	return NULL;
}

static const char *
add_operator(struct query *q, const char *key, const char *operator,
    const char *value)
{
	char *sql = query_attribute(q, key);
	const char *wrong = NULL;
	int number;

	if (sql == NULL)
		return "not the name of an attribute";
	if (strcmp(key, "signal") == 0 && strchr("=!", *operator) != NULL &&
	    operator[strlen(operator) - 1] == '=' &&
	    (number = signals_number(value)) != -1) {
		size_t n = add_value(q, NULL, number);

		add_condition(q, *operator == '=' ?
		    xasprintf("record.signal_number = ?%zu", n) :
		    xasprintf("record.signal_number IS NOT ?%zu", n));
	} else if (strcmp(operator, "=") == 0 || strcmp(operator, "!=") == 0)
		add_glob(q, sql, value, *operator == '!');
	else if (strchr("~!", *operator) != NULL)
		wrong = add_regex(q, sql, value, *operator == '!');
	else
		wrong = add_comparison(q, key, sql, operator, value);
	free(sql);
	return wrong;
}

const char *
query_filter(struct query *q, const char *text)
{
	static const char *const operators[] = {
		"!=", "!~", "<=", ">=", "=", "~", "<", ">"
	};
	size_t len = strcspn(text, "=!~<>");
	const char *wrong = "no operator";
	/* Kept: the query refers to it. */
	char *key;

	if (len == 0)
		return "no key";
	key = xstrndup(text, len);
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		size_t n = strlen(operators[i]);

		if (strncmp(text + len, operators[i], n) != 0)
			continue;
		wrong = add_operator(q, key, operators[i], text + len + n);
		break;
	}
	return wrong;
}

const char *
query_exe(struct query *q, const char *glob)
{
	size_t n;

	if (strchr(glob, '/') != NULL) {
		add_glob(q, "record.exe", glob, 0);
		return NULL;
	}
	n = add_value(q, glob, 0);
	add_condition(q, xasprintf("record.exe GLOB '*/' || ?%zu OR "
	    "record.exe GLOB ?%zu OR (record.exe IS NULL AND "
	    "record.comm GLOB ?%zu)", n, n, n));
	return NULL;
}

const char *
query_signal(struct query *q, const char *text)
{
	int number = signals_number(text);

	if (number == -1)
		return "no such signal";
	add_condition(q, xasprintf("record.signal_number = ?%zu",
	    add_value(q, NULL, number)));
	return NULL;
}

const char *
query_uid(struct query *q, const char *text)
{
	const struct passwd *pw;
	uint64_t uid;

	if (num_parse(text, UINT32_MAX, &uid) == -1) {
		pw = getpwnam(text);
		if (pw == NULL)
			return "no such user";
		uid = pw->pw_uid;
	}
	add_condition(q, xasprintf("record.uid = ?%zu",
	    add_value(q, NULL, (double)uid)));
	return NULL;
}

const char *
query_since(struct query *q, const char *text)
{
	if (when_parse(text, &q->since) == -1)
		return "not a time";
	add_condition(q, xasprintf("record.us >= ?%zu",
	    add_value(q, NULL, (double)q->since)));
	return NULL;
}

const char *
query_until(struct query *q, const char *text)
{
	if (when_parse(text, &q->until) == -1)
		return "not a time";
	add_condition(q, xasprintf("record.us < ?%zu",
	    add_value(q, NULL, (double)q->until)));
	return NULL;
}

void
query_id(struct query *q, const char *text)
{
	size_t n = add_value(q, text, 0);

	add_condition(q, xasprintf("substr(record.id, 1, length(?%zu)) = ?%zu",
	    n, n));
}

void
query_program(struct query *q, const char *text)
{
	size_t n = add_value(q, text, 0);

	add_condition(q, xasprintf("record.comm = ?%zu OR record.exe = ?%zu OR "
	    "substr(record.exe, -length(?%zu) - 1) = '/' || ?%zu",
	    n, n, n, n));
}

static void
match(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	const regex_t *regex = sqlite3_user_data(context);
	const char *text = (const char *)sqlite3_value_text(argv[0]);

	(void)argc;
	sqlite3_result_int(context,
	    text != NULL && regexec(regex, text, 0, NULL, 0) == 0);
}

sqlite3_stmt *
query_prepare(struct query *q, sqlite3 *db, const char *before,
    const char *after)
{
	char *sql = xasprintf("%s WHERE %s %s", before, q->where, after);
	sqlite3_stmt *stmt = NULL;
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < q->regexes_n; i++) {
		char name[32];

		snprintf(name, sizeof name, "match%zu", i);
		rc = sqlite3_create_function(db, name, 1, SQLITE_UTF8 |
		    SQLITE_DETERMINISTIC, q->regexes[i], match, NULL, NULL);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	free(sql);
	/* A statement may use fewer than there are. */
	for (int i = 0; rc == SQLITE_OK &&
	    i < sqlite3_bind_parameter_count(stmt); i++) {
		const struct query_value *v = &q->values[i];

		rc = v->text == NULL ?
		    sqlite3_bind_double(stmt, i + 1, v->number) :
		    sqlite3_bind_text(stmt, i + 1, v->text, -1, SQLITE_STATIC);
	}
	if (rc == SQLITE_OK)
		return stmt;
	sqlite3_finalize(stmt);
	return NULL;
}
