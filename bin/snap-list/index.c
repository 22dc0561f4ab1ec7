/* SPDX-License-Identifier: ISC */
#include "index.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exits.h"
#include "fill.h"
#include "text.h"
#include "xalloc.h"

#define INDEX_NAME	"index.db"
#define INDEX_VERSION	1
#define APPLICATION_ID	0x636f7265	/* "core" */
#define BUSY_MS		30000

const struct index_column index_columns[] = {
	{ "id",		"TEXT PRIMARY KEY", NULL, NULL },
	{ "time",	"TEXT",		NULL, NULL },
	{ "us",		"INTEGER",	NULL, NULL },
	{ "state",	"TEXT",		NULL, NULL },
	{ "signal",	"TEXT",		NULL, NULL },
	{ "size",	"INTEGER",	NULL, NULL },
	{ "core",	"TEXT",		NULL, NULL },
	{ "problem",	"TEXT",		NULL, NULL },
	{ "stamp",	"INTEGER",	NULL, NULL },
	{ "exe",	"TEXT",		"exe",		"process.exe" },
	{ "comm",	"TEXT",		"comm",		"process.comm" },
	{ "pid",	"INTEGER",	"pid",		"process.pid" },
	{ "uid",	"INTEGER",	"uid",		"process.uid" },
	{ "gid",	"INTEGER",	"gid",		"process.gid" },
	{ "signal_number", "INTEGER",	"signal",	"signal.number" },
	{ "cause",	"TEXT",		NULL,		"cause" },
	{ "signature",	"TEXT",		NULL, "fingerprint.signature" },
	{ "fingerprint", "TEXT",	NULL, "fingerprint.loose" },
	{ "host",	"TEXT",		"host",		"host" },
	{ "unit",	"TEXT",		"unit",		"process.unit" },
	{ "container",	"TEXT",		"container",	"process.container" },
	{ NULL,		NULL,		NULL, NULL }
};

__attribute__((noreturn)) static void
fail(sqlite3 *db, const char *what)
{
	errx(EXIT_REFUSED, "%s: %s", what, sqlite3_errmsg(db));
}

/* What is in the file that is open, or why it is of no use. */
enum verdict { USABLE, EMPTY, OLDER, NEWER, GARBAGE, REFUSED };

static enum verdict
verdict_of(int rc)
{
	switch (rc) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return USABLE;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_FORMAT:
	case SQLITE_ERROR:	/* our SQL is right: the tables are not */
	case SQLITE_MISMATCH:
	case SQLITE_CONSTRAINT:
		return GARBAGE;
	default:
		return REFUSED;
	}
}

/* Have the tables just our columns? PRAGMA table_info as one text. */
static int
has_columns(sqlite3 *db)
{
	char *want = xstrdup("id,key,value"), *more;
	sqlite3_stmt *stmt;
	int same = 0;

	for (size_t i = 0; index_columns[i].name != NULL; i++) {
		more = xasprintf("%s,%s", want, index_columns[i].name);
		free(want);
		want = more;
	}
	if (sqlite3_prepare_v2(db, "SELECT group_concat(name) FROM (SELECT "
	    "name FROM pragma_table_info('attribute') UNION ALL SELECT name "
	    "FROM pragma_table_info('record'))", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW &&
	    sqlite3_column_type(stmt, 0) == SQLITE_TEXT)
		same = strcmp((const char *)sqlite3_column_text(stmt, 0),
		    want) == 0;
	sqlite3_finalize(stmt);
	free(want);
	return same;
}

/* The one number that SQL gives. */
static int
query_int(sqlite3 *db, const char *sql, sqlite3_int64 *value)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW) {
			*value = sqlite3_column_int64(stmt, 0);
			rc = SQLITE_OK;
		}
	}
	sqlite3_finalize(stmt);
	return rc;
}

static enum verdict
examine(sqlite3 *db)
{
	sqlite3_int64 version = 0, application = 0, tables = 0;
	int rc;

	if ((rc = query_int(db, "PRAGMA user_version", &version)) ||
	    (rc = query_int(db, "PRAGMA application_id", &application)) ||
	    (rc = query_int(db, "SELECT count(*) FROM sqlite_master", &tables)))
		return verdict_of(rc);
	if (version > INDEX_VERSION)
		return NEWER;
	if (tables == 0)
		return EMPTY;
	if (application != APPLICATION_ID)
		return GARBAGE;
	if (version < INDEX_VERSION)
		return OLDER;
	return has_columns(db) ? USABLE : GARBAGE;
}

static int
create_tables(sqlite3 *db)
{
	char *columns = xstrdup(""), *sql;
	int rc;

	for (size_t i = 0; index_columns[i].name != NULL; i++) {
		char *more = xasprintf("%s%s%s %s", columns,
		    i == 0 ? "" : ", ", index_columns[i].name,
		    index_columns[i].type);

		free(columns);
		columns = more;
	}
	/* IF NOT EXISTS: two that find it empty may both come here. */
	sql = xasprintf("BEGIN IMMEDIATE;"
	    "CREATE TABLE IF NOT EXISTS record (%s) WITHOUT ROWID;"
	    "CREATE TABLE IF NOT EXISTS attribute (id TEXT, key TEXT, value,"
	    " PRIMARY KEY (id, key)) WITHOUT ROWID;"
	    "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
	    columns, APPLICATION_ID, INDEX_VERSION);
	free(columns);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	free(sql);
	return rc;
}

