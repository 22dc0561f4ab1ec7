/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "exits.h"
#include "module/fetch.h"
#include "run.h"
#include "target/source.h"
#include "text.h"
#include "xalloc.h"

#define CHILD_PARTIAL 2			/* with 1 a library leaves: libiberty does */
#define TIMEOUT_GRACE 3			/* and then the child is killed */

volatile int supervise_expired;

static void
on_alarm(int sig)
{
	(void)sig;
	supervise_expired = 1;
}

static void
set_timer(int which, uint64_t seconds)
{
	const struct itimerval timer = {
		.it_value.tv_sec = (time_t)seconds
	};

	setitimer(which, &timer, NULL);
}

void
supervise_start_clock(struct run *r)
{
	struct sigaction sa = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &sa, NULL);
	set_timer(ITIMER_PROF, 0);
	set_timer(ITIMER_REAL, r->options.timeout);
	close(r->waiting);
}

/*
 * How long a pipe takes is its writer's affair. What it costs to decompress
 * is ours: past the time that was granted, SIGPROF is the end.
 */
int
supervise_waits_for_pipe(const struct run *r)
{
	struct stat st;

	if (r->pid != 0 || fstat(r->core_fd, &st) == -1 ||
	    S_ISREG(st.st_mode))
		return 0;
	set_timer(ITIMER_PROF, r->options.timeout + TIMEOUT_GRACE);
	return 1;
}

/* Runs the child to its end. Returns its wait status. */
static int
run_child(struct run *r, struct target *live, run_work *work,
    const char *died)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	int status, ends[2];
	pid_t child;
	char none;

	fflush(NULL);
	if (pipe2(ends, O_CLOEXEC) == -1)
		err(EXIT_REFUSED, "make a pipe");
	child = fork();
	if (child == -1)
		err(EXIT_REFUSED, "start a process");
	if (child == 0) {
		close(ends[0]);
		r->waiting = ends[1];
		status = work(r, live, died);
		exit(status == EXIT_PARTIAL ? CHILD_PARTIAL : status);
	}
	close(ends[1]);
	while (read(ends[0], &none, 1) == -1 && errno == EINTR)
		continue;
	close(ends[0]);
	/* Where the child cannot stop itself, this clock does. */
	sigaction(SIGALRM, &sa, NULL);
	set_timer(ITIMER_REAL, r->options.timeout + TIMEOUT_GRACE);
	while (waitpid(child, &status, 0) == -1) {
		if (errno != EINTR)
			err(EXIT_REFUSED, "wait for the child");
		if (supervise_expired)
			kill(child, SIGKILL);
	}
	set_timer(ITIMER_REAL, 0);
	return status;
}

/* Somebody wanted it to end: that is no death of the parser. */
static int
is_request(int sig)
{
	return sig == SIGPIPE || sig == SIGINT || sig == SIGTERM ||
	    sig == SIGHUP || sig == SIGQUIT;
}

static _Noreturn void
die_of(int sig)
{
	output_abandon();
	signal(sig, SIG_DFL);
	raise(sig);
	exit(EXIT_REFUSED);
}

/* Did the child say itself how it went? Sets *STATUS to what it said. */
static int
has_ended(int wait_status, int *status)
{
	*status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
	if (*status == CHILD_PARTIAL)
		*status = EXIT_PARTIAL;
	else if (*status == EXIT_PARTIAL)
		*status = -1;
	return *status != -1;
}

/* What the child died of, in words. */
static char *
death_of(int wait_status)
{
	return WIFSIGNALED(wait_status) ?
	    xasprintf("died of signal %d", WTERMSIG(wait_status)) :
	    xstrdup("left in the middle, for want of memory perhaps");
}

/*
 * A parser that dies must not take the report with it: what the notes alone
 * tell, registers and addresses, is told by a second child that opens no
 * executable.
 */
int
supervise(struct run *r, struct target *live, run_work *work)
{
	const struct fetch_options fetch = {
		.user = r->options.user, .timeout = r->options.timeout
	};
	char *died;
	int ended, status;

	if (r->options.debuginfod)
		fetch_start(&fetch);
	ended = run_child(r, live, work, NULL);
	fetch_end();
	if (has_ended(ended, &status))
		return status;
	if (WIFSIGNALED(ended) && is_request(WTERMSIG(ended)))
		die_of(WTERMSIG(ended));
	if (r->options.refingerprint)
		errx(EXIT_REFUSED, "read snapshot %s: the reader %s",
		    text_show(r->options.core), death_of(ended));
	if (supervise_expired ||
	    (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPROF))
		died = xasprintf("unwinding was ended after %" PRIu64
		    " seconds: this is what the notes alone tell",
		    r->options.timeout);
	else
		died = xasprintf("core-unwind itself %s: this is what the "
		    "notes alone tell", death_of(ended));
	supervise_expired = 0;
	warnx("%s", died);
	/* What was read is read no more: it is in the spool, or at the front. */
	if (source_spooled() != -1)
		r->core_fd = source_spooled();
	else if (r->core_fd != -1)
		lseek(r->core_fd, 0, SEEK_SET);
	output_restart(&r->json_to);
	output_restart(&r->text_to);
	r->options.modules.no_files = 1;
	ended = run_child(r, live, work, died);
	if (!has_ended(ended, &status))
		errx(EXIT_REFUSED, "read core %s: the reader %s twice",
		    text_show(r->options.core), death_of(ended));
	return status;
}
