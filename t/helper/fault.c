/* SPDX-License-Identifier: ISC */
/*
 * fault MODE: what wreck does not die of. One way for each cause that can be
 * told from a core.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define KEEP	__attribute__((noinline))
#define STAY()	__asm__ volatile("" ::: "memory")

struct node {
	char name[24];
	struct node *next;
	int count;
};

static struct node *volatile node;
static int *volatile array;
static volatile size_t far = 1000000;
static volatile int zero, minus_one = -1, least = -2147483647 - 1, sink;
static const char text[] = "read-only";

/* node->count, where node has a value that no pointer has. */
static KEEP int
use_node(uintptr_t value)
{
	node = (struct node *)value;
	return node->count;
}

static KEEP void
field(void)
{
	sink = use_node(0);
}

static KEEP void
element(void)
{
	sink = array[far];
}

static KEEP void
near(void)
{
	sink = use_node(0x7000);
}

static KEEP void
noncanonical(void)
{
	sink = use_node((uintptr_t)0xdeadbeefcafef00d);
}

static KEEP void
ascii(void)
{
	memcpy((void *)&node, "overflow", sizeof node);
	sink = node->count;
}

static KEEP void
poison(void)
{
	sink = use_node((uintptr_t)0x5a5a5a5a5a5a5a5a);
}

static KEEP void
tail(void)
{
	node = NULL;
	memcpy((void *)&node, "lost", 5);
	sink = node->count;
}

static KEEP void
wild(void)
{
	sink = use_node(0x123456789000);
}

static KEEP void
readonly(void)
{
	/* clang leaves out a store to what is constant, unless it is volatile. */
	*(volatile char *)(uintptr_t)text = 'R';
	STAY();
}

