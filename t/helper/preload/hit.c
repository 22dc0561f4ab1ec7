/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "hit.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct { const char *name; int error; } errors[] = {
	{ "EACCES", EACCES }, { "EAGAIN", EAGAIN }, { "EDQUOT", EDQUOT },
	{ "EINTR", EINTR }, { "EIO", EIO }, { "EMFILE", EMFILE },
	{ "ENOMEM", ENOMEM }, { "ENOSPC", ENOSPC }, { "EPERM", EPERM },
	{ "EROFS", EROFS },
};

static const char *calls, *how, *under, *program, *state;
static unsigned long at;
static int is_sticky, error;
static atomic_ulong *counter;	/* NULL: nothing fails here */

/* The names of libc are the very ones that we stand for; this one we pass on. */
static long (*raw)(long, ...);

static int
in_list(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *p = list;

	while (len > 0 && (p = strstr(p, word)) != NULL) {
		if (p > list && p[-1] == ',' && p[len] == ',')
			return 1;
		p++;
	}
	return 0;
}

static const char *
base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static const char *
name_of(int argc, char **argv)
{
	static const char *const shells[] = { "sh", "dash", "bash", "busybox",
	    "ash", "perl" };
	const char *name = argc > 0 ? base(argv[0]) : "";

	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
		if (strcmp(name, shells[i]) == 0 && argc > 1 &&
		    argv[1][0] != '-')
			return base(argv[1]);
	return name;
}

__attribute__((constructor)) static void
begin(int argc, char **argv)
{
	const char *only = getenv("FAULT_ONLY"), *text = getenv("FAULT_AT");
	char *end;
	void *page;
	long fd;

	calls = getenv("FAULT_CALLS");
	how = getenv("FAULT_HOW");
	under = getenv("FAULT_UNDER");
	state = getenv("FAULT_STATE");
	program = name_of(argc, argv);
	if (calls == NULL || state == NULL ||
	    (only != NULL && !in_list(only, program)))
		return;
	if (text != NULL) {
		at = strtoul(text, &end, 10);
		is_sticky = *end == '+';
	}
	for (size_t i = 0; how != NULL && i < sizeof errors / sizeof errors[0];
	    i++)
		if (strcmp(how, errors[i].name) == 0)
			error = errors[i].error;
	*(void **)&raw = next("syscall");
	fd = raw(SYS_openat, AT_FDCWD, state, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	page = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED,
	    (int)fd, 0);
	raw(SYS_close, fd);
	if (page != MAP_FAILED)
		counter = page;
}

/* Where PATH of DIR, or DIR, lies. */
static void
place(char where[2 * PATH_MAX], int dir, const char *path)
{
	char link[64];
	long n = 0;

	if (path == NULL || path[0] != '/') {
		if (dir == AT_FDCWD)
			snprintf(link, sizeof link, "/proc/self/cwd");
		else
			snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
		n = raw(SYS_readlinkat, AT_FDCWD, link, where, PATH_MAX);
		if (n < 0)
			n = 0;
	}
	snprintf(where + n, 2 * PATH_MAX - (size_t)n, "%s%s",
	    n > 0 && path != NULL ? "/" : "", path == NULL ? "" : path);
}

static void
tell(const char *name, const char *where)
{
	char file[PATH_MAX], line[2 * PATH_MAX + 256];
	long fd;
	int n;

	snprintf(file, sizeof file, "%s.said", state);
	n = snprintf(line, sizeof line, "%s[%d] %s %s %s\n", program,
	    (int)getpid(), name, how, where);
	fd = raw(SYS_openat, AT_FDCWD, file,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	raw(SYS_write, fd, line, n);
	raw(SYS_close, fd);
}

enum verdict
hit(const char *class, const char *name, int dir, const char *path)
{
	char where[2 * PATH_MAX] = "";
	unsigned long n;

	if (counter == NULL)
		return GO;
	if (strcmp(class, "look") == 0) {
		if (error == ENOSPC || error == EROFS || error == EDQUOT)
			return GO;
		class = "open";
	}
	if (!in_list(calls, class) && !in_list(calls, name))
		return GO;
	if (dir != -1 || path != NULL)
		place(where, dir, path);
	if (under != NULL && strncmp(where, under, strlen(under)) != 0)
		return GO;
	n = atomic_fetch_add(counter, 1) + 1;
	if (at == 0 || how == NULL || n < at || (n > at && !is_sticky))
		return GO;
	tell(name, where);
	if (strcmp(how, "killall") == 0)
		raw(SYS_kill, 0, SIGKILL);
	if (strncmp(how, "kill", 4) == 0)
		raw(SYS_kill, getpid(), SIGKILL);
	if (strcmp(how, "short") == 0)
		return SHORT;
	errno = error;
	return FAIL;
}

void *
next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (f == NULL)
		abort();
	return f;
}
