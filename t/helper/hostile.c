/* SPDX-License-Identifier: ISC */
/*
 * hostile SP [REG]: dies with SP in its stack pointer and REG, or SP, in all
 * other registers. Each is a number, or the name of a place that it has:
 * "guard" (which nobody may read), "low" (shortly below that), "heap" (the
 * middle of 1 GiB), "hole" (an address of no mapping), "fault" (memory whose
 * faults are somebody else's to handle, who never does), "shared" (the same of
 * a memfd), "file" (a page past the end of its file), "data" (many pointers, to
 * themselves and elsewhere).
 * x86-64 only: elsewhere it exits with 77.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE	(1ul << 20)

static char *
map(size_t size, int prot, int fd)
{
	char *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_NORESERVE |
	    (fd == -1 ? MAP_ANONYMOUS : 0), fd, 0);

	if (p == MAP_FAILED)
		err(1, "map");
	return p;
}

static char *
shared(void)
{
	int fd = memfd_create("hostile", 0);
	char *p = MAP_FAILED;

	if (fd != -1 && ftruncate(fd, SIZE) == 0)
		p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(1, "map shared memory");
	return p;
}

static char *
faulting(int is_shared)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	char *p = is_shared ? shared() : map(SIZE, PROT_READ | PROT_WRITE, -1);

	reg.range.start = (uintptr_t)p;
	reg.range.len = SIZE;
	if (fd == -1 || ioctl(fd, UFFDIO_API, &api) == -1 ||
	    ioctl(fd, UFFDIO_REGISTER, &reg) == -1)
		err(77, "userfaultfd");
	return p + SIZE / 2;
}

static char *
past_end(void)
{
	char name[] = "/tmp/hostile.XXXXXX";
	int fd = mkstemp(name);

	if (fd == -1 || unlink(name) == -1 || ftruncate(fd, 4096) == -1)
		err(1, "%s", name);
	return map(SIZE, PROT_READ | PROT_WRITE, fd) + SIZE / 2;
}

static char *
pointers(void)
{
	char *p = map(4 * SIZE, PROT_READ | PROT_WRITE, -1);
	uint64_t *w = (uint64_t *)(void *)p;

	for (size_t i = 0; i < 4 * SIZE / sizeof *w; i++)
		w[i] = i % 3 == 0 ? (uintptr_t)p + i * 4096 % (4 * SIZE) :
		    i % 3 == 1 ? i * 0x9e3779b97f4a7c15u : ~(uint64_t)0 - i;
	return p + 64;
}

static uint64_t
place(const char *name)
{
	char *p;

	if (strcmp(name, "guard") == 0 || strcmp(name, "low") == 0) {
		p = map(3 * SIZE, PROT_READ | PROT_WRITE, -1);
		mprotect(p, 2 * SIZE, PROT_NONE);
		return (uintptr_t)p + (*name == 'g' ? 2 * SIZE - 64 : SIZE);
	}
	if (strcmp(name, "heap") == 0)
		return (uintptr_t)map(SIZE << 10, PROT_READ | PROT_WRITE, -1) +
		    (SIZE << 9);
	if (strcmp(name, "hole") == 0) {
		p = map(SIZE, PROT_READ, -1);
		munmap(p, SIZE);
		return (uintptr_t)p + 4096;
	}
	if (strcmp(name, "fault") == 0)
		return (uintptr_t)faulting(0);
	if (strcmp(name, "shared") == 0)
		return (uintptr_t)faulting(1);
	if (strcmp(name, "file") == 0)
		return (uintptr_t)past_end();
	if (strcmp(name, "data") == 0)
		return (uintptr_t)pointers();
	return strtoull(name, NULL, 0);
}

int
main(int argc, char **argv)
{
	uint64_t sp, value;

	if (argc < 2)
		errx(100, "usage: hostile SP [REG]");
	sp = place(argv[1]);
	value = argc > 2 ? place(argv[2]) : sp;
#ifdef __x86_64__
	__asm__ volatile(
	    "mov %0, %%rsp; mov %1, %%rax; mov %%rax, %%rbx;"
	    "mov %%rax, %%rcx; mov %%rax, %%rdx; mov %%rax, %%rsi;"
	    "mov %%rax, %%rdi; mov %%rax, %%rbp; mov %%rax, %%r8;"
	    "mov %%rax, %%r9; mov %%rax, %%r10; mov %%rax, %%r11;"
	    "mov %%rax, %%r12; mov %%rax, %%r13; mov %%rax, %%r14;"
	    "mov %%rax, %%r15; ud2"
	    : : "r"(sp), "r"(value) : "memory");
#endif
	printf("%llx %llx\n", (unsigned long long)sp,
	    (unsigned long long)value);
	return 77;
}
