/* SPDX-License-Identifier: ISC */
/*
 * mkcore-prefixes CORE OUT: run `core-save -o OUT` once for every length from
 * 0 to that of CORE, each time with just that many of its bytes on stdin, and
 * print "LENGTH STATUS" lines; a signal counts as 128 and its number. The
 * output of each is left as OUT.LENGTH.
 */
#define _GNU_SOURCE
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	static char core[1 << 16];
	ssize_t size;
	int fd, null;

	if (argc != 3)
		errx(100, "usage: mkcore-prefixes CORE OUT");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	size = fd == -1 ? -1 : read(fd, core, sizeof core);
	if (size == -1 || null == -1)
		err(111, "read %s", argv[1]);
	for (ssize_t len = 0; len <= size; len++) {
		char out[256];
		int ends[2], status;
		pid_t pid;

		snprintf(out, sizeof out, "%s.%zd", argv[2], len);
		if (pipe2(ends, O_CLOEXEC) == -1)
			err(111, "pipe");
		pid = fork();
		if (pid == 0) {
			dup2(ends[0], 0);
			dup2(null, 2);
			execlp("core-save", "core-save", "-o", out,
			    (char *)NULL);
			_exit(127);
		}
		close(ends[0]);
		if (write(ends[1], core, (size_t)len) != len)
			warn("write prefix of %zd", len);
		close(ends[1]);
		if (waitpid(pid, &status, 0) == -1)
			err(111, "wait");
		printf("%zd %d\n", len, WIFEXITED(status) ?
		    WEXITSTATUS(status) : 128 + WTERMSIG(status));
	}
	return 0;
}
