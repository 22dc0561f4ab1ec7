/* SPDX-License-Identifier: ISC */
/*
 * LD_PRELOAD: all that changes what is below JOURNAL_UNDER is noted in
 * JOURNAL_FILE, in the order in which it was done, for replay.pl:
 *
 *	create INODE PATH	mkdir INODE PATH	unlink PATH
 *	rename PATH PATH	link PATH PATH		symlink TEXT PATH
 *	write INODE OFFSET LENGTH, and so many bytes after the line
 *	truncate INODE LENGTH	sync INODE		done PROGRAM
 *
 * PATH is from JOURNAL_UNDER on, with %XX for what is not plain. What libc
 * writes for a FILE is seen when that is flushed, closed, or synced.
 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *under, *file, *program;
static pid_t owner;

#define REAL(type, name) \
	static __typeof__(type) real; \
	if (real == NULL) \
		*(void **)&real = dlsym(RTLD_NEXT, name)

static long
raw(long number, long a, long b, long c, long d, long e)
{
	REAL(long (*)(long, ...), "syscall");
	return real(number, a, b, c, d, e);
}

static void
append(const char *line, size_t line_len, const void *bytes, size_t len)
{
	struct iovec v[2] = { { (void *)line, line_len },
	    { (void *)bytes, len } };
	int fd = (int)raw(SYS_openat, AT_FDCWD, (long)file,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600, 0);

	if (fd == -1)
		return;
	raw(SYS_writev, fd, (long)v, len > 0 ? 2 : 1, 0, 0);
	raw(SYS_close, fd, 0, 0, 0, 0);
}

static void __attribute__((__format__(__printf__, 1, 2)))
note(const char *format, ...)
{
	char line[8 * PATH_MAX];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	append(line, (size_t)n, NULL, 0);
}

/* NAME of DIR from JOURNAL_UNDER on, as it is noted; NULL: it is elsewhere. */
static const char *
place(char out[3 * PATH_MAX], int dir, const char *name)
{
	char path[2 * PATH_MAX], link[64], *to = out;
	size_t len = under == NULL ? 0 : strlen(under);
	long n = 0;

	if (under == NULL)
		return NULL;
	if (name == NULL || name[0] != '/') {
		snprintf(link, sizeof link, dir == AT_FDCWD ? "/proc/self/cwd" :
		    "/proc/self/fd/%d", dir);
		n = raw(SYS_readlinkat, AT_FDCWD, (long)link, (long)path,
		    PATH_MAX, 0);
		if (n < 0)
			return NULL;
	}
	snprintf(path + n, sizeof path - (size_t)n, "%s%s",
	    n > 0 && name != NULL ? "/" : "", name == NULL ? "" : name);
	if (strncmp(path, under, len) != 0 ||
	    (path[len] != '\0' && path[len] != '/'))
		return NULL;
	for (const char *p = path + len; *p != '\0' &&
	    to < out + 3 * PATH_MAX - 4; p++)
		if (strchr(" %\n", *p) != NULL)
			to += sprintf(to, "%%%02x", (unsigned char)*p);
		else
			*to++ = *p;
	strcpy(to, to == out ? "/" : "");
	return out;
}

static unsigned long
inode_at(int dir, const char *path)
{
	struct stat st;

	return fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) == -1 ? 0 :
	    (unsigned long)st.st_ino;
}