static KEEP void
noaccess(void)
{
	volatile char *p = mmap(NULL, 4096, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	sink = *p;
}

/* The code is in memory that may not be executed: a heap, a stack. */
static KEEP void
heap(void)
{
	unsigned char *p = malloc(64);

	memset(p, 0xc3, 64);
	((void (*)(void))(uintptr_t)p)();
	STAY();
}

static KEEP void
stack(void)
{
	volatile unsigned char code[64];

	code[0] = 0xc3;
	((void (*)(void))(uintptr_t)code)();
	STAY();
}

static KEEP void
jump(void)
{
	((void (*volatile)(void))(uintptr_t)0x4141414142424242)();
	STAY();
}

static KEEP void
ret(void)
{
#ifdef __x86_64__
	__asm__ volatile("movabs $0x4141414141414141, %%rax\n\tpush %%rax\n\t"
	    "ret" ::: "rax", "memory");
#endif
}

/* What is above the return address is overwritten with it. */
static KEEP void
retlow(void)
{
#ifdef __x86_64__
	__asm__ volatile("push $0\n\tpush $0x41414141\n\tret" ::: "memory");
#endif
}

static KEEP void
retnull(void)
{
#ifdef __x86_64__
	__asm__ volatile("push $0\n\tpush $0\n\tret" ::: "memory");
#endif
}

/* A plugin that unloads itself. */
static KEEP void
unmapped(void)
{
	uintptr_t page = (uintptr_t)unmapped & -(uintptr_t)4096;

	munmap((void *)page, 8192);
	STAY();
}

static KEEP int even(volatile char *p, int n);

static KEEP int
odd(volatile char *p, int n)
{
	volatile char room[4096];

	room[n & 4095] = *p;
	return even(room, n + 1) + room[0];
}

static KEEP int
even(volatile char *p, int n)
{
	volatile char room[256];

	room[n & 255] = *p;
	return odd(room, n + 1) + room[0];
}

static KEEP void
cycle(void)
{
	volatile char c = 1;

	sink = even(&c, 1);
}

static KEEP void
idiv(void)
{
	sink = least / minus_one;
}

static KEEP void
trap(void)
{
	__builtin_trap();
}

static KEEP void
badop(void)
{
#ifdef __x86_64__
	/* EVEX with a reserved map. */
	__asm__ volatile(".byte 0x62, 0x07, 0x7c, 0x48, 0xff, 0xc0, 0, 0");
#endif
}

static KEEP void
int3(void)
{
#ifdef __x86_64__
	__asm__ volatile("int3");
#endif
}

static KEEP void
absolute(void)
{
#ifdef __x86_64__
	__asm__ volatile("movl $1, 0x0");
#endif
}

static KEEP void
hlt(void)
{
#ifdef __x86_64__
	__asm__ volatile("hlt");
#endif
}

static KEEP void
vector(void)
{
#ifdef __x86_64__
	char room[64] __attribute__((aligned(64)));

	__asm__ volatile("movaps %%xmm0, (%0)" :: "r"(room + 4) : "memory");
#endif
}

/* The alignment check flag: then every misaligned access is refused. */
static KEEP void
align(void)
{
#ifdef __x86_64__
	static char room[64] __attribute__((aligned(64)));
	int got;

	__asm__ volatile("pushf\n\torl $0x40000, (%%rsp)\n\tpopf\n\t"
	    "movl (%1), %0" : "=r"(got) : "r"(room + 2) : "memory");
	sink = got;
#endif
}

static KEEP void
seccomp(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
	};
	struct sock_fprog program = { 4, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		_exit(2);
	sink = (int)syscall(SYS_getppid);
}

/* A child kills its parent. */
static KEEP void
killed(void)
{
	pid_t self = getpid(), child = fork();

	if (child == 0) {
		kill(self, SIGSEGV);
		_exit(0);
	}
	for (;;)
		pause();
}

static KEEP void
own(void)
{
	kill(getpid(), SIGQUIT);
	pause();
}

static KEEP void
timer(void)
{
	struct itimerspec when = { { 0, 0 }, { 0, 1000000 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGABRT };
	timer_t id;

	if (timer_create(CLOCK_MONOTONIC, &event, &id) == -1)
		_exit(2);
	timer_settime(id, 0, &when, NULL);
	for (;;)
		pause();
}

static KEEP void
fsize(void)
{
	struct rlimit limit = { 10, 10 };
	int fd = open("fsize.out", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	setrlimit(RLIMIT_FSIZE, &limit);
	sink = (int)write(fd, text, sizeof text);
	sink = (int)write(fd, text, sizeof text);
	sink = (int)write(fd, text, sizeof text);
}

static KEEP void
fortify(void)
{
	static char room[64];
	extern void *__memcpy_chk(void *, const void *, size_t, size_t);

	__memcpy_chk(room, text, sizeof text, (size_t)zero + 8);
	STAY();
}

static KEEP void
invalid(void)
{
	static char room[64];
	char *volatile p = room + 8;

	free(p);
	STAY();
}

static KEEP void
corrupt(void)
{
	char *volatile p = malloc(40);

	memset(p + 40, 'x', 64);
	free(malloc(4000));
	free(malloc(100000));
	sink = malloc(3000) != NULL;
	STAY();
}

static KEEP void
twice(void)
{
	char *volatile p = malloc(40);

	free(p);
	free(p);
	STAY();
}

static jmp_buf gone;

static KEEP int
leave(void)
{
	volatile char room[4096];

	room[0] = 0;
	return setjmp(gone) + room[0];
}

static KEEP void
jumpback(void)
{
	extern void __longjmp_chk(jmp_buf, int) __attribute__((noreturn));

	sink = leave();
	__longjmp_chk(gone, 1);
}

static KEEP void
percent(void)
{
	extern int __printf_chk(int, const char *, ...);
	static char format[] = "%n";
	int n;

	__printf_chk(1, format, &n);
	sink = n;
}

/* Not a descriptor is left. */
static KEEP void
files(void)
{
	struct rlimit limit = { 16, 16 };

	setrlimit(RLIMIT_NOFILE, &limit);
	while (open("/dev/null", O_RDONLY) != -1)
		continue;
	abort();
}

static const struct mode {
	const char *name;
	void (*die)(void);
} modes[] = {
	{ "absolute", absolute }, { "align", align },
	{ "ascii", ascii }, { "badop", badop },
	{ "corrupt", corrupt }, { "cycle", cycle }, { "element", element },
	{ "field", field }, { "files", files },
	{ "fortify", fortify }, { "fsize", fsize },
	{ "heap", heap }, { "hlt", hlt }, { "idiv", idiv }, { "int3", int3 },
	{ "invalid", invalid }, { "jump", jump }, { "jumpback", jumpback },
	{ "killed", killed }, { "near", near }, { "noaccess", noaccess },
	{ "noncanonical", noncanonical }, { "own", own },
	{ "percent", percent }, { "poison", poison }, { "readonly", readonly }, { "ret", ret },
	{ "retlow", retlow }, { "retnull", retnull },
	{ "seccomp", seccomp }, { "stack", stack }, { "tail", tail },
	{ "timer", timer }, { "trap", trap }, { "twice", twice },
	{ "unmapped", unmapped },
	{ "vector", vector },
	{ "wild", wild }
};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 2 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			modes[i].die();
	return 100;
}
