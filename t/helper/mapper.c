/* SPDX-License-Identifier: ISC */
/*
 * mapper SIZE TOUCHED [reserved]: maps SIZE bytes, writes TOUCHED of them, and
 * aborts. Sizes take K, M and G. With "reserved", TOUCHED is a count of pages,
 * spread over all of it.
 * Says the time of the crash on descriptor 3, if that is open.
 * mapper zoo [FILE]: has a mapping of every kind, some of FILE.
 * mapper many COUNT, mapper threads COUNT: has that many mappings, or threads.
 * mapper locks COUNT SIZE: has COUNT threads that hold a robust mutex each, and
 * SIZE bytes that were written.
 * mapper vfork SIZE: a child of vfork(2) aborts; then its parent writes to the
 * SIZE bytes again.
 * mapper orphan: its first thread has ended before another one aborts.
 */
#define _GNU_SOURCE
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static size_t page;

static size_t
size_of(const char *text)
{
	char *end;
	size_t n = strtoull(text, &end, 10);

	switch (*end) {
	case 'G':
		n <<= 10;
		/* FALLTHROUGH */
	case 'M':
		n <<= 10;
		/* FALLTHROUGH */
	case 'K':
		n <<= 10;
	}
	return n;
}

static char *
map(size_t size, int prot, int flags, int fd, off_t offset)
{
	char *p = mmap(NULL, size, prot, flags | MAP_NORESERVE, fd, offset);

	if (p == MAP_FAILED)
		err(1, "map %zu bytes", size);
	return p;
}

static char *
anonymous(size_t size)
{
	return map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
}

/* What compresses about as well as the memory of programs does. */
static void
fill(char *p, size_t size)
{
	static uint64_t state = 88172645463325252u;

	for (size_t i = 0; i + 16 <= size; i += 16) {
		uint64_t word[2];

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		word[0] = state & 0xffffff;
		word[1] = (uintptr_t)p + (state >> 40 & 0xfff8);
		memcpy(p + i, word, sizeof word);
	}
}

static void
touch_pages(char *p, size_t size, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = size / count * i / page * page;

		fill(p + at, 64);
	}
}

