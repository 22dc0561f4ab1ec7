/* SPDX-License-Identifier: ISC */
#include "record.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "xalloc.h"

enum { TREE_DEPTH = 4, TREE_FILES = 10000 };

int
record_is_passing(int error)
{
	return error == EAGAIN || error == EINTR || error == EIO ||
	    error == EMFILE || error == ENFILE || error == ENOMEM;
}

/* What could not be looked at is as if it were not there, this time. */
static void
note_passing(struct record *r)
{
	if (record_is_passing(errno))
		r->is_passing = 1;
}

static int64_t
disk_usage(struct record *r, int dirfd, int depth, int *files_left)
{
	const struct dirent *d;
	int64_t total = 0;
	struct stat st;
	DIR *dir;
	int fd;

	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd == -1 ? NULL : fdopendir(fd);
	if (dir == NULL) {
		note_passing(r);
		if (fd != -1)
			close(fd);
		return 0;
	}
	while ((d = readdir(dir)) != NULL && --*files_left > 0) {
		if (strcmp(d->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
			note_passing(r);
			continue;
		}
		/* A directory counts where it is its own ".". */
		if (!S_ISDIR(st.st_mode) || strcmp(d->d_name, ".") == 0) {
			total += (int64_t)st.st_blocks * 512;
			continue;
		}
		if (depth == 0)
			continue;
		fd = openat(dirfd, d->d_name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd == -1) {
			note_passing(r);
			continue;
		}
		total += disk_usage(r, fd, depth - 1, files_left);
		close(fd);
	}
	closedir(dir);
	return total;
}

static json_t *
read_json(struct record *r, int dirfd, const char *name, const char *what,
    size_t max)
{
	char reason[JSONR_REASON], *text;
	json_t *root = NULL;
	const char *why;
	size_t len;

	text = io_slurp(dirfd, name, max, &len);
	if (text == NULL && errno == ENOENT)
		return NULL;
	if (text != NULL) {
		len = jsonr_skim(text, len);
		root = jsonr_parse(text, len, reason);
	}
	why = text == NULL ? strerror(errno) : reason;
	if (root == NULL)
		note_passing(r);
	free(text);
	if (root == NULL && r->problem == NULL)
		r->problem = xasprintf("unreadable %s: %s", what, why);
	return root;
}

static const char *
core_of(struct record *r, int dirfd)
{
	const json_t *complete = record_at(r->meta, "core.complete");
	const char *kind = json_string_value(record_at(r->meta, "core.kind"));
	struct stat st;

	if (fstatat(dirfd, "core.zst", &st, AT_SYMLINK_NOFOLLOW) == -1) {
		note_passing(r);
		return "none";
	}
	/* One that is empty was begun when the machine went down. */
	if (st.st_size == 0)
		return "none";
	if (kind != NULL && strcmp(kind, "stacks") == 0)
		return "stacks";
	return json_is_false(complete) ? "truncated" : "present";
}

void
record_read(struct record *r, int dirfd)
{
	char reason[JSONR_REASON];
	int files_left = TREE_FILES;

	memset(r, 0, sizeof *r);
	r->snapshot = read_json(r, dirfd, "snapshot.json", "snapshot",
	    JSONR_SNAPSHOT_MAX);
	if (r->snapshot != NULL && jsonr_version(r->snapshot, reason) == 0) {
		r->problem = xasprintf("unreadable snapshot: %s", reason);
		json_decref(r->snapshot);
		r->snapshot = NULL;
	}
	r->meta = read_json(r, dirfd, "meta.json", "meta.json",
	    JSONR_META_MAX);
	r->core = core_of(r, dirfd);
	r->size = disk_usage(r, dirfd, TREE_DEPTH, &files_left);
}

void
record_release(struct record *r)
{
	json_decref(r->snapshot);
	json_decref(r->meta);
	free(r->problem);
}

const json_t *
record_at(const json_t *root, const char *path)
{
	const char *dot = strchr(path, '.');
	char name[64];

	if (dot != NULL && (size_t)(dot - path) < sizeof name) {
		memcpy(name, path, (size_t)(dot - path));
		name[dot - path] = '\0';
		root = json_object_get(root, name);
		path = dot + 1;
	}
	root = json_object_get(root, path);
	return json_is_null(root) ? NULL : root;
}
