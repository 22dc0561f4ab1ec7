/* SPDX-License-Identifier: ISC */
#include "known.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "layout.h"
#include "num.h"

#define FILE_MAX	4096u
#define USAGE_MAX	(1u << 20)
#define AT_ONCE		4096u		/* is written over what was there */
#define LOCK_TRIES	200
#define TEMPORARY	".new"

int
known_open(int storefd)
{
	struct stat st;
	int fd = openat(storefd, LAYOUT_KNOWN,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1 || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

int
known_lock(int dir)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	int fd = openat(dir, "lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	for (int i = 0; fd != -1 && i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		nanosleep(&nap, NULL);
	}
	if (fd != -1)
		close(fd);
	return -1;
}

/* The value on the line of NAME, up to its end; NULL when there is none. */
static const char *
value_of(const char *text, const char *name, size_t *len)
{
	size_t n = strlen(name);

	for (; *text != '\0'; text += *text == '\n') {
		const char *end = strchrnul(text, '\n');

		if (strncmp(text, name, n) == 0 && text[n] == ' ') {
			*len = (size_t)(end - text) - n - 1;
			return text + n + 1;
		}
		text = end;
	}
	return NULL;
}

/* 0 when it is there and a number. */
static int
number_of(const char *text, const char *name, uint64_t *value)
{
	char digits[24];
	size_t len;
	const char *at = value_of(text, name, &len);

	if (at == NULL || len >= sizeof digits)
		return -1;
	memcpy(digits, at, len);
	digits[len] = '\0';
	return num_parse(digits, INT64_MAX, value);
}

void
known_read(int dir, const char *key, struct known *k)
{
	size_t len;
	char *text = io_slurp(dir, key, FILE_MAX, &len);
	const char *id;

	*k = (struct known){ 0 };
	if (text == NULL)
		return;
	if (number_of(text, "uid", &k->uid) == -1 ||
	    number_of(text, "seen", &k->seen) == -1 ||
	    number_of(text, "full", &k->full) == -1 ||
	    number_of(text, "last", &k->last) == -1 ||
	    number_of(text, "cost", &k->cost) == -1)
		*k = (struct known){ 0 };
	else if ((id = value_of(text, "newest", &len)) != NULL &&
	    len == UUID7_LENGTH) {
		memcpy(k->newest, id, len);
		k->newest[len] = '\0';
		if (!uuid7_valid(k->newest))
			k->newest[0] = '\0';
	}
	free(text);
}

/*
 * In its own place: another file each time would be another inode, and most
 * file systems write what replaces a file to the disk at once. Nobody who has
 * the lock sees half of it.
 */
static int
overwrite(int dir, const char *name, const char *text, size_t len)
{
	int fd = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC), rc = -1;
	struct stat st;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= AT_ONCE && io_write(fd, text, len) == 0)
		rc = (size_t)st.st_size <= len ? 0 :
		    ftruncate(fd, (off_t)len);
	close(fd);
	return rc;
}

/* Or as another file: all of it, or what was before. */
static int
replace(int dir, const char *name, const char *text, size_t len)
{
	int fd, rc, saved;

	if (len <= AT_ONCE && overwrite(dir, name, text, len) == 0)
		return 0;
	unlinkat(dir, TEMPORARY, 0);
	fd = openat(dir, TEMPORARY,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	rc = io_write(fd, text, len);
	saved = errno;
	close(fd);
	if (rc == 0 && renameat(dir, TEMPORARY, dir, name) == 0)
		return 0;
	if (rc == 0)
		saved = errno;
	unlinkat(dir, TEMPORARY, 0);
	errno = saved;
	return -1;
}

int
known_write(int dir, const char *key, const struct known *k)
{
	char text[FILE_MAX];
	int len = snprintf(text, sizeof text, "uid %" PRIu64 "\nseen %" PRIu64
	    "\nfull %" PRIu64 "\nlast %" PRIu64 "\ncost %" PRIu64 "\n%s%s%s",
	    k->uid, k->seen, k->full, k->last, k->cost,
	    *k->newest == '\0' ? "" : "newest ", k->newest,
	    *k->newest == '\0' ? "" : "\n");

	return replace(dir, key, text, (size_t)len);
}

/* One "UID BYTES" at *AT; 0 at the end. What is no such line is passed over. */
static int
usage_next(const char **at, const char **name, size_t *name_len,
    uint64_t *bytes)
{
	while (**at != '\0') {
		const char *line = *at, *end = strchrnul(line, '\n');
		const char *blank = memchr(line, ' ', (size_t)(end - line));
		char *stop;

		*at = *end == '\0' ? end : end + 1;
		if (blank == NULL || blank == line)
			continue;
		*bytes = strtoull(blank + 1, &stop, 10);
		if (stop != end || *bytes > INT64_MAX / 2)
			continue;
		*name = line;
		*name_len = (size_t)(blank - line);
		return 1;
	}
	return 0;
}

static int
is_name(const char *name, size_t len, const char *wanted)
{
	return strlen(wanted) == len && memcmp(name, wanted, len) == 0;
}

void
usage_read(int dir, uint64_t uid, struct usage *u)
{
	size_t len, name_len;
	char *text = io_slurp(dir, "usage", USAGE_MAX, &len), own[24];
	const char *at = text, *name;
	uint64_t bytes;

	*u = (struct usage){ 0 };
	snprintf(own, sizeof own, "%" PRIu64, uid);
	while (at != NULL && usage_next(&at, &name, &name_len, &bytes)) {
		if (is_name(name, name_len, "-")) {
			u->pending = bytes;
			continue;
		}
		u->total += bytes;
		if (is_name(name, name_len, own))
			u->user = bytes;
	}
	free(text);
}

static uint64_t
sum(uint64_t have, int64_t more)
{
	return more < 0 && (uint64_t)-more > have ? 0 :
	    have + (uint64_t)more;
}

int
usage_add(int dir, uint64_t uid, int64_t bytes, int64_t pending)
{
	size_t len, name_len, new_len;
	char *text = io_slurp(dir, "usage", USAGE_MAX, &len), *new = NULL;
	char own[24];
	const char *at = text, *name;
	FILE *out = open_memstream(&new, &new_len);
	uint64_t n, of_user = 0, of_all = 0;
	int rc = -1;

	if (out == NULL)
		goto done;
	snprintf(own, sizeof own, "%" PRIu64, uid);
	while (at != NULL && usage_next(&at, &name, &name_len, &n)) {
		if (is_name(name, name_len, "-"))
			of_all = n;
		else if (is_name(name, name_len, own))
			of_user = n;
		else
			fprintf(out, "%.*s %" PRIu64 "\n", (int)name_len,
			    name, n);
	}
	fprintf(out, "%s %" PRIu64 "\n- %" PRIu64 "\n", own,
	    sum(of_user, bytes), sum(of_all, pending));
	if (fclose(out) == 0)
		rc = replace(dir, "usage", new, new_len);
done:
	free(new);
	free(text);
	return rc;
}

void
usage_refused(int dir)
{
	int fd = openat(dir, "refused",
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd != -1)
		close(fd);
}
