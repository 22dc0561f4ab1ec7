/* SPDX-License-Identifier: ISC */
#include "source.h"

#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "record.h"
#include "text.h"
#include "xalloc.h"

/* Returns 0, or -1 with errno when there is no such store. */
static int
source_open(struct sources *s, const char *path)
{
	struct source *src = &s->v[s->n];
	struct stat st;

	src->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (src->fd == -1)
		return -1;
	if (fstat(src->fd, &st) == -1)
		err(EXIT_REFUSED, "stat store '%s'", text_show(path));
	/* What --path prints must not hang on the caller's directory. */
	src->path = *path == '/' ? xstrdup(path) : realpath(path, NULL);
	if (src->path == NULL)
		err(EXIT_REFUSED, "resolve store '%s'", text_show(path));
	src->ours = st.st_uid == geteuid();
	src->whole = src->ours || geteuid() == 0;
	for (int i = 0; i < STORE_STATES; i++) {
		src->state_fd[i] = openat(src->fd, store_state_name[i],
		    (src->whole ? O_RDONLY : O_PATH) | O_DIRECTORY |
		    O_NOFOLLOW | O_CLOEXEC);
		if (src->state_fd[i] == -1 && record_is_passing(errno))
			err(EXIT_REFUSED, "open '%s/%s'", text_show(path),
			    store_state_name[i]);
	}
	s->n++;
	return 0;
}

static void
source_need(struct sources *s, const char *path)
{
	if (source_open(s, path) == -1)
		err(exits_of_path(errno), "open store '%s'", text_show(path));
}

void
sources_open(struct sources *s, const char *path)
{
	char *personal;

	memset(s, 0, sizeof *s);
	if (path != NULL) {
		source_need(s, path);
		return;
	}
	/* A store named by the environment was named; the built-in one not. */
	path = store_default();
	if (getenv("COREPIPE_STORE") != NULL && geteuid() == 0)
		source_need(s, path);
	else if (source_open(s, path) == -1 && errno != ENOENT)
		warn("open store '%s'", text_show(path));
	if (geteuid() == 0)
		return;
	personal = store_personal();
	if (personal != NULL && source_open(s, personal) == -1 &&
	    errno != ENOENT)
		warn("open store '%s'", text_show(personal));
	free(personal);
}

static void
add_entry(struct sources *s, const char *id, size_t source, int state)
{
	struct entry *e;

	xgrow(&s->entries, &s->entries_cap, s->entries_n, sizeof *e);
	e = &s->entries[s->entries_n++];
	memcpy(e->id, id, sizeof e->id);
	e->source = (unsigned char)source;
	e->state = (unsigned char)state;
}

/* The state in which a guest of a store finds ID, or -1. */
static int
guest_state(const struct source *src, const char *id)
{
	for (int i = 0; i < STORE_STATES; i++)
		if (src->state_fd[i] != -1 &&
		    faccessat(src->state_fd[i], id, R_OK | X_OK,
		    AT_EACCESS) == 0)
			return i;
	return -1;
}

static int
is_directory(int fd, const struct dirent *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN)
		return d->d_type == DT_DIR;
	return fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

static void
scan_directory(struct sources *s, size_t source, int fd, int state,
    const char *name)
{
	const struct source *src = &s->v[source];
	const struct dirent *d;
	DIR *dir;
	int copy;

	/* Its own descriptor: closedir would take the other one away. */
	copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy == -1 || (dir = fdopendir(copy)) == NULL)
		err(EXIT_REFUSED, "open directory '%s/%s'",
		    text_show(src->path), name);
	while (errno = 0, (d = readdir(dir)) != NULL) {
		int where = state;

		if (!uuid7_valid(d->d_name))
			continue;
		if (where == -1)
			where = guest_state(src, d->d_name);
		else if (!is_directory(copy, d))
			continue;
		if (where != -1)
			add_entry(s, d->d_name, source, where);
	}
	if (errno != 0)
		err(EXIT_REFUSED, "read directory '%s/%s'",
		    text_show(src->path), name);
	closedir(dir);
}

