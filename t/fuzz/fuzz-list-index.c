/* SPDX-License-Identifier: ISC */
/*
 * index.db, whatever it is: garbage, half of one, of a version to come, or one
 * that somebody has put words into. One record is in the store, so one is in
 * the list.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_store.h"
#include "index.h"

static int
count(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int n = -1;

	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM record WHERE id = '"
	    FUZZ_ID "' AND comm = 'mini'", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static int
make_store(void)
{
	static const uint8_t meta[] = "{\"version\":1,\"comm\":\"mini\"}";

	fuzz_file_in(fuzz_record(), "meta.json", meta, sizeof meta - 1);
	return open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
	fuzz_sources(&sources);
	db = index_open(&sources, INDEX_KEPT);
	/* Rows that are whole but lie are another matter: see --rebuild. */
	count(db);
	sqlite3_close(db);
	db = index_open(&sources, INDEX_REBUILD);
	if (count(db) != 1)
		abort();
	sqlite3_close(db);
	fuzz_sources_end(&sources);
	fuzz_forget();
	return 0;
}