/* The inode of a file or directory of ours, or 0. */
static unsigned long
inode_of(int fd)
{
	char where[3 * PATH_MAX];
	struct stat st;

	if (place(where, fd, NULL) == NULL || fstat(fd, &st) == -1 ||
	    (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return 0;
	return (unsigned long)st.st_ino;
}

static void
note_write(unsigned long inode, off_t offset, const void *bytes, size_t len)
{
	char line[128];
	int n = snprintf(line, sizeof line, "write %lu %lld %zu\n", inode,
	    (long long)offset, len);

	append(line, (size_t)n, bytes, len);
}

/* All that is in the file by now, whoever wrote it. */
static void
note_content(int fd)
{
	unsigned long inode = inode_of(fd);
	struct stat st;
	char link[64], *bytes;
	long from, n;

	if (inode == 0 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	from = raw(SYS_openat, AT_FDCWD, (long)link, O_RDONLY | O_CLOEXEC, 0,
	    0);
	bytes = malloc((size_t)st.st_size + 1);
	if (from >= 0 && bytes != NULL) {
		n = raw(SYS_pread64, from, (long)bytes, st.st_size, 0, 0);
		note("truncate %lu %lld\n", inode, (long long)st.st_size);
		if (n > 0)
			note_write(inode, 0, bytes, (size_t)n);
	}
	free(bytes);
	if (from >= 0)
		raw(SYS_close, from, 0, 0, 0, 0);
}

__attribute__((constructor)) static void
begin(int argc, char **argv)
{
	const char *slash;

	under = getenv("JOURNAL_UNDER");
	file = getenv("JOURNAL_FILE");
	if (file == NULL)
		under = NULL;
	program = argc > 0 ? argv[0] : "";
	slash = strrchr(program, '/');
	program = slash == NULL ? program : slash + 1;
	owner = getpid();
}

__attribute__((destructor)) static void
end(void)
{
	if (under != NULL && getpid() == owner)
		note("done %s\n", program);
}

static void
note_open(int fd, int dir, const char *path, int flags, int was_there)
{
	char where[3 * PATH_MAX];

	if (fd == -1 || (flags & (O_CREAT | O_TRUNC)) == 0 ||
	    (flags & O_TMPFILE) == O_TMPFILE ||
	    place(where, dir, path) == NULL)
		return;
	if (!was_there)
		note("create %lu %s\n", inode_of(fd), where);
	if ((flags & O_TRUNC) != 0)
		note("truncate %lu 0\n", inode_of(fd));
}

#define OPENS(name, parameters, dir, ...) \
	int name parameters; \
	int name parameters \
	{ \
		mode_t mode = 0; \
		int fd, saved, there; \
		va_list ap; \
		REAL(int (*) parameters, #name); \
		va_start(ap, flags); \
		if ((flags & (O_CREAT | O_TMPFILE)) != 0) \
			mode = (mode_t)va_arg(ap, int); \
		va_end(ap); \
		there = (flags & O_CREAT) == 0 || \
		    inode_at(dir, path) != 0; \
		fd = real(__VA_ARGS__, mode); \
		saved = errno; \
		note_open(fd, dir, path, flags, there); \
		errno = saved; \
		return fd; \
	}

OPENS(open, (const char *path, int flags, ...), AT_FDCWD, path, flags)
OPENS(open64, (const char *path, int flags, ...), AT_FDCWD, path, flags)
OPENS(openat, (int dir, const char *path, int flags, ...), dir, dir, path,
    flags)
OPENS(openat64, (int dir, const char *path, int flags, ...), dir, dir, path,
    flags)

ssize_t
write(int fd, const void *bytes, size_t len)
{
	REAL(ssize_t (*)(int, const void *, size_t), "write");
	ssize_t n = real(fd, bytes, len);
	int saved = errno;
	unsigned long inode = n > 0 ? inode_of(fd) : 0;

	if (inode != 0)
		note_write(inode, lseek(fd, 0, SEEK_CUR) - n, bytes,
		    (size_t)n);
	errno = saved;
	return n;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
	REAL(ssize_t (*)(int, const void *, size_t, off64_t), "pwrite64");
	ssize_t n = real(fd, bytes, len, offset);
	int saved = errno;
	unsigned long inode = n > 0 ? inode_of(fd) : 0;

	if (inode != 0)
		note_write(inode, offset, bytes, (size_t)n);
	errno = saved;
	return n;
}

int
ftruncate64(int fd, off64_t len)
{
	REAL(int (*)(int, off64_t), "ftruncate64");
	int rc = real(fd, len), saved = errno;
	unsigned long inode = rc == 0 ? inode_of(fd) : 0;

	if (inode != 0)
		note("truncate %lu %lld\n", inode, (long long)len);
	errno = saved;
	return rc;
}

static int
synced(int fd, int rc)
{
	int saved = errno;
	unsigned long inode = rc == 0 ? inode_of(fd) : 0;

	if (inode != 0) {
		note_content(fd);
		note("sync %lu\n", inode);
	}
	errno = saved;
	return rc;
}

int
fsync(int fd)
{
	REAL(int (*)(int), "fsync");
	return synced(fd, real(fd));
}

int
fdatasync(int fd)
{
	REAL(int (*)(int), "fdatasync");
	return synced(fd, real(fd));
}

int
fflush(FILE *f)
{
	REAL(int (*)(FILE *), "fflush");
	int rc = real(f), saved = errno;

	if (rc == 0 && f != NULL && fileno(f) != -1)
		note_content(fileno(f));
	errno = saved;
	return rc;
}

int
fclose(FILE *f)
{
	REAL(int (*)(FILE *), "fclose");

	if (fileno(f) != -1 && (fcntl(fileno(f), F_GETFL) & O_ACCMODE) !=
	    O_RDONLY)
		fflush(f);
	return real(f);
}

static void
note_two(const char *what, int a, const char *from, int b, const char *to)
{
	char one[3 * PATH_MAX], two[3 * PATH_MAX];
	int saved = errno;

	/* From outside, or to there: nothing here does that. */
	if (place(one, a, from) != NULL && place(two, b, to) != NULL)
		note("%s %s %s\n", what, one, two);
	errno = saved;
}

static int
made(int rc, int dir, const char *path)
{
	char where[3 * PATH_MAX];
	int saved = errno;

	if (rc == 0 && place(where, dir, path) != NULL)
		note("mkdir %lu %s\n", inode_at(dir, path), where);
	errno = saved;
	return rc;
}

static int
removed(int rc, int dir, const char *path)
{
	char where[3 * PATH_MAX];
	int saved = errno;

	if (rc == 0 && place(where, dir, path) != NULL)
		note("unlink %s\n", where);
	errno = saved;
	return rc;
}

#define NAMES(name, parameters, arguments, then) \
	int name parameters; \
	int name parameters \
	{ \
		int rc; \
		REAL(int (*) parameters, #name); \
		rc = real arguments; \
		then; \
		return rc; \
	}
#define MOVED(what, x, a, y, b) \
	do { if (rc == 0) note_two(what, x, a, y, b); } while (0)

NAMES(mkdir, (const char *path, mode_t mode), (path, mode),
    made(rc, AT_FDCWD, path))
NAMES(mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode),
    made(rc, dir, path))
NAMES(unlink, (const char *path), (path), removed(rc, AT_FDCWD, path))
NAMES(rmdir, (const char *path), (path), removed(rc, AT_FDCWD, path))
NAMES(unlinkat, (int dir, const char *path, int flags), (dir, path, flags),
    removed(rc, dir, path))
NAMES(rename, (const char *a, const char *b), (a, b),
    MOVED("rename", AT_FDCWD, a, AT_FDCWD, b))
NAMES(renameat, (int x, const char *a, int y, const char *b), (x, a, y, b),
    MOVED("rename", x, a, y, b))
NAMES(renameat2, (int x, const char *a, int y, const char *b, unsigned flags),
    (x, a, y, b, flags), MOVED("rename", x, a, y, b))
NAMES(linkat, (int x, const char *a, int y, const char *b, int flags),
    (x, a, y, b, flags), MOVED("link", x, a, y, b))

long
syscall(long number, ...)
{
	long arg[6], rc;
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		arg[i] = va_arg(ap, long);
	va_end(ap);
	REAL(long (*)(long, ...), "syscall");
	rc = real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	if (number == SYS_renameat2 && rc == 0)
		note_two("rename", (int)arg[0], (const char *)arg[1],
		    (int)arg[2], (const char *)arg[3]);
	return rc;
}
