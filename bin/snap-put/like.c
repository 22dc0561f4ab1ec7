/* SPDX-License-Identifier: ISC */
#include "like.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "io.h"
#include "store.h"
#include "xalloc.h"

struct like {
	const char *id;
	json_t *meta, *snapshot;
};

static json_t *
read_object(int dirfd, const char *name, size_t max)
{
	char reason[JSONR_REASON], *text;
	json_t *root;
	size_t len;

	text = io_slurp(dirfd, name, max, &len);
	if (text == NULL) {
		warn("read '%s'", name);
		return NULL;
	}
	root = jsonr_parse(text, jsonr_skim(text, len), reason);
	free(text);
	if (root == NULL)
		warnx("read '%s': %s", name, reason);
	return root;
}

/* A copy of member KEY of FROM; null when it has none. */
static json_t *
copy(const json_t *from, const char *key)
{
	json_t *value = json_deep_copy(json_object_get(from, key));

	return value != NULL ? value : json_null();
}

/* Takes VALUE over. */
static void
set(json_t *object, const char *key, json_t *value)
{
	if (value == NULL || json_object_set_new(object, key, value) == -1)
		errx(EXIT_REFUSED, "make snapshot: out of memory");
}

/* The arguments, a blank between them. */
static json_t *
command_line(const json_t *meta)
{
	const json_t *args = json_object_get(meta, "cmdline"), *arg;
	char *line = NULL;
	json_t *value;
	size_t i;

	json_array_foreach(args, i, arg) {
		const char *text = json_string_value(arg);
		char *more = xasprintf("%s%s%s", line == NULL ? "" : line,
		    line == NULL ? "" : " ", text == NULL ? "" : text);

		free(line);
		line = more;
	}
	value = line == NULL ? json_null() : json_string(line);
	free(line);
	return value;
}

static json_t *
process_of(const json_t *meta)
{
	static const char *const keys[] = { "pid", "tid", "exe", "comm", "uid",
	    "gid", "container", "unit" };
	json_t *process = json_object();

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		set(process, keys[i], copy(meta, keys[i]));
	set(process, "cmdline", command_line(meta));
	return process;
}

static json_t *
signal_of(const json_t *meta, const json_t *other)
{
	const json_t *number = json_object_get(meta, "signal");
	const json_t *theirs = json_object_get(other, "signal");
	json_t *signal;

	if (!json_is_integer(number) ||
	    !json_equal(number, json_object_get(theirs, "number")))
		return json_null();
	signal = json_object();
	set(signal, "number", json_deep_copy(number));
	set(signal, "name", copy(theirs, "name"));
	set(signal, "code", json_null());
	set(signal, "code_name", json_null());
	set(signal, "address", json_null());
	set(signal, "sender_pid", json_null());
	return signal;
}

static json_t *
make(const json_t *meta, const json_t *other, const char *key, const char *id)
{
	json_t *root = json_object(), *tool = json_object();
	json_t *missing = json_array();
	char *why = xasprintf("not unwound: crash %s is known from %s; "
	    "snap-retry unwinds it", key, id);

	if (json_array_append_new(missing, json_string(why)) == -1)
		errx(EXIT_REFUSED, "make snapshot: out of memory");
	free(why);
	set(tool, "name", json_string("snap-put"));
	set(tool, "version", json_string(VERSION));
	set(tool, "elapsed_ms", json_integer(0));
	set(root, "version", json_integer(JSONR_SNAPSHOT_VERSION));
	set(root, "id", copy(meta, "id"));
	set(root, "time", copy(meta, "time"));
	set(root, "host", copy(meta, "host"));
	set(root, "arch", copy(other, "arch"));
	set(root, "process", process_of(meta));
	set(root, "signal", signal_of(meta, other));
	set(root, "cause", json_null());
	set(root, "message", json_null());
	set(root, "fingerprint", copy(other, "fingerprint"));
	set(root, "threads", json_array());
	set(root, "modules", json_array());
	set(root, "attributes", json_object());
	set(root, "missing", missing);
	set(root, "tool", tool);
	return root;
}

struct like *
like_open(int storefd, const char *id)
{
	struct like *l = xcalloc(1, sizeof *l);
	char reason[JSONR_REASON];
	enum store_state state;
	int fd = store_open_record(storefd, id, 0, &state);

	l->id = id;
	if (fd == -1) {
		warn("open record '%s'", id);
		like_close(l);
		return NULL;
	}
	l->meta = read_object(fd, "meta.json", JSONR_META_MAX);
	l->snapshot = read_object(fd, "snapshot.json", JSONR_SNAPSHOT_MAX);
	close(fd);
	if (l->meta != NULL && l->snapshot != NULL) {
		if (jsonr_version(l->snapshot, reason) ==
		    JSONR_SNAPSHOT_VERSION && json_is_object(json_object_get(
		    l->snapshot, "fingerprint")) && json_is_string(
		    json_object_get(l->snapshot, "arch")))
			return l;
		warnx("record '%s' has no fingerprint", id);
	}
	like_close(l);
	return NULL;
}

void
like_close(struct like *l)
{
	if (l == NULL)
		return;
	json_decref(l->meta);
	json_decref(l->snapshot);
	free(l);
}

json_t *
like_snapshot(const struct like *l, int dirfd)
{
	json_t *meta = read_object(dirfd, "meta.json", JSONR_META_MAX);
	json_t *key = json_object_get(meta, "crash_key"), *root = NULL;

	if (meta == NULL)
		return NULL;
	if (json_is_string(key) &&
	    json_equal(json_object_get(l->meta, "crash_key"), key))
		root = make(meta, l->snapshot, json_string_value(key), l->id);
	else
		warnx("record '%s' is of another crash", l->id);
	json_decref(meta);
	return root;
}
