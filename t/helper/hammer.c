/* SPDX-License-Identifier: ISC */
/*
 * hammer prefixes|fields|bytes FILE command... : run the command once for every
 * way of spoiling FILE, with the spoilt one in the place of each argument "@"
 * (a path) or on its standard input ("<").
 *	prefixes	every length from 0 to its own
 *	fields		every aligned 2, 4 and 8 bytes of the ranges on standard
 *			input ("offset length", a line each), made 0, 1, 0x7f…
 *			and 0xff…
 *	bytes		each byte of the ranges, its bits turned over
 * Says, a line each, where the command died of a signal, had a status that is
 * none of ours, failed without a word or took far too long, and at the end
 *	runs N signals N maxrss KIB
 * where signals counts the runs in which its child died, and it went on. With
 * HAMMER_STEP=N in the environment, only every Nth is run.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SLOW 30				/* seconds: a run should take none */

static unsigned char *file, *spoilt;
static size_t size;
static char **command;
static int is_stdin, input, said;
static char path[64];
static unsigned long runs, skipped, step = 1, signals, maxrss;

static void
read_file(const char *name)
{
	FILE *f = fopen(name, "rb");

	file = malloc(1 << 20);
	if (f == NULL || (size = fread(file, 1, 1 << 20, f)) == 0)
		err(111, "read %s", name);
	fclose(f);
	spoilt = malloc(size);
}

static pid_t
start(void)
{
	pid_t pid = fork();
	int null = open("/dev/null", O_RDWR);

	if (pid != 0) {
		close(null);
		return pid;
	}
	dup2(is_stdin ? input : null, 0);
	dup2(null, 1);
	dup2(said, 2);
	execvp(command[0], command);
	_exit(127);
}

static const char *
judge(int status, long took, char *words)
{
	if (WIFSIGNALED(status))
		return "died of a signal";
	switch (WEXITSTATUS(status)) {
	case 0:
		break;
	case 1: case 100: case 111:
		if (words[0] == '\0')
			return "said nothing";
		break;
	default:
		return "has a status that is none of ours";
	}
	if (strchr(words, '\033') != NULL)
		return "said what a terminal obeys";
	return took > SLOW ? "took too long" : NULL;
}

static void
run(const unsigned char *bytes, size_t len, const char *how)
{
	static char words[65536];
	struct timespec before, after;
	struct rusage usage;
	const char *verdict;
	ssize_t n;
	pid_t pid;
	int status;

	if (skipped++ % step != 0)
		return;
	if (ftruncate(input, 0) == -1 || lseek(input, 0, SEEK_SET) == -1 ||
	    write(input, bytes, len) != (ssize_t)len ||
	    lseek(input, 0, SEEK_SET) == -1 || ftruncate(said, 0) == -1 ||
	    lseek(said, 0, SEEK_SET) == -1)
		err(111, "write the spoilt file");
	clock_gettime(CLOCK_MONOTONIC, &before);
	pid = start();
	if (pid == -1 || wait4(pid, &status, 0, &usage) == -1)
		err(111, "run %s", command[0]);
	clock_gettime(CLOCK_MONOTONIC, &after);
	n = pread(said, words, sizeof words - 1, 0);
	words[n > 0 ? n : 0] = '\0';
	runs++;
	signals += strstr(words, "died of signal") != NULL;
	if ((unsigned long)usage.ru_maxrss > maxrss)
		maxrss = (unsigned long)usage.ru_maxrss;
	verdict = judge(status, after.tv_sec - before.tv_sec, words);
	if (verdict != NULL)
		printf("%s: %s (status 0x%x): %.200s\n", how, verdict,
		    (unsigned)status, words);
}

static void
prefixes(void)
{
	char how[64];

	for (size_t len = 0; len <= size; len++) {
		snprintf(how, sizeof how, "prefix of %zu", len);
		run(file, len, how);
	}
}

static void
spoil_field(size_t at, size_t width)
{
	static const unsigned char first[] = { 0, 1, 0xff, 0xff, 0xfe };
	static const unsigned char rest[] = { 0, 0, 0xff, 0xff, 0xff };
	static const unsigned char last[] = { 0, 0, 0x7f, 0xff, 0xff };
	char how[64];

	for (size_t i = 0; i < sizeof first; i++) {
		memcpy(spoilt, file, size);
		memset(spoilt + at, rest[i], width);
		spoilt[at + width - 1] = last[i];
		spoilt[at] = first[i];
		if (memcmp(spoilt, file, size) == 0)
			continue;
		snprintf(how, sizeof how, "%zu bytes at %zu, way %zu", width,
		    at, i);
		run(spoilt, size, how);
	}
}

static void
fields(void)
{
	size_t at, len;

	while (scanf("%zu %zu%*[^\n]", &at, &len) == 2)
		for (size_t width = 2; width <= 8; width *= 2)
			for (size_t i = at; i + width <= at + len &&
			    i + width <= size; i += width)
				spoil_field(i, width);
}

static void
bytes(void)
{
	char how[64];
	size_t at, len;

	while (scanf("%zu %zu%*[^\n]", &at, &len) == 2)
		for (size_t i = at; i < at + len && i < size; i++) {
			memcpy(spoilt, file, size);
			spoilt[i] ^= 0xff;
			snprintf(how, sizeof how, "byte %zu", i);
			run(spoilt, size, how);
		}
}

int
main(int argc, char **argv)
{
	if (argc < 4)
		errx(100, "usage: hammer prefixes|fields|bytes FILE "
		    "command... (@ or < is the spoilt file)");
	read_file(argv[2]);
	command = argv + 3;
	input = memfd_create("spoilt", 0);
	said = memfd_create("said", MFD_CLOEXEC);
	if (input == -1 || said == -1)
		err(111, "make files");
	if (getenv("HAMMER_STEP") != NULL)
		step = strtoul(getenv("HAMMER_STEP"), NULL, 10);
	if (step == 0)
		errx(100, "HAMMER_STEP must not be 0");
	snprintf(path, sizeof path, "/proc/self/fd/%d", input);
	for (int i = 3; i < argc; i++)
		if (strcmp(argv[i], "@") == 0)
			argv[i] = path;
		else if (strcmp(argv[i], "<") == 0) {
			argv[i] = (char *)(uintptr_t)"-";
			is_stdin = 1;
		}
	if (strcmp(argv[1], "prefixes") == 0)
		prefixes();
	else if (strcmp(argv[1], "fields") == 0)
		fields();
	else
		bytes();
	printf("runs %lu signals %lu maxrss %lu\n", runs, signals, maxrss);
	return 0;
}
