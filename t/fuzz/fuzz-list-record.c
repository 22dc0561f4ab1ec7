/* SPDX-License-Identifier: ISC */
/*
 * snapshot.json and meta.json of a record, the two parts of the input, on their
 * way through the index into a list, for people and for machines.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "index.h"
#include "show.h"
#include "xalloc.h"

#define ID "0193f7a1-1111-7abc-8def-0123456789ab"

static void
list(sqlite3 *db, enum format format)
{
	struct show show = { .format = format, .limit = 10, .id_width = 8,
	    .width = 80 };
	const char *select[] = { "cmdline", "cwd", "unit" };
	struct query q;
	char *text = NULL;
	size_t len;
	json_t *root;

	show.select = select;
	show.select_n = format == FORMAT_TEXT ? 0 : 3;
	show.out = open_memstream(&text, &len);
	query_init(&q);
	if (show.out == NULL || show_list(&show, &q, db) != 1)
		abort();
	query_init(&q);
	show.group = "comm";
	if (format == FORMAT_TEXT && show_groups(&show, &q, db) != 1)
		abort();
	fclose(show.out);
	for (size_t i = 0; format == FORMAT_TEXT && i < len; i++)
		if ((unsigned char)text[i] < ' ' && text[i] != '\n')
			abort();
	if (format == FORMAT_JSON) {
		root = json_loadb(text, len, 0, NULL);
		if (json_array_size(root) != 1)
			abort();
		json_decref(root);
	}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int record = -1;
	struct sources sources;
	const uint8_t *rest;
	size_t len = fuzz_split(&data, &size, &rest);
	sqlite3 *db;
	int dir;

	if (record == -1) {
		dir = open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (mkdirat(dir, "archive", 0700) == -1 ||
		    mkdirat(dir, "archive/" ID, 0700) == -1)
			abort();
		record = openat(dir, "archive/" ID, O_RDONLY | O_DIRECTORY);
		close(dir);
	}
	fuzz_file_in(record, "snapshot.json", data, len);
	fuzz_file_in(record, "meta.json", rest, size);
	sources_open(&sources, fuzz_dir());
	sources_scan(&sources);
	sources_stamp(&sources);
	db = index_open(&sources, INDEX_MEMORY);
	list(db, FORMAT_TEXT);
	list(db, FORMAT_JSON);
	list(db, FORMAT_CSV);
	sqlite3_close(db);
	close(sources.v[0].fd);
	for (int i = 0; i < STORE_STATES; i++)
		if (sources.v[0].state_fd[i] != -1)
			close(sources.v[0].state_fd[i]);
	fuzz_forget();
	return 0;
}
