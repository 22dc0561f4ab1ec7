/* SPDX-License-Identifier: ISC */
/*
 * A snapshot from elsewhere: parsed, given an id and attributes, and written.
 * What is written must be read again. The source file is included: where it
 * would end, this goes on with the next input.
 */
#include <err.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf ended;
#define errx(code, ...)	(snprintf(NULL, 0, __VA_ARGS__), longjmp(ended, 1))
#define err(code, ...)	errx(code, __VA_ARGS__)
#define exit(status)	longjmp(ended, 1)
#define main		snap_put_main
#include "bin/snap-put/snap-put.c"
#undef main
#undef exit

#include "fuzz.h"

static struct snapshot snap;

static void
put(int dir)
{
	json_t *attributes = json_pack("{s:s}", "fuzz", "1"), *root;
	char reason[JSONR_REASON], *text;
	size_t len;

	snapshot_parse(&snap, "-", 0);
	snapshot_choose_id(&snap, "-", dir);
	if (!uuid7_valid(snap.id))
		abort();
	snapshot_change(&snap, "-");
	if (record_set_attributes(snap.root, attributes) == -1 ||
	    record_write_snapshot(dir, snap.text, snap.len, snap.root,
	    0600) == -1)
		abort();
	json_decref(attributes);
	text = io_slurp(dir, "snapshot.json", 1 << 20, &len);
	root = text == NULL ? NULL : jsonr_parse(text, len, reason);
	if (root == NULL || jsonr_version(root, reason) != snap.version)
		abort();
	json_decref(root);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int dir = -1;

	if (dir == -1)
		dir = open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snap = (struct snapshot){ .len = size };
	snap.text = xmalloc(size + 1);
	memcpy(snap.text, data, size);
	if (setjmp(ended) == 0)
		put(dir);
	json_decref(snap.root);
	fuzz_forget();
	return 0;
}
