/* SPDX-License-Identifier: ISC */
/*
 * index.db, whatever it is: garbage, half of one, of a version to come, or one
 * that somebody has put words into. One record is in the store, so one is in
 * the list.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "index.h"

#define ID "0193f7a1-1111-7abc-8def-0123456789ab"

static int
count(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int n = -1;

	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM record WHERE id = '" ID
	    "' AND comm = 'mini'", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static int
make_store(void)
{
	static const uint8_t meta[] = "{\"version\":1,\"comm\":\"mini\"}";
	int dir = open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), record;

	if (mkdirat(dir, "archive", 0700) == -1 ||
	    mkdirat(dir, "archive/" ID, 0700) == -1)
		abort();
	record = openat(dir, "archive/" ID, O_RDONLY | O_DIRECTORY);
	fuzz_file_in(record, "meta.json", meta, sizeof meta - 1);
	close(record);
	return dir;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int dir = -1;
	struct sources sources;
	sqlite3 *db;

	if (dir == -1)
		dir = make_store();
	fuzz_file_in(dir, "index.db", data, size);
	unlinkat(dir, "index.db-journal", 0);
	unlinkat(dir, "index.db-wal", 0);
	sources_open(&sources, fuzz_dir());
	sources_scan(&sources);
	sources_stamp(&sources);
	db = index_open(&sources, INDEX_KEPT);
	/* Rows that are whole but lie are another matter: see --rebuild. */
	count(db);
	sqlite3_close(db);
	db = index_open(&sources, INDEX_REBUILD);
	if (count(db) != 1)
		abort();
	sqlite3_close(db);
	close(sources.v[0].fd);
	for (int i = 0; i < STORE_STATES; i++)
		if (sources.v[0].state_fd[i] != -1)
			close(sources.v[0].state_fd[i]);
	fuzz_forget();
	return 0;
}
