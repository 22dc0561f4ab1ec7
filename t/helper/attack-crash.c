/* SPDX-License-Identifier: ISC */
/*
 * attack-crash [OPTION]...: a process that did something hostile and dies of
 * SIGSEGV below main -> strike.
 *
 *	-a BYTES	starts itself again with arguments of BYTES in all
 *	-z BYTES	starts itself again with argv[0] of BYTES, all \177
 *	-c NAME		calls itself NAME
 *	-D N		prctl(PR_SET_DUMPABLE, N)
 *	-e		has a register point at its environment
 *	-f N		has N descriptors open
 *	-F FILE		has the descriptor 7 open on a new FILE
 *	-m N		has N mappings
 *	-R N		strikes below N calls
 *	-r		asks for cores without limit, again and again
 *	-u UID		changed to user and group UID, as a daemon does
 *	-w FILE		writes its pid to FILE, and waits to be killed
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;
static int *volatile null_pointer;
static const char secret[] = "SECRET-OF-THE-MEMORY";
static char *volatile kept;

static __attribute__((noinline)) void
strike(const char *where)
{
	/* WHERE stays in its register, for the report to look at. */
	__asm__ volatile("movl $7, (%0)" :: "r"(null_pointer), "D"(where)
	    : "memory");
}

/* The barrier keeps it from being made a loop. */
static __attribute__((noinline)) void
deep(unsigned n, const char *where)
{
	if (n > 0)
		deep(n - 1, where);
	else
		strike(where);
	__asm__ volatile("" ::: "memory");
}

/* One argument may have 128 KiB. */
static void
again_with_arguments(char *self, size_t bytes)
{
	size_t each = (128u << 10) - 16, n = bytes / each + 1;
	char **argv = calloc(n + 2, sizeof *argv);
	char *arg = malloc(each + 1);

	memset(arg, 'A', each);
	arg[each] = '\0';
	argv[0] = self;
	argv[1] = "--";
	for (size_t i = 2; i <= n; i++)
		argv[i] = arg;
	execv("/proc/self/exe", argv);
	err(1, "exec with %zu bytes", bytes);
}

static void
again_with_name(size_t bytes)
{
	char *argv[] = { malloc(bytes + 1), "--", NULL };

	memset(argv[0], '\177', bytes);
	argv[0][bytes] = '\0';
	execv("/proc/self/exe", argv);
	err(1, "exec with a name of %zu bytes", bytes);
}

static void
open_many(unsigned n)
{
	struct rlimit l = { n + 100, n + 100 };
	int fd = open("/dev/null", O_RDONLY);

	if (setrlimit(RLIMIT_NOFILE, &l) == -1)
		err(1, "raise the limit of descriptors");
	while (n-- > 0)
		if (dup(fd) == -1)
			err(1, "dup");
}

/* Neighbours of different protection are not merged. */
static void
map_many(unsigned n)
{
	char *at = mmap(NULL, (size_t)n * 4096, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		err(1, "mmap");
	for (unsigned i = 0; i < n; i += 2)
		if (mprotect(at + (size_t)i * 4096, 4096, PROT_READ) == -1)
			err(1, "mprotect %u", i);
}

static void
become(unsigned id)
{
	if (setgroups(0, NULL) == -1 || setresgid(id, id, id) == -1 ||
	    setresuid(id, id, id) == -1)
		err(1, "become %u", id);
}

static void
wait_for_death(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		err(1, "open %s", path);
	fprintf(f, "%d\n", (int)getpid());
	fclose(f);
	for (;;)
		pause();
}

int
main(int argc, char **argv)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	const char *where = NULL, *path;
	int opt, fd;

	kept = strdup(secret);
	while ((opt = getopt(argc, argv, "a:z:c:D:ef:F:m:R:ru:w:")) != -1)
		switch (opt) {
		case 'a':
			again_with_arguments(argv[0], strtoul(optarg, NULL, 10));
			break;
		case 'z':
			again_with_name(strtoul(optarg, NULL, 10));
			break;
		case 'c':
			prctl(PR_SET_NAME, optarg);
			break;
		case 'D':
			prctl(PR_SET_DUMPABLE, atoi(optarg));
			break;
		case 'e':
			where = environ[0];
			break;
		case 'f':
			open_many((unsigned)atoi(optarg));
			break;
		case 'F':
			path = optarg;
			fd = open(path, O_WRONLY | O_CREAT, 0600);
			if (fd == -1 || dup2(fd, 7) == -1)
				err(1, "open %s", path);
			break;
		case 'm':
			map_many((unsigned)atoi(optarg));
			break;
		case 'R':
			deep((unsigned)atoi(optarg), where);
			break;
		case 'r':
			setrlimit(RLIMIT_CORE, &unlimited);
			break;
		case 'u':
			become((unsigned)atoi(optarg));
			break;
		case 'w':
			wait_for_death(optarg);
			break;
		default:
			return 1;
		}
	strike(where);
	return 0;
}
