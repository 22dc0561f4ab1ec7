/* SPDX-License-Identifier: ISC */
#include "sandbox.h"

#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module/worker.h"

#include "xalloc.h"

#define CPU_MAX 5			/* seconds that it may take to close it */

static int
limit(int resource, rlim_t to)
{
	const struct rlimit l = { to, to };

	return setrlimit(resource, &l);
}

static void
enter_limits(uint64_t memory, struct strings *missing)
{
	/* Not RLIMIT_AS: a core of 64 GiB is mapped whole, and is no memory.
	   Not RLIMIT_NPROC: seccomp refuses fork, and root has no such limit. */
#ifndef COREPIPE_SANITIZED
	if (limit(RLIMIT_DATA, memory) == -1)
		strings_add(missing, "sandbox: no limit on memory: %s",
		    strerror(errno));
#else
	(void)memory;			/* the sanitizers' shadow is larger */
#endif
	if (limit(RLIMIT_CORE, 0) == -1)
		strings_add(missing, "sandbox: no limit on cores: %s",
		    strerror(errno));
}

/* Later than the headers this may be compiled with (landlock(7)). */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER	(1ULL << 13)	/* ABI 2 */
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE	(1ULL << 14)	/* ABI 3 */
#endif

/* Of no use for a report, and full of what other processes are. */
static const char *const never[] = { "/proc", "/sys", NULL };

/*
 * 2: PATH is one of CLOSED. 1: one of them is below it. 0: it can be open.
 */
static int
is_closed(const char *path, const char *const *closed)
{
	size_t len = strlen(path);
	int within = 0;

	for (; *closed != NULL; closed++) {
		if (strncmp(*closed, path, len) != 0)
			continue;
		if ((*closed)[len] == '\0')
			return 2;
		if ((*closed)[len] == '/')
			within = 1;
	}
	return within;
}

static int
allow_reading(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
		    LANDLOCK_ACCESS_FS_READ_DIR,
		.parent_fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC)
	};
	int rc;

	if (rule.parent_fd == -1)
		return 0;		/* nor could it be read */
	rc = (int)syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (rc == -1 && errno == EINVAL) {
		rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
		rc = (int)syscall(SYS_landlock_add_rule, ruleset,
		    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
	return rc;
}

/*
 * Landlock knows no exceptions: what is to be left out is, by allowing its
 * neighbours, and those of each directory on the way to it. PATH ends in "/".
 */
static int
allow_around(int ruleset, const char *path, const char *const *closed)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int rc = 0;

	while (rc == 0 && dir != NULL && (entry = readdir(dir)) != NULL) {
		char *below, *slashed;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    entry->d_type == DT_LNK)
			continue;
		below = xasprintf("%s%s", path, entry->d_name);
		switch (is_closed(below, never) == 2 ? 2 :
		    is_closed(below, closed)) {
		case 0:
			rc = allow_reading(ruleset, below);
			break;
		case 1:
			slashed = xasprintf("%s/", below);
			rc = allow_around(ruleset, slashed, closed);
			free(slashed);
			break;
		}
		free(below);
	}
	if (dir != NULL)
		closedir(dir);
	return rc;
}

/* Everything that a file system can do is handled, so denied, but reading
   where it is allowed. */
static void
enter_landlock(const char *const *closed, struct strings *missing)
{
	struct landlock_ruleset_attr ruleset = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE |
		    LANDLOCK_ACCESS_FS_WRITE_FILE |
		    LANDLOCK_ACCESS_FS_READ_FILE |
		    LANDLOCK_ACCESS_FS_READ_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_FILE |
		    LANDLOCK_ACCESS_FS_MAKE_CHAR |
		    LANDLOCK_ACCESS_FS_MAKE_DIR |
		    LANDLOCK_ACCESS_FS_MAKE_REG |
		    LANDLOCK_ACCESS_FS_MAKE_SOCK |
		    LANDLOCK_ACCESS_FS_MAKE_FIFO |
		    LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		    LANDLOCK_ACCESS_FS_MAKE_SYM
	};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	int fd;

	if (abi >= 2)
		ruleset.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		ruleset.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
	fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset,
	    sizeof ruleset, 0);
	if (fd == -1 ||
	    (closed != NULL && allow_around(fd, "/", closed) == -1) ||
	    syscall(SYS_landlock_restrict_self, fd, 0) == -1)
		strings_add(missing, "sandbox: no Landlock: %s",
		    strerror(errno));
	if (fd != -1)
		close(fd);
}

/*
 * What reading files, memory and the clock takes. Everything that is not in
 * the table is refused: the last line of the filter is "default deny".
 */
