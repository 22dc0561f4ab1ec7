/* SPDX-License-Identifier: ISC */
/*
 * handled KIND...: aborts with memory whose faults a userfaultfd handles that
 * nobody reads: who touches a page that is not there waits for ever.
 *
 *	missing		a memfd, pages of which are mapped, only in the file,
 *			and nowhere
 *	marked		the same, write-protected where there is no page too
 *	minor		a memfd, pages of which are to be asked for although they
 *			are in the file
 *	both		missing and minor
 *	private		as missing, a private mapping; with pages of its own
 *	marked-private	the same, write-protected
 *	plain		anonymous memory
 *	marked-plain	anonymous memory, write-protected where there is none
 *	arguments	the page of the command line has been given back
 *	stack		a file in /dev/shm, and the stack pointer is where no
 *			page of it is
 *
 * Exits 77 where there is no such thing.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/userfaultfd.h>

#include <alloca.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGES	600

#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif

static size_t page;
static int fault = -1;

static void
have_userfaultfd(void)
{
	struct uffdio_api api = { .api = UFFD_API, .features =
	    UFFD_FEATURE_MINOR_SHMEM | UFFD_FEATURE_MISSING_SHMEM |
	    UFFD_FEATURE_WP_HUGETLBFS_SHMEM | UFFD_FEATURE_WP_UNPOPULATED };

	page = (size_t)sysconf(_SC_PAGESIZE);
	fault = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fault == -1 || ioctl(fault, UFFDIO_API, &api) == -1)
		err(77, "userfaultfd");
}

static void
handle(char *p, size_t size, uint64_t mode)
{
	struct uffdio_register area = { .mode = mode };

	area.range.start = (uintptr_t)p;
	area.range.len = size;
	if (ioctl(fault, UFFDIO_REGISTER, &area) == -1)
		err(77, "handle faults");
}

static void
mark(char *p, size_t size)
{
	struct uffdio_writeprotect wp = { .mode = UFFDIO_WRITEPROTECT_MODE_WP };

	wp.range.start = (uintptr_t)p;
	wp.range.len = size;
	if (ioctl(fault, UFFDIO_WRITEPROTECT, &wp) == -1)
		err(77, "write-protect");
}

static void
write_page(int fd, size_t which, const char *text)
{
	if (pwrite(fd, text, strlen(text), (off_t)(which * page)) == -1)
		err(1, "write memfd");
}

/* Some pages are mapped, others only in the file, the last one is cut. */
static char *
memory_file(int flags)
{
	int fd = memfd_create("handled", 0);
	char *p;

	if (fd == -1 ||
	    ftruncate(fd, (off_t)((PAGES - 10) * page + 100)) == -1)
		err(1, "make memfd");
	p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (p == MAP_FAILED)
		err(1, "map memfd");
	for (size_t i = 0; i < 5; i++)
		memset(p + (3 + 2 * i) * page, 'a' + (int)i, page);
	write_page(fd, 1, "only in the file");
	write_page(fd, 20, "so is this");
	write_page(fd, 300, "and far away");
	write_page(fd, PAGES - 10, "at the end");
	return p;
}

static char *
plain(int flags)
{
	char *p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, flags, -1,
	    0);

	if (p == MAP_FAILED)
		err(1, "map memory");
	memset(p + 7 * page, 'p', page);
	return p;
}

/* Never inlined: what it has on the stack is to be where it was called. */
static _Noreturn void __attribute__((__noinline__))
abort_without(char *start)
{
	handle(start, page, UFFDIO_REGISTER_MODE_MISSING);
	if (madvise(start, page, MADV_DONTNEED) == -1)
		err(1, "give back the arguments");
	abort();
}

/*
 * Where the kernel has put the words of the command line. With few variables in
 * the environment that is main()'s page too: from here on it is not touched.
 */
static _Noreturn void
arguments(char *last)
{
	volatile char *far = alloca(2 * page);

	*far = 1;
	abort_without((char *)((uintptr_t)last / page * page));
}

static _Noreturn void
stack(void)
{
	int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
	char *p;

	if (fd == -1 || ftruncate(fd, (off_t)(PAGES * page)) == -1)
		err(77, "make a file in /dev/shm");
	p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(1, "map a file in /dev/shm");
	memset(p, 's', page);
	handle(p, PAGES * page, UFFDIO_REGISTER_MODE_MISSING);
	p += PAGES / 2 * page;
#if defined __x86_64__
	__asm__ volatile("mov %0, %%rsp; ud2" :: "r"(p) : "memory");
#elif defined __aarch64__
	__asm__ volatile("mov sp, %0; udf #0" :: "r"(p) : "memory");
#endif
	errx(77, "no stack can be put elsewhere");
}

static const struct kind {
	const char *name;
	char *(*make)(int flags);
	int flags;
	uint64_t mode;
} kinds[] = {
	{ "missing", memory_file, MAP_SHARED, UFFDIO_REGISTER_MODE_MISSING },
	{ "marked", memory_file, MAP_SHARED, UFFDIO_REGISTER_MODE_MISSING |
	    UFFDIO_REGISTER_MODE_WP },
	{ "minor", memory_file, MAP_SHARED, UFFDIO_REGISTER_MODE_MINOR },
	{ "both", memory_file, MAP_SHARED, UFFDIO_REGISTER_MODE_MINOR |
	    UFFDIO_REGISTER_MODE_MISSING },
	{ "private", memory_file, MAP_PRIVATE, UFFDIO_REGISTER_MODE_MISSING },
	{ "marked-private", memory_file, MAP_PRIVATE,
	    UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP },
	{ "plain", plain, MAP_PRIVATE | MAP_ANONYMOUS,
	    UFFDIO_REGISTER_MODE_MISSING },
	{ "marked-plain", plain, MAP_PRIVATE | MAP_ANONYMOUS,
	    UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP },
};

static void
bring_about(const char *name)
{
	const size_t count = sizeof kinds / sizeof kinds[0];
	size_t k = 0;
	char *p;

	while (k < count && strcmp(name, kinds[k].name) != 0)
		k++;
	if (k == count)
		errx(1, "no such kind: '%s'", name);
	p = kinds[k].make(kinds[k].flags);
	handle(p, PAGES * page, kinds[k].mode);
	if ((kinds[k].mode & UFFDIO_REGISTER_MODE_WP) != 0)
		mark(p, PAGES * page);
}

int
main(int argc, char **argv)
{
	have_userfaultfd();
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "arguments") == 0)
			arguments(argv[0]);
		else if (strcmp(argv[i], "stack") == 0)
			stack();
		else
			bring_about(argv[i]);
	abort();
}
