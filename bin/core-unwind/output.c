/* SPDX-License-Identifier: ISC */
#include "output.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "text.h"
#include "xalloc.h"

#define BUFFER_SIZE ((size_t)64 << 10)

/* Names to be taken away again if this process ends before they are due. */
static const char *volatile pending[2];
static pid_t owner;

void
output_abandon(void)
{
	if (getpid() != owner)
		return;			/* the child exits too */
	for (size_t i = 0; i < sizeof pending / sizeof pending[0]; i++)
		if (pending[i] != NULL)
			unlink(pending[i]);
}

static void
on_signal(int sig)
{
	output_abandon();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Page by page costs the kernel more than the words cost us. The buffer is
   ours: without one the C library does not heed the size. */
static void
buffer(FILE *file)
{
	setvbuf(file, xmalloc(BUFFER_SIZE), _IOFBF, BUFFER_SIZE);
}

static void
remember(const char *name)
{
	static const int deadly[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction sa = { .sa_handler = on_signal }, old;

	pending[pending[0] != NULL] = name;
	if (owner != 0)
		return;
	owner = getpid();
	atexit(output_abandon);
	for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
		if (sigaction(deadly[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(deadly[i], &sa, NULL);
}

void
output_open(struct output *to, const char *path, int in_record)
{
	const char *slash;
	struct stat st;
	int fd;

	if (path == NULL) {
		to->file = stdout;
		buffer(to->file);
		return;
	}
	/* Devices (/dev/full, a FIFO) have no other name to come from. */
	slash = strrchr(path, '/');
	if (!(in_record && slash == NULL) &&
	    stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		to->file = fopen(path, "we");
		if (to->file == NULL)
			err(exits_of_path(errno), "open %s", text_show(path));
		return;
	}
	to->name = xstrdup(path);
	to->temporary = xasprintf("%.*s.%s.%ld",
	    slash == NULL ? 0 : (int)(slash - path + 1), path,
	    slash == NULL ? path : slash + 1, (long)getpid());
	fd = open(to->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd == -1)
		err(exits_of_path(errno), "make %s", text_show(path));
	remember(to->temporary);
	if ((to->file = fdopen(fd, "w")) == NULL)
		err(EXIT_REFUSED, "make %s", text_show(path));
	buffer(to->file);
}

void
output_keep_mode(struct output *to, int from)
{
	struct stat st;
	int fd = fileno(to->file);

	if (fstat(from, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	/* An ordinary user cannot give a file away; it stays his own. */
	if (fchown(fd, st.st_uid, st.st_gid) == -1 && errno != EPERM)
		err(EXIT_REFUSED, "give %s its owner", text_show(to->name));
	if (fchmod(fd, st.st_mode & 0777) == -1)
		err(EXIT_REFUSED, "give %s its permissions",
		    text_show(to->name));
}

int
output_flush(struct output *to)
{
	if (to->file == NULL)
		return 0;
	return fflush(to->file) == EOF || ferror(to->file) ? -1 : 0;
}

void
output_restart(struct output *to)
{
	if (to->temporary != NULL && (ftruncate(fileno(to->file), 0) == -1 ||
	    lseek(fileno(to->file), 0, SEEK_SET) == -1))
		err(EXIT_REFUSED, "restart %s", text_show(to->name));
}

void
output_publish(struct output *to, int durable)
{
	if (to->temporary == NULL)
		return;
	if ((durable && fsync(fileno(to->file)) == -1) ||
	    rename(to->temporary, to->name) == -1)
		err(EXIT_REFUSED, "publish %s", text_show(to->name));
	for (size_t i = 0; i < sizeof pending / sizeof pending[0]; i++)
		if (pending[i] == to->temporary)
			pending[i] = NULL;
}
