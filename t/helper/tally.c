/* SPDX-License-Identifier: ISC */
/*
 * tally FILE COMMAND...: runs COMMAND, waits until it and all its descendants
 * have ended, also those that let go of their parents, and adds a line to FILE:
 * the processor time of all of them together in microseconds, then that of
 * COMMAND itself and of those that it waited for. Its own stdin and descriptor
 * 3, the kernel's pipe and pidfd, are closed as soon as COMMAND has them: it
 * holds nobody. Exits as COMMAND did.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static long
microseconds(const struct rusage *u)
{
	return ((u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000L +
	    u->ru_utime.tv_usec + u->ru_stime.tv_usec);
}

int
main(int argc, char **argv)
{
	struct rusage usage;
	long own = 0, all = 0;
	int status, result = 111;
	pid_t pid, ended;
	FILE *out;

	if (argc < 3)
		errx(100, "usage: tally FILE COMMAND...");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == -1)
		err(111, "become a subreaper");
	if ((pid = fork()) == -1)
		err(111, "fork");
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		err(100, "run %s", argv[2]);
	}
	close(0);
	close(3);
	while ((ended = wait4(-1, &status, 0, &usage)) > 0 || errno == EINTR) {
		if (ended <= 0)
			continue;
		all += microseconds(&usage);
		if (ended != pid)
			continue;
		own = microseconds(&usage);
		result = WIFEXITED(status) ? WEXITSTATUS(status) : 111;
	}
	if ((out = fopen(argv[1], "ae")) == NULL)
		err(111, "open %s", argv[1]);
	fprintf(out, "%ld %ld\n", all, own);
	return (fclose(out) == 0 ? result : 111);
}
