/* SPDX-License-Identifier: ISC */
/*
 * Kill-and-replace: a process dies, and another gets its number.
 *
 *	attack-swap N USER-A USER-B COMMAND...
 *		runs COMMAND beside a process A, whose number is put for each
 *		"@" in it, and whose pidfd it has as descriptor 3. From the
 *		first time that COMMAND names /proc/A on, its system calls that
 *		look at something are counted, and before the N-th A is replaced
 *		by B. Says "swapped" on stderr if it came to that; exits as
 *		COMMAND did.
 *	attack-swap --replace PID USER MARK
 *		kills PID, waits until it is reaped, starts a process of USER
 *		with that number, and prints "replaced"
 *	attack-swap --be MARK
 *		what A and B are: MARK is in their command lines, SECRET-OF-A or
 *		SECRET-OF-B
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <linux/ptrace.h>
#include <linux/sched.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *self;

/* As user WHO; of "UID+" only the real one is that user's, as su(1) is. */
static _Noreturn void
be(const char *mark, const char *who)
{
	char *end;
	unsigned uid = (unsigned)strtoul(who, &end, 10);
	unsigned effective = *end == '+' ? 0 : uid;
	char *argv[] = { self, "--be", (char *)mark, NULL };
	char *environment[] = { NULL };

	if (setgroups(0, NULL) == -1 || setresgid(uid, uid, uid) == -1 ||
	    setresuid(uid, effective, effective) == -1)
		_exit(1);
	/* A change of user or a secure exec undoes the first. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60);
	execve("/proc/self/exe", argv, environment);
	_exit(1);
}

/* A process that is ready, of number PID, or of any when that is 0. */
static pid_t
spawn(pid_t pid, const char *mark, const char *who)
{
	struct clone_args args = { .exit_signal = SIGCHLD,
	    .set_tid = pid == 0 ? 0 : (uint64_t)(uintptr_t)&pid,
	    .set_tid_size = pid != 0 };
	int ready[2];
	pid_t child;
	char byte;

	if (pipe2(ready, O_CLOEXEC) == -1)
		err(111, "pipe");
	do
		child = (pid_t)syscall(SYS_clone3, &args, sizeof args);
	while (child == -1 && errno == EEXIST);
	if (child == -1)
		err(111, "start a process of number %d", (int)pid);
	if (child == 0)
		be(mark, who);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 0)
		err(111, "wait for exec");
	close(ready[0]);
	return child;
}

/* Does the system call that C is entering have a path that begins with NAME? */
static int
names(pid_t c, const struct __ptrace_syscall_info *info, const char *name)
{
	char text[64] = "";
	uint64_t at;
	struct iovec local = { text, strlen(name) }, remote;

	switch (info->entry.nr) {
	case SYS_openat:
	case SYS_readlinkat:
	case SYS_newfstatat:
		at = info->entry.args[1];
		break;
	case SYS_open:
	case SYS_readlink:
	case SYS_stat:
		at = info->entry.args[0];
		break;
	default:
		return 0;
	}
	remote = (struct iovec){ (void *)(uintptr_t)at, strlen(name) };
	return process_vm_readv(c, &local, 1, &remote, 1, 0) ==
	    (ssize_t)strlen(name) && strcmp(text, name) == 0;
}

/* A call that may look at a process; read(2) is of what is open already. */
static int
is_look(uint64_t nr)
{
	return nr == SYS_openat || nr == SYS_readlinkat ||
	    nr == SYS_newfstatat || nr == SYS_getdents64 ||
	    nr == SYS_process_vm_readv || nr == SYS_ioctl ||
	    nr == SYS_pidfd_send_signal;
}

static int
follow(pid_t c, pid_t a, long n, const char *who)
{
	struct __ptrace_syscall_info info;
	char name[64];
	long count = 0;
	int status, sig = 0;
	pid_t b = a;

	snprintf(name, sizeof name, "/proc/%d", (int)a);
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, c, 0, sig) == -1 ||
		    waitpid(c, &status, __WALL) == -1)
			err(111, "follow the command");
		if (WIFEXITED(status) || WIFSIGNALED(status))
			break;
		sig = WSTOPSIG(status);
		if (sig != (SIGTRAP | 0x80)) {
			/* The one that exec sends to who is traced. */
			if (sig == SIGTRAP)
				sig = 0;
			continue;
		}
		sig = 0;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, c, sizeof info, &info) <= 0
		    || info.op != PTRACE_SYSCALL_INFO_ENTRY)
			continue;
		if ((count > 0 && is_look(info.entry.nr)) ||
		    (count == 0 && names(c, &info, name)))
			count++;
		if (count != n || b != a)
			continue;
		n = -1;
		kill(a, SIGKILL);
		waitpid(a, NULL, 0);
		b = spawn(a, "SECRET-OF-B", who);
		fprintf(stderr, "swapped\n");
	}
	kill(b, SIGKILL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* ARG with the number for each @. */
static char *
with_number(const char *arg, pid_t a)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (; *arg != '\0'; arg++)
		if (*arg == '@')
			fprintf(f, "%d", (int)a);
		else
			putc(*arg, f);
	fclose(f);
	return text;
}

static int
replace(pid_t pid, const char *who, const char *mark)
{
	kill(pid, SIGKILL);
	for (int tries = 0; kill(pid, 0) == 0 && tries < 2000; tries++)
		usleep(5000);
	if (fork() == 0) {
		pid_t b;

		setsid();
		/* Whoever started us waits for an end of these. */
		if (freopen("/dev/null", "r", stdin) == NULL)
			_exit(1);
		b = spawn(pid, mark, who);
		printf("replaced\n");
		fflush(stdout);
		if (freopen("/dev/null", "w", stdout) == NULL ||
		    freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		close_range(3, ~0u, 0);
		alarm(20);
		waitpid(b, NULL, 0);
		_exit(0);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	pid_t a, c;
	int fd;

	self = argv[0];
	if (argc == 3 && strcmp(argv[1], "--be") == 0)
		for (;;)
			pause();
	if (argc == 5 && strcmp(argv[1], "--replace") == 0)
		return replace(atoi(argv[2]), argv[3], argv[4]);
	if (argc < 5)
		errx(100, "usage: attack-swap N USER-A USER-B COMMAND...");
	a = spawn(0, "SECRET-OF-A", argv[2]);
	c = fork();
	if (c == 0) {
		fd = (int)syscall(SYS_pidfd_open, a, 0);
		if (fd == -1 || dup3(fd, 9, 0) == -1 || dup2(9, 3) == -1)
			err(111, "open pidfd");
		close(9);
		for (int i = 4; i < argc; i++)
			argv[i] = with_number(argv[i], a);
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) == -1)
			err(111, "be traced");
		raise(SIGSTOP);
		execvp(argv[4], argv + 4);
		err(111, "run %s", argv[4]);
	}
	if (waitpid(c, NULL, 0) == -1 || ptrace(PTRACE_SETOPTIONS, c, 0,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == -1)
		err(111, "trace the command");
	return follow(c, a, atol(argv[1]), argv[3]);
}