static void
scan_guest(struct sources *s, size_t source)
{
	char name[32];
	int fd;

	snprintf(name, sizeof name, "owner/%lu", (unsigned long)geteuid());
	fd = openat(s->v[source].fd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return;
	scan_directory(s, source, fd, -1, name);
	close(fd);
}

/* Seen twice while it moved on: the later state is the true one. */
static int
by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	if (c != 0)
		return c;
	if (x->source != y->source)
		return (x->source > y->source) - (x->source < y->source);
	return (x->state < y->state) - (x->state > y->state);
}

void
sources_scan(struct sources *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct source *src = &s->v[i];

		if (!src->whole) {
			scan_guest(s, i);
			continue;
		}
		for (int j = 0; j < STORE_STATES; j++)
			if (src->state_fd[j] != -1)
				scan_directory(s, i, src->state_fd[j], j,
				    store_state_name[j]);
	}
	if (s->entries_n == 0)
		return;
	qsort(s->entries, s->entries_n, sizeof *s->entries, by_id);
	for (size_t i = 1; i < s->entries_n; i++)
		if (strcmp(s->entries[i].id, s->entries[kept].id) != 0)
			s->entries[++kept] = s->entries[i];
	s->entries_n = kept + 1;
}

/* FNV-1a: to notice change, not to resist anybody. */
static void
mix(uint64_t *hash, uint64_t value)
{
	for (int i = 0; i < 64; i += 8) {
		*hash ^= value >> i & 0xff;
		*hash *= UINT64_C(0x100000001b3);
	}
}

static void
mix_stat(uint64_t *hash, const struct stat *st)
{
	mix(hash, (uint64_t)st->st_mtim.tv_sec);
	mix(hash, (uint64_t)st->st_mtim.tv_nsec);
	mix(hash, (uint64_t)st->st_size);
	mix(hash, (uint64_t)st->st_ino);
}

/* Returns 0, or -1 when no directory of that name is in STATEFD. */
static int
stamp_in(int statefd, struct entry *e)
{
	static const char *const files[] = { "snapshot.json", "meta.json" };
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	char path[UUID7_LENGTH + sizeof "/snapshot.json"];
	struct stat st;

	if (statefd == -1 ||
	    fstatat(statefd, e->id, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISDIR(st.st_mode))
		return -1;
	mix_stat(&hash, &st);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", e->id, files[i]);
		if (fstatat(statefd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
			mix_stat(&hash, &st);
		else
			mix(&hash, i);
	}
	e->stamp = (int64_t)hash;
	return 0;
}

void
sources_stamp(struct sources *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->entries_n; i++) {
		struct entry *e = &s->entries[i];
		const struct source *src = &s->v[e->source];
		int found = stamp_in(src->state_fd[e->state], e);

		/* It may have moved since, on or (snap-retry) back. */
		for (int j = 0; found == -1 && j < STORE_STATES; j++) {
			found = stamp_in(src->state_fd[j], e);
			if (found == 0)
				e->state = (unsigned char)j;
		}
		if (found == 0)
			s->entries[kept++] = *e;
	}
	s->entries_n = kept;
}

int
sources_open_entry(const struct sources *s, struct entry *e)
{
	const struct source *src = &s->v[e->source];
	enum store_state state;
	int fd = -1;

	if (src->state_fd[e->state] != -1)
		fd = openat(src->state_fd[e->state], e->id,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd != -1 || errno != ENOENT)
		return fd;
	fd = store_open_record(src->fd, e->id, 0, &state);
	if (fd != -1)
		e->state = (unsigned char)state;
	return fd;
}

size_t
sources_prefix(const struct sources *s, const char *prefix, size_t *first)
{
	size_t len = strlen(prefix), low = 0, high = s->entries_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(s->entries[middle].id, prefix, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	for (high = low; high < s->entries_n; high++)
		if (strncmp(s->entries[high].id, prefix, len) != 0)
			break;
	return high - low;
}

int
sources_id_width(const struct sources *s, int least)
{
	for (size_t i = 1; i < s->entries_n; i++) {
		const char *a = s->entries[i - 1].id, *b = s->entries[i].id;
		int same = 0;

		while (a[same] != '\0' && a[same] == b[same])
			same++;
		if (same + 1 > least)
			least = same + 1;
	}
	return least;
}
