/* SPDX-License-Identifier: ISC */
#include "record.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "path.h"
#include "text.h"

#define SNAPSHOT_TEMP "snapshot.json.new"
#define ATTACH_TEMP ".snap-put"

int
record_set_attributes(json_t *root, json_t *attributes)
{
	json_t *have = json_object_get(root, "attributes");

	if (!json_is_object(have)) {
		have = json_object();
		if (json_object_set_new(root, "attributes", have) == -1) {
			warnx("set attributes: out of memory");
			return -1;
		}
	}
	if (json_object_update(have, attributes) == -1) {
		warnx("set attributes: out of memory");
		return -1;
	}
	return 0;
}

static int
dump_to(const char *buffer, size_t size, void *data)
{
	return fwrite(buffer, 1, size, data) == size ? 0 : -1;
}

static int
write_all(int fd, const char *text, size_t len, const json_t *root)
{
	FILE *out;
	int bad;

	if (text != NULL)
		return io_write(fd, text, len);
	out = fdopen(dup(fd), "w");
	if (out == NULL)
		return -1;
	bad = json_dump_callback(root, dump_to, out, JSON_COMPACT) == -1 ||
	    putc('\n', out) == EOF;
	return fclose(out) != 0 || bad ? -1 : 0;
}

int
record_write_snapshot(int dirfd, const char *text, size_t len,
    const json_t *root, mode_t mode)
{
	int fd;

	/* Left by one that was killed. */
	if (unlinkat(dirfd, SNAPSHOT_TEMP, 0) == -1 && errno != ENOENT) {
		warn("remove '%s'", SNAPSHOT_TEMP);
		return -1;
	}
	fd = openat(dirfd, SNAPSHOT_TEMP,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd == -1) {
		warn("create '%s'", SNAPSHOT_TEMP);
		return -1;
	}
	if (write_all(fd, text, len, root) == -1 || fsync(fd) == -1 ||
	    renameat(dirfd, SNAPSHOT_TEMP, dirfd, "snapshot.json") == -1) {
		warn("write 'snapshot.json'");
		unlinkat(dirfd, SNAPSHOT_TEMP, 0);
		close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

/* All of FROM, when that is at most LIMIT bytes. */
static int
copy_bounded(int from, int to, uint64_t limit)
{
	static char buffer[65536];
	uint64_t left = limit;
	ssize_t n;

	while ((n = io_read(from, buffer, sizeof buffer)) > 0) {
		if ((uint64_t)n > left) {
			errno = EFBIG;
			return -1;
		}
		left -= (uint64_t)n;
		if (io_write(to, buffer, (size_t)n) == -1)
			return -1;
	}
	return n == -1 ? -1 : fsync(to);
}

static int
open_regular(const char *path)
{
	struct stat st;
	int fd = open(path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd == -1) {
		warn("attach '%s'", text_show(path));
		return -1;
	}
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		warnx("attach '%s': not a regular file", text_show(path));
		close(fd);
		return -1;
	}
	return fd;
}

static int
open_attach(int dirfd, mode_t mode)
{
	int fd;

	/* Execute where there is read; the group may add to it later. */
	if (mkdirat(dirfd, "attach", (mode & 040) != 0 ? 0770 : 0700) == -1 &&
	    errno != EEXIST) {
		warn("create directory 'attach'");
		return -1;
	}
	fd = openat(dirfd, "attach",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		warn("open directory 'attach'");
	return fd;
}

/* A name is taken by link(2), which never replaces: whole, or not there. */
static int
copy_into(int attach, int from, const char *name, uint64_t limit, mode_t mode)
{
	int to, rc = -1;

	unlinkat(attach, ATTACH_TEMP, 0);
	to = openat(attach, ATTACH_TEMP,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (to == -1 || copy_bounded(from, to, limit) == -1 ||
	    linkat(attach, ATTACH_TEMP, attach, name, 0) == -1)
		warn("attach '%s'", text_show(name));
	else
		rc = 0;
	if (to != -1) {
		unlinkat(attach, ATTACH_TEMP, 0);
		close(to);
	}
	if (rc == 0 && fsync(attach) == -1) {
		warn("sync directory 'attach'");
		rc = -1;
	}
	return rc;
}

int
record_attach(int dirfd, const char *path, uint64_t limit, mode_t mode)
{
	const char *name = path_base(path);
	int from, attach, rc = -1;

	if (*name == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || strcmp(name, ATTACH_TEMP) == 0) {
		warnx("attach '%s': not a file name", text_show(path));
		return -1;
	}
	from = open_regular(path);
	if (from == -1)
		return -1;
	attach = open_attach(dirfd, mode);
	if (attach != -1) {
		rc = copy_into(attach, from, name, limit, mode);
		close(attach);
	}
	close(from);
	return rc;
}

int
record_sync(int dirfd)
{
	static const char *const names[] = { "snapshot.json", "report.txt" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		int fd = openat(dirfd, names[i],
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

		if (fd == -1)
			continue;
		/* EINVAL: a FIFO or the like, which nobody can sync. */
		if (fsync(fd) == -1 && errno != EINVAL) {
			warn("sync '%s'", names[i]);
			close(fd);
			return -1;
		}
		close(fd);
	}
	if (fsync(dirfd) == -1) {
		warn("sync record");
		return -1;
	}
	return 0;
}