static void
zoo_anonymous(void)
{
	char *p = anonymous(64 * page);

	fill(p, 10 * page);
	fill(p + 20 * page, page);
	(void)*(volatile char *)(p + 30 * page);	/* the page of zeros */
	memset(p + 31 * page, 0, page);
	p = anonymous(16 * page);
	fill(p, 16 * page);
	mprotect(p, 8 * page, PROT_NONE);
	mprotect(p + 8 * page, 4 * page, PROT_EXEC);
	mprotect(p + 12 * page, page, PROT_WRITE);
	p = anonymous(16 * page);
	fill(p, 16 * page);
	madvise(p, 8 * page, MADV_DONTDUMP);
	madvise(p + 12 * page, 2 * page, MADV_GUARD_INSTALL);
	map(64 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p = map(64 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	    -1, 0);
	fill(p + 3 * page, 5 * page);
	touch_pages(anonymous(16384 * page), 16384 * page, 10);
}

/* Only where the administrator has put some aside. */
static void
zoo_huge(void)
{
	static const int kind[] = { MAP_PRIVATE, MAP_SHARED };

	for (int i = 0; i < 2; i++) {
		char *p = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE,
		    kind[i] | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

		if (p == MAP_FAILED)
			return;
		fill(p, page);
		fill(p + 50 * page, page);
	}
}

static void
zoo_memory_files(void)
{
	int fd = memfd_create("zoo", 0), shm;
	char *p;

	if (fd == -1 || ftruncate(fd, 40 * (off_t)page + 100) == -1)
		err(1, "make memfd");
	p = map(32 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	fill(p + 2 * page, 3 * page);
	/* By way of the file: these pages are not in the page table. */
	if (pwrite(fd, "not mapped", 10, 20 * (off_t)page) != 10 ||
	    pwrite(fd, "at the end", 10, 40 * (off_t)page) != 10)
		err(1, "write memfd");
	p = map(64 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	fill(p + 7 * page, page);
	shm = shmget(IPC_PRIVATE, 16 * page, IPC_CREAT | 0600);
	if (shm != -1 && (p = shmat(shm, NULL, 0)) != (void *)-1) {
		shmctl(shm, IPC_RMID, NULL);
		fill(p, 2 * page);
	}
}

static void
zoo_files(const char *path)
{
	int fd = open(path, O_RDWR);
	char *p;

	if (fd == -1)
		err(1, "open '%s'", path);
	map(32 * page, PROT_READ, MAP_PRIVATE, fd, 0);
	p = map(32 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	fill(p + 5 * page, page);
	p = map(32 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd,
	    (off_t)page);
	fill(p + 5 * page, page);
	mprotect(p, 16 * page, PROT_NONE);
	map(32 * page, PROT_READ, MAP_SHARED, fd, 0);
	map(32 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	/* Far beyond the end of the file. */
	p = map(4096 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	fill(p, page);
	unlink(path);
}

static void
many(size_t count)
{
	char *p = anonymous(count * page);

	for (size_t i = 0; i < count; i++) {
		if (i % 5 == 0)
			fill(p + i * page, 64);
		if (i % 2 == 0 && mprotect(p + i * page, page, PROT_READ) == -1)
			err(1, "protect page %zu", i);
	}
}

static void *
asleep(void *arg)
{
	pthread_barrier_wait(arg);
	pause();
	return arg;
}

static void
threads(size_t count)
{
	pthread_barrier_t all;
	pthread_attr_t attr;
	pthread_t thread;

	pthread_barrier_init(&all, NULL, (unsigned)count + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&thread, &attr, asleep, &all) != 0)
			err(1, "start thread %zu", i);
	pthread_barrier_wait(&all);
}

struct lock {
	pthread_mutex_t mutex;
	pthread_barrier_t *all;
};

static void *
lock_and_sleep(void *arg)
{
	struct lock *lock = arg;

	pthread_mutex_lock(&lock->mutex);
	return asleep(lock->all);
}

static void
locks(size_t count)
{
	struct lock *lock = calloc(count, sizeof *lock);
	pthread_mutexattr_t attr;
	pthread_barrier_t all;
	pthread_t thread;

	if (lock == NULL)
		err(1, "allocate locks");
	pthread_barrier_init(&all, NULL, (unsigned)count + 1);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	for (size_t i = 0; i < count; i++) {
		pthread_mutex_init(&lock[i].mutex, &attr);
		lock[i].all = &all;
		if (pthread_create(&thread, NULL, lock_and_sleep, &lock[i]) != 0)
			err(1, "start thread %zu", i);
	}
	pthread_barrier_wait(&all);
}

static void
child_of_vfork(size_t size)
{
	char *p = anonymous(size);
	pid_t child;

	fill(p, size);
	child = vfork();
	if (child == 0)
		abort();
	memset(p, 1, size);
	waitpid(child, NULL, 0);
	exit(0);
}

static void *
abort_alone(void *arg)
{
	char path[64], state[64] = "";
	int fd;

	snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
	while (strstr(state, ") Z ") == NULL) {
		fd = open(path, O_RDONLY);
		if (fd == -1 || read(fd, state, sizeof state - 1) == -1)
			break;
		close(fd);
	}
	abort();
	return arg;
}

static void
orphan(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, abort_alone, NULL) != 0)
		err(1, "start a thread");
	pthread_exit(NULL);
}

static void
say_when(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (write(3, &now, sizeof now) == -1)
		return;
}

int
main(int argc, char **argv)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	if (argc > 1 && strcmp(argv[1], "zoo") == 0) {
		zoo_anonymous();
		zoo_memory_files();
		zoo_huge();
		if (argc > 2)
			zoo_files(argv[2]);
	} else if (argc > 2 && strcmp(argv[1], "many") == 0)
		many(size_of(argv[2]));
	else if (argc > 2 && strcmp(argv[1], "threads") == 0)
		threads(size_of(argv[2]));
	else if (argc > 3 && strcmp(argv[1], "locks") == 0) {
		locks(size_of(argv[2]));
		fill(anonymous(size_of(argv[3])), size_of(argv[3]));
	} else if (argc > 2 && strcmp(argv[1], "vfork") == 0)
		child_of_vfork(size_of(argv[2]));
	else if (argc > 1 && strcmp(argv[1], "orphan") == 0)
		orphan();
	else if (argc > 3)
		touch_pages(anonymous(size_of(argv[1])), size_of(argv[1]),
		    size_of(argv[2]));
	else if (argc > 2)
		fill(anonymous(size_of(argv[1])), size_of(argv[2]));
	else
		errx(1, "usage: mapper SIZE TOUCHED [reserved]");
	say_when();
	abort();
}