static void
configure(sqlite3 *db)
{
	sqlite3_busy_timeout(db, BUSY_MS);
	/* A reader must not wait for a cache that spilled. */
	sqlite3_exec(db, "PRAGMA trusted_schema = OFF;"
	    "PRAGMA cache_size = -65536; PRAGMA synchronous = NORMAL;"
	    "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
}

static sqlite3 *
open_memory(void)
{
	sqlite3 *db;

	if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		errx(EXIT_REFUSED, "open index in memory: %s",
		    db == NULL ? "no memory" : sqlite3_errmsg(db));
	configure(db);
	if (create_tables(db) != SQLITE_OK)
		fail(db, "make index in memory");
	return db;
}

/*
 * Returns an open database with tables, or NULL with why in *VERDICT and, for
 * REFUSED, in REASON.
 */
static sqlite3 *
open_file(const char *path, enum verdict *verdict, char reason[128])
{
	sqlite3 *db;
	int rc;

	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL);
	if (rc == SQLITE_OK) {
		configure(db);
		*verdict = examine(db);
		if (*verdict == EMPTY)
			*verdict = verdict_of(create_tables(db));
	} else
		*verdict = REFUSED;
	if (*verdict == USABLE)
		return db;
	snprintf(reason, 128, "%s", db == NULL ? "no memory" :
	    sqlite3_errmsg(db));
	sqlite3_close(db);
	return NULL;
}

static void
remove_file(int storefd)
{
	if (unlinkat(storefd, INDEX_NAME, 0) == -1 && errno != ENOENT)
		warn("remove index");
	unlinkat(storefd, INDEX_NAME "-journal", 0);
	unlinkat(storefd, INDEX_NAME "-wal", 0);
	unlinkat(storefd, INDEX_NAME "-shm", 0);
}

/*
 * Two that find the index broken must not remove each other's new one. Whoever
 * holds this lock holds it for an instant; if not, go on without.
 */
static int
lock_store(const struct source *src)
{
	const struct timespec pause = { 0, 10000000 };
	int fd = openat(src->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; fd != -1 && i < 500; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			break;
		nanosleep(&pause, NULL);
	}
	return fd;
}

/* The index of SRC in its file, whatever that takes; NULL: use memory. */
static sqlite3 *
open_kept(const struct source *src, int rebuild)
{
	char *real = realpath(src->path, NULL), reason[128] = "", *path;
	enum verdict verdict;
	sqlite3 *db;
	int lock;

	if (real == NULL)
		return NULL;
	path = xasprintf("%s/" INDEX_NAME, real);
	free(real);
	lock = lock_store(src);
	umask(0077);
	db = open_file(path, &verdict, reason);
	/* In a transaction, so that those who are reading it may finish. */
	if (db != NULL && rebuild && sqlite3_exec(db, "BEGIN IMMEDIATE;"
	    "DELETE FROM record; DELETE FROM attribute; COMMIT",
	    NULL, NULL, NULL) != SQLITE_OK) {
		verdict = OLDER;
		sqlite3_close(db);
		db = NULL;
	}
	if (db == NULL && (verdict == GARBAGE || verdict == OLDER ||
	    (verdict == NEWER && rebuild))) {
		if (verdict == GARBAGE)
			warnx("index of store '%s' is garbage: making it anew",
			    text_show(src->path));
		remove_file(src->fd);
		db = open_file(path, &verdict, reason);
	}
	if (db == NULL && verdict == NEWER)
		warnx("index of store '%s' is of a newer version: left alone, "
		    "using one in memory", text_show(src->path));
	else if (db == NULL)
		warnx("open index of store '%s': %s: using one in memory",
		    text_show(src->path), reason);
	if (lock != -1)
		close(lock);
	free(path);
	return db;
}

int
index_can_keep(const struct sources *s)
{
	return s->n == 1 && s->v[0].ours;
}

int
index_is_kept(sqlite3 *db)
{
	const char *name = sqlite3_db_filename(db, "main");

	return name != NULL && *name != '\0';
}

sqlite3 *
index_open(const struct sources *s, enum index_use use)
{
	const struct source *src = &s->v[0];
	sqlite3 *db = NULL;
	int rc;

	if (index_can_keep(s) && use != INDEX_MEMORY) {
		db = open_kept(src, use == INDEX_REBUILD);
		for (int i = 0; db != NULL && i < 2; i++) {
			rc = fill_index(db, s);
			if (rc == SQLITE_OK)
				return db;
			warnx("update index of store '%s': %s: %s",
			    text_show(src->path), sqlite3_errstr(rc),
			    i == 0 && verdict_of(rc) == GARBAGE ?
			    "making it anew" : "using one in memory");
			sqlite3_close(db);
			db = NULL;
			if (i == 0 && verdict_of(rc) == GARBAGE)
				db = open_kept(src, 1);
		}
	}
	db = open_memory();
	if (fill_index(db, s) != SQLITE_OK)
		fail(db, "make index in memory");
	return db;
}
