/* SPDX-License-Identifier: ISC */
#include "module/fetch.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "module/fetcher.h"
#include "xalloc.h"

#define PATIENCE 5			/* seconds, for its end */

static int channel = -1;
static pid_t fetcher;
static char *trouble;

void
fetch_start(const struct fetch_options *o)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		err(EXIT_REFUSED, "make a socket");
	fetcher = fork();
	if (fetcher == -1)
		err(EXIT_REFUSED, "start a process");
	if (fetcher == 0) {
		close(pair[0]);
		fetcher_run(pair[1], o);
	}
	close(pair[1]);
	channel = pair[0];
}

void
fetch_end(void)
{
	if (channel == -1)
		return;
	close(channel);
	channel = -1;
	for (int i = 0; i < PATIENCE * 100; i++) {
		if (waitpid(fetcher, NULL, WNOHANG) != 0)
			return;
		usleep(10000);
	}
	kill(fetcher, SIGKILL);
	waitpid(fetcher, NULL, 0);
}

int
fetch_is_on(void)
{
	return channel != -1;
}

const char *
fetch_trouble(void)
{
	return trouble;
}

/* The fetcher may be dead: that must be no death of ours. */
static int
ask(const struct fetch_request *r)
{
	void (*old)(int) = signal(SIGPIPE, SIG_IGN);
	ssize_t n = write(channel, r, sizeof *r);

	signal(SIGPIPE, old);
	return n == (ssize_t)sizeof *r ? 0 : -1;
}

char *
fetch_file(enum fetch what, const unsigned char *id, size_t len)
{
	struct fetch_request r = { .what = (uint8_t)what, .len = (uint8_t)len };
	char answer[PATH_MAX + 1];
	ssize_t n;

	if (channel == -1 || len == 0 || len > sizeof r.id || trouble != NULL)
		return NULL;
	memcpy(r.id, id, len);
	/* Time is up when a signal interrupts this: then all of it is. */
	n = ask(&r) == -1 ? -1 : read(channel, answer, sizeof answer - 1);
	if (n <= 0) {
		trouble = xstrdup("debuginfod: no answer in time");
		return NULL;
	}
	answer[n] = '\0';
	if (answer[0] == '/')
		return xstrdup(answer);
	if (answer[0] == '!')
		trouble = xasprintf("debuginfod: %s", answer + 1);
	return NULL;
}
