/* SPDX-License-Identifier: ISC */
/*
 * holdtime N COMMAND...: runs COMMAND N times and prints, a line each, the
 * milliseconds from fork() until wait() has returned. Exit 1 when it did not
 * die of a signal.
 * holdtime -c N COMMAND...: counts from the moment that COMMAND itself has
 * written, as a struct timespec of CLOCK_MONOTONIC, to descriptor 3.
 */
#include <sys/wait.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec a, b;
	int bad = 0, i, status, told[2], crash;
	pid_t pid;

	crash = argc > 1 && strcmp(argv[1], "-c") == 0;
	argc -= crash;
	argv += crash;
	if (argc < 3)
		errx(100, "usage: holdtime [-c] N COMMAND...");
	for (i = atoi(argv[1]); i > 0; i--) {
		if (pipe(told) == -1)
			err(111, "make a pipe");
		clock_gettime(CLOCK_MONOTONIC, &a);
		if ((pid = fork()) == -1)
			err(111, "fork");
		if (pid == 0) {
			if (crash)
				dup2(told[1], 3);
			execvp(argv[2], argv + 2);
			err(100, "run %s", argv[2]);
		}
		if (waitpid(pid, &status, 0) == -1)
			err(111, "wait for %s", argv[2]);
		clock_gettime(CLOCK_MONOTONIC, &b);
		if (!WIFSIGNALED(status))
			bad = 1;
		close(told[1]);
		if (crash && read(told[0], &a, sizeof a) != sizeof a)
			errx(111, "%s did not say when", argv[2]);
		close(told[0]);
		printf("%.3f\n", (double)(b.tv_sec - a.tv_sec) * 1e3 +
		    (double)(b.tv_nsec - a.tv_nsec) / 1e6);
	}
	return (bad);
}
