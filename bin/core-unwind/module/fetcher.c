/* SPDX-License-Identifier: ISC */
#include "module/fetcher.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "birth.h"
#include "module/fetch.h"
#include "xalloc.h"

/*
 * The client library and the curl below it are loaded here alone: no other run
 * of core-unwind pays for them, or has them in its address space. Its interface
 * has been this since elfutils 0.178.
 */
#define LIBRARY "libdebuginfod.so.1"
#define FILE_MAX ((rlim_t)4 << 30)
#define SILENCE "10"			/* seconds until a server is given up */

typedef void client;
typedef int progress(client *c, long done, long all);
typedef int finder(client *c, const unsigned char *id, int len, char **path);

struct library {
	client *(*begin)(void);
	void (*set_progress)(client *c, progress *fn);
	finder *find[2];		/* by enum fetch */
};

static int channel = -1;
static time_t deadline;
static int is_terminal;
static char *own_cache;			/* to be removed at the end, or NULL */

static time_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* ISO C knows no conversion from an object's address to a function's. */
static int
load(void *handle, const char *name, void *function)
{
	void *at = dlsym(handle, name);

	memcpy(function, &at, sizeof at);
	return at == NULL ? -1 : 0;
}

static client *
open_library(struct library *lib)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL ||
	    load(handle, "debuginfod_begin", &lib->begin) == -1 ||
	    load(handle, "debuginfod_set_progressfn",
	    &lib->set_progress) == -1 ||
	    load(handle, "debuginfod_find_executable",
	    &lib->find[FETCH_EXECUTABLE]) == -1 ||
	    load(handle, "debuginfod_find_debuginfo",
	    &lib->find[FETCH_DEBUGINFO]) == -1)
		return NULL;
	return lib->begin();
}

/* Called by the library every now and then; nonzero is the end. */
static int
on_progress(client *c, long done, long all)
{
	struct pollfd gone = { .fd = channel, .events = 0 };

	(void)c;
	if (is_terminal && done > 0) {
		dprintf(STDERR_FILENO, "\rcore-unwind: fetching: %ld",
		    done >> 10);
		if (all > 0)
			dprintf(STDERR_FILENO, " of %ld", all >> 10);
		dprintf(STDERR_FILENO, " KiB\033[K");
	}
	return now() >= deadline || (poll(&gone, 1, 0) == 1 &&
	    (gone.revents & (POLLHUP | POLLERR)) != 0);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	remove(path);
	return 0;
}

/* A user without a home, as the handler's, has no cache to keep. */
static void
choose_cache(const struct fetch_options *o)
{
	char path[] = "/var/tmp/core-unwind.XXXXXX";

	if (getenv("DEBUGINFOD_CACHE_PATH") != NULL ||
	    (o->user == NULL && (getenv("HOME") != NULL ||
	    getenv("XDG_CACHE_HOME") != NULL)))
		return;
	if (mkdtemp(path) == NULL)
		return;
	own_cache = xstrdup(path);
	setenv("DEBUGINFOD_CACHE_PATH", path, 1);
}

static void
set_bounds(const struct fetch_options *o)
{
	const struct rlimit size = { FILE_MAX, FILE_MAX }, none = { 0, 0 };
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, (uint64_t)FILE_MAX);
	setenv("DEBUGINFOD_MAXSIZE", text, 0);
	snprintf(text, sizeof text, "%" PRIu64, o->timeout);
	setenv("DEBUGINFOD_MAXTIME", text, 0);
	setenv("DEBUGINFOD_TIMEOUT", SILENCE, 0);
	/* A server may not say how much it sends. */
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &size);
	setrlimit(RLIMIT_CORE, &none);
}

/* Is RC, which is negative, a trouble with all servers? */
static const char *
what_trouble(int rc)
{
	static char text[128];
	const char *urls = getenv("DEBUGINFOD_URLS");

	if (urls == NULL || urls[0] == '\0')
		return "!DEBUGINFOD_URLS names no server";
	if (now() >= deadline)
		return "!time was up";
	if (rc == -ENOENT || rc == -EFBIG || rc == -E2BIG)
		return NULL;
	snprintf(text, sizeof text, "!%s", strerror(-rc));
	return text;
}

static void
answer(const struct library *lib, client *c, const struct fetch_request *r)
{
	const char *text = NULL;
	char *path = NULL;
	int fd;

	if (c == NULL)
		text = "!" LIBRARY " is not there";
	else if (r->what > FETCH_DEBUGINFO || r->len == 0 ||
	    r->len > sizeof r->id)
		text = "-";
	else {
		fd = lib->find[r->what](c, r->id, r->len, &path);
		if (is_terminal)
			dprintf(STDERR_FILENO, "\r\033[K");
		if (fd >= 0)
			close(fd);
		else
			text = what_trouble(fd);
	}
	if (text == NULL)
		text = path == NULL || path[0] != '/' ? "-" : path;
	if (write(channel, text, strlen(text)) == -1)
		_exit(0);
	free(path);
}

_Noreturn void
fetcher_run(int from, const struct fetch_options *o)
{
	struct fetch_request r;
	struct library lib;
	client *c = NULL;
	int is_loaded = 0;

	channel = from;
	/* What is written elsewhere, and the core, are no business of ours. */
	if (channel > 3)
		channel = dup2(channel, 3);
	close_range(4, ~0U, 0);
	is_terminal = isatty(STDERR_FILENO);
	if (o->user != NULL)
		birth_drop_alone(o->user);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* The end of the reader is the end, and then there is work to do. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	choose_cache(o);
	set_bounds(o);
	while (read(channel, &r, sizeof r) == (ssize_t)sizeof r) {
		if (!is_loaded) {
			is_loaded = 1;
			deadline = now() + (time_t)o->timeout;
			c = open_library(&lib);
			if (c != NULL)
				lib.set_progress(c, on_progress);
		}
		answer(&lib, c, &r);
	}
	if (own_cache != NULL)
		nftw(own_cache, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	_exit(0);
}
