/* SPDX-License-Identifier: ISC */
/*
 * states KIND...: aborts with pages in states that a kernel has:
 *
 *	swapped		on a disk: anonymous, shared, and of a memfd
 *	huge		transparent huge pages, whole, split and of zeros
 *	reserved	of hugetlbfs, private and shared, partly written
 *	merged		of KSM
 *	locked		mlock(2), mlock2(2) on fault
 *	forked		inherited: copied on write, wiped, not there
 *	freed		given back, or lazily so
 *	moved		by mremap(2), and what it left
 *	growing		MAP_GROWSDOWN
 *	scattered	shared, every other page not mapped, or in no file
 *
 * What could not be brought about is said on descriptor 1.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HUGE	((size_t)2 << 20)

static size_t page;

static char *
map(size_t size, int flags, int fd)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		err(1, "map %zu bytes", size);
	return p;
}

static void
fill(char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		snprintf(p + i * page, page, "page %zu at %p", i, (void *)p);
}

/* How many of the pages are not in memory. */
static size_t
away(char *p, size_t pages)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	size_t count = 0;
	uint64_t entry;

	for (size_t i = 0; i < pages && fd != -1; i++)
		if (pread(fd, &entry, sizeof entry, (off_t)(((uintptr_t)p /
		    page + i) * sizeof entry)) == sizeof entry &&
		    entry >> 63 == 0)
			count++;
	close(fd);
	return count;
}

static void
swapped(void)
{
	char *p[3];

	p[0] = map(300 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	p[1] = map(300 * page, MAP_SHARED | MAP_ANONYMOUS, -1);
	p[2] = map(300 * page, MAP_PRIVATE, memfd_create("swapped", 0));
	for (int i = 0; i < 2; i++) {
		fill(p[i], 200);
		madvise(p[i], 150 * page, MADV_PAGEOUT);
		printf("%s: %zu of 150 pages are away\n",
		    i == 0 ? "private" : "shared", away(p[i], 150));
	}
}

static void
huge(void)
{
	char *p = map(8 * HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	p = (char *)(((uintptr_t)p + HUGE - 1) / HUGE * HUGE);
	if (madvise(p, 7 * HUGE, MADV_HUGEPAGE) == -1)
		warn("huge pages");
	fill(p, HUGE / page);			/* a whole one */
	(void)*(volatile char *)(p + HUGE);	/* the huge page of zeros */
	fill(p + 2 * HUGE, 1);
	madvise(p + 2 * HUGE + 7 * page, 9 * page, MADV_DONTNEED);
	fill(p + 3 * HUGE, 1);
	mprotect(p + 3 * HUGE + 5 * page, page, PROT_NONE);
	fill(p + 5 * HUGE, 1);
	madvise(p + 5 * HUGE, 100 * page, MADV_DONTDUMP);
}

static void
reserved(void)
{
	static const int kind[] = { MAP_PRIVATE, MAP_SHARED };

	for (int i = 0; i < 2; i++) {
		char *p = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE,
		    kind[i] | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

		if (p == MAP_FAILED) {
			printf("none reserved\n");
			return;
		}
		fill(p, 3);
		fill(p + 50 * page, 2);
	}
}

static long
merges(void)
{
	FILE *f = fopen("/sys/kernel/mm/ksm/pages_sharing", "r");
	long n = 0;

	if (f == NULL || fscanf(f, "%ld", &n) != 1)
		n = -1;
	if (f != NULL)
		fclose(f);
	return n;
}

static void
merged(void)
{
	char *p = map(64 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	long before = merges();

	memset(p, 'm', 40 * page);
	memset(p + 40 * page, 0, 10 * page);
	if (madvise(p, 64 * page, MADV_MERGEABLE) == -1)
		warn("merge");
	for (int i = 0; i < 100 && merges() < before + 30; i++)
		usleep(50000);
	printf("%ld pages merged\n", merges() - before);
}

static void
locked(void)
{
	char *p = map(32 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fill(p, 3);
	if (mlock(p, 16 * page) == -1 ||
	    mlock2(p + 16 * page, 16 * page, MLOCK_ONFAULT) == -1)
		warn("lock");
}

static void
forked(void)
{
	char *p = map(64 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	pid_t child;

	fill(p, 64);
	madvise(p + 16 * page, 16 * page, MADV_WIPEONFORK);
	madvise(p + 32 * page, 16 * page, MADV_DONTFORK);
	child = fork();
	if (child > 0) {
		waitpid(child, NULL, 0);
		_exit(0);
	}
	fill(p + 8 * page, 2);
	fill(p + 20 * page, 2);
}

static void
freed(void)
{
	char *p = map(64 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fill(p, 64);
	madvise(p, 16 * page, MADV_DONTNEED);
	madvise(p + 16 * page, 16 * page, MADV_FREE);
	madvise(p + 32 * page, 16 * page, MADV_COLD);
	mprotect(p + 40 * page, 8 * page, PROT_NONE);
	madvise(p + 48 * page, 4 * page, MADV_DONTNEED);
}

static void
moved(void)
{
	char *p = map(64 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fill(p, 64);
	if (mremap(p, 32 * page, 128 * page, MREMAP_MAYMOVE) == MAP_FAILED ||
	    mremap(p + 32 * page, 32 * page, 32 * page, MREMAP_MAYMOVE |
	    MREMAP_DONTUNMAP, NULL) == MAP_FAILED)
		warn("move");
}

static void
growing(void)
{
	char *p = map(64 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	munmap(p, 48 * page);
	p = mmap(p + 48 * page, 16 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	if (p == MAP_FAILED)
		err(1, "map a stack");
	fill(p + 12 * page, 4);
}

static void
scattered(void)
{
	int fd = memfd_create("scattered", 0);
	char *p;

	if (fd == -1 || ftruncate(fd, (off_t)(3000 * page)) == -1)
		err(1, "make memfd");
	p = map(3000 * page, MAP_SHARED, fd);
	for (size_t i = 0; i < 2000; i += 2)
		fill(p + i * page, 1);
	for (size_t i = 1; i < 2000; i += 4)
		if (pwrite(fd, "not mapped", 10, (off_t)(i * page)) != 10)
			err(1, "write memfd");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*make)(void);
	} kinds[] = { { "swapped", swapped }, { "huge", huge },
		{ "reserved", reserved }, { "merged", merged },
		{ "locked", locked }, { "forked", forked }, { "freed", freed },
		{ "moved", moved }, { "growing", growing },
		{ "scattered", scattered } };

	page = (size_t)sysconf(_SC_PAGESIZE);
	for (int i = 1; i < argc; i++)
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
			if (strcmp(argv[i], kinds[k].name) == 0)
				kinds[k].make();
	fflush(stdout);
	abort();
}
