/* SPDX-License-Identifier: ISC */
/*
 * wreck MODE [ARG [KIB]]: dies in the way MODE says, always below
 * main -> outer -> inner, so that a test knows the frames beforehand; with so
 * much memory that does not compress.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The empty asm after a call keeps it from becoming a tail call. */
#define KEEP	__attribute__((noinline))
#define STAY()	__asm__ volatile("" ::: "memory")

static int *volatile null_pointer;
static void (*volatile target)(void);
static volatile int zero, sink;
static unsigned char not_code[64];
static const char *arg;

static KEEP void
die_null(void)
{
	*null_pointer = 7;
}

static KEEP void
die_abort(void)
{
	abort();
}

static KEEP void
die_assert(void)
{
	assert(zero == 3 && "queue not empty");
}

static KEEP int
die_stack(int n)
{
	volatile char page[4096];

	page[n & 4095] = (char)n;
	if (n > 0)
		sink = die_stack(n + 1) + page[n & 4095];
	return (sink);
}

static KEEP void
die_callnull(void)
{
	target = NULL;
	target();
	STAY();
}

static KEEP void
die_wild(void)
{
	target = (void (*)(void))(uintptr_t)0x41414000;
	target();
	STAY();
}

static KEEP void
die_nx(void)
{
	target = (void (*)(void))(uintptr_t)not_code;
	target();
	STAY();
}

static KEEP void
die_div(void)
{
	sink = 7 / zero;
}

/* The second page of a file of one byte. */
static KEEP void
die_bus(void)
{
	FILE *f;
	char *p;

	if ((f = tmpfile()) == NULL || fputc('x', f) == EOF || fflush(f) != 0)
		_exit(2);
	p = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fileno(f), 0);
	if (p == MAP_FAILED)
		_exit(2);
	sink = p[4096];
}

/*
 * Each does something before the next begins: gdb does not show an inlined call
 * as a frame while it stands on the first instruction of it.
 */
static inline __attribute__((always_inline)) int
inlined_twice(volatile int *p)
{
	sink = 2;
	return (*p + 1);
}

static inline __attribute__((always_inline)) int
inlined_once(volatile int *p)
{
	sink = 1;
	return (inlined_twice(p) + 1);
}

static KEEP void
die_inline(void)
{
	sink = inlined_once(null_pointer);
}

static KEEP void
on_signal(int sig)
{
	(void)sig;
	abort();
}

static KEEP void
die_handler(void)
{
	signal(SIGSEGV, on_signal);
	*null_pointer = 7;
	STAY();
}

static KEEP void *
worker(void *unused)
{
	die_null();
	STAY();
	return (unused);
}

static KEEP void
die_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, worker, NULL) != 0)
		_exit(2);
	pthread_join(t, NULL);
	STAY();
}

/* Another file takes the place of the one that runs. */
static KEEP void
die_replaced(void)
{
	FILE *f;

	if (unlink(arg) == -1 || (f = fopen(arg, "w")) == NULL)
		_exit(2);
	fputs("not what ran\n", f);
	fclose(f);
	die_null();
	STAY();
}

static KEEP void
die_deleted(void)
{
	if (unlink(arg) == -1)
		_exit(2);
	die_null();
	STAY();
}

static KEEP void
die_named(void)
{
	prctl(PR_SET_NAME, arg);
	die_null();
	STAY();
}

static KEEP void
die_waiting(void)
{
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

static const struct mode {
	const char *name;
	void (*die)(void);
} modes[] = {
	{ "abort", die_abort },
	{ "assert", die_assert },
	{ "bus", die_bus },
	{ "callnull", die_callnull },
	{ "deleted", die_deleted },
	{ "div", die_div },
	{ "handler", die_handler },
	{ "inline", die_inline },
	{ "named", die_named },
	{ "null", die_null },
	{ "nx", die_nx },
	{ "replaced", die_replaced },
	{ "thread", die_thread },
	{ "wait", die_waiting },
	{ "wild", die_wild },
};

static KEEP void
inner(const char *mode)
{
	size_t i;

	if (strcmp(mode, "stack") == 0)
		sink = die_stack(1);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(mode, modes[i].name) == 0)
			modes[i].die();
	STAY();
}

static KEEP void
outer(const char *mode)
{
	inner(mode);
	STAY();
}

static void
weigh(size_t size)
{
	uint32_t state = 1, *word = malloc(size);

	for (size_t i = 0; word != NULL && i < size / sizeof *word; i++)
		word[i] = state = state * 1664525 + 1013904223;
	STAY();
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return (100);
	arg = argc > 2 ? argv[2] : "wreck";
	if (argc > 3)
		weigh((size_t)atoi(argv[3]) * 1024);
	outer(argv[1]);
	return (0);
}
