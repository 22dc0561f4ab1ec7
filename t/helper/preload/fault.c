/* SPDX-License-Identifier: ISC */
/*
 * LD_PRELOAD: a call that fails, comes back early, or is the last one that its
 * process makes; which one is said by the environment, see hit.h. Not seen are
 * the calls that libc makes on its own, as for a FILE.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "hit.h"

#define NOTHING -1, NULL

/* RET NAME PARAMETERS, passed on as ARGUMENTS; BAD is what a failure returns. */
#define FAULT(class, ret, name, parameters, arguments, bad, on) \
	ret name parameters; \
	ret name parameters \
	{ \
		static ret (*real) parameters; \
		if (hit(class, #name, on) == FAIL) \
			return bad; \
		if (real == NULL) \
			*(void **)&real = next(#name); \
		return real arguments; \
	}

/* The same for what moves LEN bytes, which may be fewer. */
#define PARTLY(class, name, parameters, arguments, fd, len) \
	ssize_t name parameters; \
	ssize_t name parameters \
	{ \
		static ssize_t (*real) parameters; \
		switch (hit(class, #name, fd, NULL)) { \
		case FAIL: \
			return -1; \
		case SHORT: \
			len -= len / 2; \
			break; \
		case GO: \
			break; \
		} \
		if (real == NULL) \
			*(void **)&real = next(#name); \
		return real arguments; \
	}

static const char *
opens(int flags)
{
	return (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY ? "look" :
	    "open";
}

/* With a mode that may follow. */
#define OPENS(name, parameters, last, on, ...) \
	int name parameters; \
	int name parameters \
	{ \
		static int (*real) parameters; \
		mode_t mode = 0; \
		va_list ap; \
		va_start(ap, last); \
		if ((last & (O_CREAT | O_TMPFILE)) != 0) \
			mode = (mode_t)va_arg(ap, int); \
		va_end(ap); \
		if (hit(opens(last), #name, on) == FAIL) \
			return -1; \
		if (real == NULL) \
			*(void **)&real = next(#name); \
		return real(__VA_ARGS__, mode); \
	}

#define A(...) (__VA_ARGS__)
#define AT(dir, path) dir, path
#define CWD(path) AT_FDCWD, path
#define FD(fd) fd, NULL

PARTLY("read", read, A(int fd, void *p, size_t n), A(fd, p, n), fd, n)
PARTLY("read", pread64, A(int fd, void *p, size_t n, off64_t o), A(fd, p, n, o),
    fd, n)
PARTLY("read", __read_chk, A(int fd, void *p, size_t n, size_t max),
    A(fd, p, n, max), fd, n)
PARTLY("write", write, A(int fd, const void *p, size_t n), A(fd, p, n), fd, n)
PARTLY("write", pwrite64, A(int fd, const void *p, size_t n, off64_t o),
    A(fd, p, n, o), fd, n)
FAULT("read", ssize_t, process_vm_readv, (pid_t pid, const struct iovec *l,
    unsigned long nl, const struct iovec *r, unsigned long nr,
    unsigned long flags), (pid, l, nl, r, nr, flags), -1, NOTHING)
FAULT("write", int, ftruncate64, (int fd, off64_t n), (fd, n), -1, FD(fd))
FAULT("write", int, fallocate64, (int fd, int mode, off64_t o, off64_t n),
    (fd, mode, o, n), -1, FD(fd))
FAULT("write", int, fflush, (FILE *f), (f), EOF,
    FD(f == NULL ? -1 : fileno(f)))

FAULT("sync", int, fsync, (int fd), (fd), -1, FD(fd))
FAULT("sync", int, fdatasync, (int fd), (fd), -1, FD(fd))

OPENS(open, (const char *path, int flags, ...), flags, CWD(path), path, flags)
OPENS(open64, (const char *path, int flags, ...), flags, CWD(path), path, flags)
OPENS(openat, (int dir, const char *path, int flags, ...), flags,
    AT(dir, path), dir, path, flags)
OPENS(openat64, (int dir, const char *path, int flags, ...), flags,
    AT(dir, path), dir, path, flags)
FAULT("look", int, __open64_2, (const char *path, int flags), (path, flags), -1,
    CWD(path))
FAULT("look", int, __openat64_2, (int dir, const char *path, int flags),
    (dir, path, flags), -1, AT(dir, path))
FAULT("open", FILE *, fopen64, (const char *path, const char *mode),
    (path, mode), NULL, CWD(path))
FAULT("open", FILE *, fdopen, (int fd, const char *mode), (fd, mode), NULL,
    FD(fd))
FAULT("open", int, memfd_create, (const char *name, unsigned flags),
    (name, flags), -1, NOTHING)
FAULT("open", int, mkfifo, (const char *path, mode_t mode), (path, mode), -1,
    CWD(path))
FAULT("open", int, pipe, (int fd[2]), (fd), -1, NOTHING)
FAULT("open", int, dup, (int fd), (fd), -1, FD(fd))

FAULT("name", int, mkdir, (const char *path, mode_t mode), (path, mode), -1,
    CWD(path))
FAULT("name", int, mkdirat, (int dir, const char *path, mode_t mode),
    (dir, path, mode), -1, AT(dir, path))
FAULT("name", int, rename, (const char *a, const char *b), (a, b), -1, CWD(a))
FAULT("name", int, renameat, (int x, const char *a, int y, const char *b),
    (x, a, y, b), -1, AT(x, a))
FAULT("name", int, renameat2, (int x, const char *a, int y, const char *b,
    unsigned flags), (x, a, y, b, flags), -1, AT(x, a))
FAULT("name", int, linkat, (int x, const char *a, int y, const char *b,
    int flags), (x, a, y, b, flags), -1, AT(x, a))
FAULT("name", int, unlink, (const char *path), (path), -1, CWD(path))
FAULT("name", int, rmdir, (const char *path), (path), -1, CWD(path))
FAULT("name", int, unlinkat, (int dir, const char *path, int flags),
    (dir, path, flags), -1, AT(dir, path))

FAULT("mode", int, fchmod, (int fd, mode_t mode), (fd, mode), -1, FD(fd))
FAULT("mode", int, fchmodat, (int dir, const char *path, mode_t mode,
    int flags), (dir, path, mode, flags), -1, AT(dir, path))
FAULT("mode", int, fchown, (int fd, uid_t uid, gid_t gid), (fd, uid, gid), -1,
    FD(fd))
FAULT("mode", int, fchownat, (int dir, const char *path, uid_t uid, gid_t gid,
    int flags), (dir, path, uid, gid, flags), -1, AT(dir, path))
FAULT("mode", int, fsetxattr, (int fd, const char *name, const void *value,
    size_t size, int flags), (fd, name, value, size, flags), -1, FD(fd))

FAULT("stat", int, fstat64, (int fd, struct stat64 *st), (fd, st), -1, FD(fd))
FAULT("stat", int, stat64, (const char *path, struct stat64 *st), (path, st),
    -1, CWD(path))
FAULT("stat", int, lstat64, (const char *path, struct stat64 *st), (path, st),
    -1, CWD(path))
FAULT("stat", int, fstatat64, (int dir, const char *path, struct stat64 *st,
    int flags), (dir, path, st, flags), -1, AT(dir, path))

FAULT("process", pid_t, fork, (void), (), -1, NOTHING)
FAULT("process", pid_t, waitpid, (pid_t pid, int *status, int options),
    (pid, status, options), -1, NOTHING)
FAULT("process", int, execve, (const char *path, char *const *argv,
    char *const *envp), (path, argv, envp), -1, CWD(path))

/* What it returns is its error. */
FAULT("process", int, pthread_create, (pthread_t *thread,
    const pthread_attr_t *attr, void *(*run)(void *), void *arg),
    (thread, attr, run, arg), errno, NOTHING)

/* The descriptor is gone all the same, as in Linux. */
int
close(int fd)
{
	static int (*real)(int);
	int verdict = hit("close", "close", fd, NULL), saved = errno;

	if (real == NULL)
		*(void **)&real = next("close");
	if (verdict != FAIL)
		return real(fd);
	real(fd);
	errno = saved;
	return -1;
}

int
ioctl(int fd, unsigned long request, ...)
{
	static int (*real)(int, unsigned long, ...);
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (hit("read", "ioctl", fd, NULL) == FAIL)
		return -1;
	if (real == NULL)
		*(void **)&real = next("ioctl");
	return real(fd, request, arg);
}

/* A call that libc has no function for everywhere. */
long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	long arg[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		arg[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_renameat2 && hit("name", "renameat2", (int)arg[0],
	    (const char *)arg[1]) == FAIL)
		return -1;
	if (real == NULL)
		*(void **)&real = next("syscall");
	return real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