static const int permitted[] = {
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mremap), SCMP_SYS(munmap),
	SCMP_SYS(mprotect), SCMP_SYS(madvise),
	/* files, for reading: how they are opened is said below */
	SCMP_SYS(close), SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(lseek), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
	SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(getcwd),
	/* what is already open for writing */
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(ftruncate),
	/* itself */
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(sched_yield),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(getrandom),
	SCMP_SYS(restart_syscall), SCMP_SYS(setitimer), SCMP_SYS(sysinfo),
	SCMP_SYS(sigaltstack),
#ifdef COREPIPE_SANITIZED
	SCMP_SYS(sched_getaffinity), SCMP_SYS(getrusage), SCMP_SYS(ioctl),
	SCMP_SYS(kill), SCMP_SYS(clone), SCMP_SYS(wait4), SCMP_SYS(pipe2),
	SCMP_SYS(pipe), SCMP_SYS(prctl), SCMP_SYS(getppid), SCMP_SYS(arch_prctl),
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(process_vm_readv),
#endif
};

/* CALL, when its first argument is ARGUMENT. */
static int
permit_for(scmp_filter_ctx ctx, int call, scmp_datum_t argument)
{
	const struct scmp_arg_cmp is = {
		.arg = 0, .op = SCMP_CMP_EQ, .datum_a = argument, .datum_b = 0
	};

	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, call, 1, &is);
}

/* CALL, when its argument FLAGS says O_RDONLY and makes nothing. */
static int
permit_reading(scmp_filter_ctx ctx, int call, unsigned flags)
{
	const struct scmp_arg_cmp is = {
		.arg = flags, .op = SCMP_CMP_MASKED_EQ,
		.datum_a = O_ACCMODE | O_CREAT | O_TRUNC, .datum_b = O_RDONLY
	};

	if (call < 0)
		return 0;		/* this machine has no such call */
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, call, 1, &is);
}

/*
 * libseccomp may load a filter that has lost rules where it found no memory,
 * and call it a success. Who cannot even write then, or exit, is to die at
 * once, for its parent to see.
 */
static void
check_filter(void)
{
	/* None of them can do anything with these arguments. */
	static const long probe[][3] = {
		{ SYS_write, -1, 0 }, { SYS_close, -1, 0 },
		{ SYS_pread64, -1, 0 }, { SYS_munmap, 1, 0 },
		{ SYS_setitimer, -1, 0 }, { SYS_rt_sigaction, -1, 0 },
		{ SYS_futex, 0, -1 }, { SYS_clock_gettime, -1, 0 }
	};

	for (size_t i = 0; i < sizeof probe / sizeof probe[0]; i++)
		if (syscall(probe[i][0], probe[i][1], probe[i][2], 0, 0, 0,
		    0) == -1 && errno == EPERM)
			__builtin_trap();
}

static void
enter_seccomp(struct strings *missing)
{
	/* EPERM, not a kill: a library's odd call fails, the report goes on. */
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = ctx == NULL ? -ENOMEM : 0;

	for (size_t i = 0; rc == 0 &&
	    i < sizeof permitted / sizeof permitted[0]; i++) {
		/* A call this machine does not have is no rule. */
		if (permitted[i] >= 0)
			rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
			    permitted[i], 0);
	}
	/* abort() of an assertion in a library must be a death, not an endless
	   loop; nobody else is to be signalled or limited. */
	if (rc == 0)
		rc = permit_for(ctx, SCMP_SYS(tgkill), (scmp_datum_t)getpid());
	if (rc == 0)
		rc = permit_for(ctx, SCMP_SYS(prlimit64), 0);
	if (rc == 0)
		rc = permit_reading(ctx, SCMP_SYS(open), 1);
	if (rc == 0)
		rc = permit_reading(ctx, SCMP_SYS(openat), 2);
	/* Around the worker too. */
	if (rc == 0)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (rc == 0)
		rc = seccomp_load(ctx);
	if (rc != 0)
		strings_add(missing, "sandbox: no seccomp: %s", strerror(-rc));
	else
		check_filter();
	seccomp_release(ctx);
}

/* Seconds of CPU until SIGVTALRM is the end; 0: no more. */
static void
set_clock(time_t seconds)
{
	const struct itimerval timer = { .it_value.tv_sec = seconds };

	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

void
sandbox_enter(uint64_t memory, const char *const *closed,
    struct strings *missing)
{
	/* libseccomp can loop for ever where it finds no memory. */
	set_clock(CPU_MAX);
	enter_limits(memory, missing);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		strings_add(missing, "sandbox: new privileges: %s",
		    strerror(errno));
	enter_landlock(closed, missing);
	worker_start();
	enter_seccomp(missing);
	set_clock(0);
}
