/* SPDX-License-Identifier: ISC */
/*
 * snapshot.json and meta.json of a record, the two parts of the input, on their
 * way through the index into a list, for people and for machines.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_store.h"
#include "index.h"
#include "show.h"
#include "xalloc.h"

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
	struct sources sources;
	const uint8_t *rest;
	size_t len = fuzz_split(&data, &size, &rest);
	sqlite3 *db;

	fuzz_file_in(fuzz_record(), "snapshot.json", data, len);
	fuzz_file_in(fuzz_record(), "meta.json", rest, size);
	fuzz_sources(&sources);
	db = index_open(&sources, INDEX_MEMORY);
	list(db, FORMAT_TEXT);
	list(db, FORMAT_JSON);
	list(db, FORMAT_CSV);
	sqlite3_close(db);
	fuzz_sources_end(&sources);
	fuzz_forget();
	return 0;
}
