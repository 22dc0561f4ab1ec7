/* SPDX-License-Identifier: ISC */
/*
 * forge PID UID: dies of a SIGABRT that it has sent itself, as if it came from
 * that process of that user. PID "child" is a child that it makes before, at the
 * beginning of a second.
 */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pid_t
young_child(void)
{
	struct timespec now;
	pid_t child;

	do {
		clock_gettime(CLOCK_REALTIME, &now);
		usleep(1000);
	} while (now.tv_nsec < 50000000 || now.tv_nsec > 200000000);
	child = fork();
	if (child == 0) {
		sleep(5);
		_exit(0);
	}
	return child;
}

int
main(int argc, char **argv)
{
	siginfo_t si;

	if (argc < 3)
		errx(1, "usage: forge PID UID");
	memset(&si, 0, sizeof si);
	si.si_signo = SIGABRT;
	si.si_code = SI_USER;
	si.si_pid = strcmp(argv[1], "child") == 0 ? young_child() :
	    (pid_t)atoi(argv[1]);
	si.si_uid = (uid_t)atoi(argv[2]);
	syscall(SYS_rt_sigqueueinfo, getpid(), SIGABRT, &si);
	return 1;
}
