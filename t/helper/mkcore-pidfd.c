/* SPDX-License-Identifier: ISC */
/*
 * mkcore-pidfd PID COMMAND...: run COMMAND with a pidfd of PID as descriptor
 * 3, as the kernel starts a handler with %F.
 */
#include <sys/syscall.h>

#include <err.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int fd;

	if (argc < 3)
		errx(100, "usage: mkcore-pidfd PID COMMAND...");
	fd = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
	if (fd == -1 || dup2(fd, 9) == -1 || dup2(9, 3) == -1 ||
	    close(9) == -1)
		err(111, "open pidfd of %s", argv[1]);
	execvp(argv[2], argv + 2);
	err(111, "run %s", argv[2]);
}
