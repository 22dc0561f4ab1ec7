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
 *	guarded		by MADV_GUARD_INSTALL: private, of a file, and shared
 *			ones whose file has the page, scattered or not
 *
 * What could not be brought about is said on descriptor 1.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HUGE	((size_t)2 << 20)

/* Of Linux 6.13. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

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

/*
 * How many pages of the mapping at P are in swap. A page of a file that is no
 * longer mapped need not be: what pagemap says of such is not enough.
 */
static size_t
away(const char *p)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	size_t start, end, kib = 0;
	char line[512];
	int is_here = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		if (sscanf(line, "%zx-%zx ", &start, &end) == 2)
			is_here = start <= (uintptr_t)p && (uintptr_t)p < end;
		else if (is_here && sscanf(line, "Swap: %zu", &kib) == 1)
			break;
	}
	if (f != NULL)
		fclose(f);
	return kib * 1024 / page;
}

static void
swapped(void)
{
	static const char *const name[] = { "private", "shared", "memfd" };
	int fd = memfd_create("swapped", 0);
	char *p[3];

	if (fd == -1 || ftruncate(fd, (off_t)(300 * page)) == -1)
		err(1, "make memfd");
	p[0] = map(300 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	p[1] = map(300 * page, MAP_SHARED | MAP_ANONYMOUS, -1);
	p[2] = map(300 * page, MAP_SHARED, fd);
	for (int i = 0; i < 3; i++) {
		fill(p[i], 200);
		madvise(p[i], 150 * page, MADV_PAGEOUT);
		printf("%s: %zu of 150 pages are away\n", name[i], away(p[i]));
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

static void
guard(char *p, size_t first, size_t pages)
{
	if (madvise(p + first * page, pages * page, MADV_GUARD_INSTALL) == -1)
		printf("guards: none\n");
}

static void
guarded(void)
{
	char name[] = "/var/tmp/guarded.XXXXXX";
	int fd = mkstemp(name);
	char *p;

	if (fd == -1 || unlink(name) == -1 ||
	    ftruncate(fd, (off_t)(64 * page)) == -1)
		err(1, "make file");
	p = map(64 * page, MAP_PRIVATE, fd);
	fill(p, 32);
	guard(p, 16, 32);
	p = map(64 * page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	fill(p, 48);
	guard(p, 0, 1);
	guard(p, 40, 16);
	fd = memfd_create("guarded", 0);
	if (fd == -1 || ftruncate(fd, (off_t)(64 * page)) == -1)
		err(1, "make memfd");
	p = map(64 * page, MAP_SHARED, fd);
	fill(p, 48);
	guard(p, 40, 16);
	fd = memfd_create("guarded scattered", 0);
	if (fd == -1 || ftruncate(fd, (off_t)(400 * page)) == -1)
		err(1, "make memfd");
	for (off_t i = 0; i < 400; i++)
		if (pwrite(fd, "in the file", 11, i * (off_t)page) != 11)
			err(1, "write memfd");
	p = map(400 * page, MAP_SHARED, fd);
	for (size_t i = 0; i < 400; i += 2)
		fill(p + i * page, 1);
	guard(p, 333, 20);
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
		{ "scattered", scattered }, { "guarded", guarded } };

	page = (size_t)sysconf(_SC_PAGESIZE);
	for (int i = 1; i < argc; i++) {
		size_t k = 0;

		while (k < sizeof kinds / sizeof kinds[0] &&
		    strcmp(argv[i], kinds[k].name) != 0)
			k++;
		if (k == sizeof kinds / sizeof kinds[0])
			errx(1, "no such kind: '%s'", argv[i]);
		kinds[k].make();
	}
	fflush(stdout);
	abort();
}
