/* SPDX-License-Identifier: ISC */
/*
 * manythreads N [DEPTH [KIB]]: N threads with stacks of KIB (64), each asleep
 * some DEPTH calls deep (25: about 28 frames), most of them through qsort(3); then
 * the first is told to write through a null pointer.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KEEP	__attribute__((noinline))
#define STAY()	__asm__ volatile("" ::: "memory")

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int *volatile null_pointer;
static int count, depth = 25;

struct call {
	int level, n;
};

static KEEP void even(int, int);

static KEEP void
culprit(void)
{
	*null_pointer = 1;
}

static KEEP void
asleep(int n)
{
	pthread_mutex_lock(&lock);
	count++;
	pthread_cond_signal(&arrived);
	if (n == 0) {
		while (count >= 0)
			pthread_cond_wait(&never, &lock);
		pthread_mutex_unlock(&lock);
		culprit();
	}
	pthread_mutex_unlock(&lock);
	for (;;)
		pause();
}

/*
 * Through the C library and back, as calls in real programs go: its frames save
 * all the registers they may.
 */
static KEEP int
compare(const void *p, const void *unused)
{
	const struct call *c = p;

	(void)unused;
	even(c->level, c->n);
	STAY();
	return (0);
}

static KEEP void
odd(int level, int n)
{
	struct call two[2] = { { level - 6, n }, { level - 6, n } };

	if (level <= 0)
		asleep(n);
	else
		qsort(two, 2, sizeof(two[0]), compare);
	STAY();
}

static KEEP void
even(int level, int n)
{
	if (level <= 0)
		asleep(n);
	else
		odd(level - 1, n);
	STAY();
}

static KEEP void *
start(void *p)
{
	even(depth - 2, (int)(long)p);
	STAY();
	return (p);
}

int
main(int argc, char **argv)
{
	pthread_attr_t attr;
	pthread_t t;
	long i, kib, n;

	if (argc < 2 || (n = atol(argv[1])) < 1)
		errx(100, "usage: manythreads N [DEPTH [KIB]]");
	if (argc > 2)
		depth = atoi(argv[2]);
	/* The whole of each stack is in the core: 8 MiB each would be 8 GB. */
	kib = argc > 3 ? atol(argv[3]) : 64;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)kib * 1024);
	for (i = 0; i < n; i++)
		if ((errno = pthread_create(&t, &attr, start, (void *)i)) != 0)
			err(111, "start thread %ld", i);
	pthread_mutex_lock(&lock);
	while (count < n)
		pthread_cond_wait(&arrived, &lock);
	count = -1;
	pthread_cond_broadcast(&never);
	pthread_mutex_unlock(&lock);
	for (;;)
		pause();
}
