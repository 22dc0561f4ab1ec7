/* SPDX-License-Identifier: ISC */
/* Compiled for other machines, it dies the way its argument says. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

struct item {
	long pad[4];
	int value;
	double weight;
};

static struct item *volatile nothing;
static void (*volatile nowhere)(int);
static void *volatile way_back;
static volatile int sink;
static volatile double dsink;
static pthread_barrier_t barrier;

static inline __attribute__((always_inline)) int
value_of(struct item *it, int n)
{
	return it->value + n;
}

NOINLINE static int
die(int n, double w, const char *name)
{
	struct item local = { { 1, 2, 3, n }, n, w };
	int array[3] = { n, n + 1, n + 2 };

	dsink = local.weight;
	sink = array[n & 1];
	sink = value_of(nothing, n);
	return sink + (int)strlen(name) + local.value + array[n % 3];
}

static int
compare(const void *a, const void *b)
{
	int n = *(const int *)a + *(const int *)b;

	return die(n, n / 2.0, "compare") - 8;
}

NOINLINE static void
deep(int depth)
{
	int v[2] = { 3, 4 };

	if (depth > 0)
		deep(depth - 1);
	else
		qsort(v, 2, sizeof v[0], compare);
	sink += v[0];
}

NOINLINE static void
jump(int n)
{
	sink = n;
	nowhere(n);
	sink++;
}

NOINLINE static void
last(int n)
{
	sink = n;
	nothing->value = 7;
	sink++;
}

NOINLINE static void
second(int n)
{
	sink += 2;
	last(n + 1);
}

NOINLINE static void
first(int n)
{
	sink += 1;
	second(n + 1);
}

/* To the others it is a jump. */
NOINLINE static void
tail(int n)
{
	first(n);
	sink++;
}

static void
note_return(int sig)
{
	sink = sig;
	way_back = __builtin_return_address(0);
}

/* No handler, but what one returns to is on its stack. */
NOINLINE static void
bait(void)
{
	void *volatile words[16];

	for (int i = 0; i < 16; i++)
		words[i] = way_back;
	sink = die(1, 2.5, "bait");
	sink += words[3] != NULL;
}

static void
die_again(int sig, siginfo_t *si, void *context)
{
	(void)context;
	sink = die(sig, 2.5, "handler") + si->si_code;
}

static void
bait_again(int sig, siginfo_t *si, void *context)
{
	(void)context;
	sink = sig;
	way_back = __builtin_return_address(0);
	bait();
	sink = si->si_code;
}

static void
give_up(int sig)
{
	sink = sig;
	raise(SIGABRT);
	sink++;
}

static void
give_up_told(int sig, siginfo_t *si, void *context)
{
	(void)context;
	sink = si->si_code;
	give_up(sig);
	sink++;
}

NOINLINE static void
touch(char *p)
{
	*p = 1;
	sink++;
}

NOINLINE static void
caught(const char *how)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof sa);
	sa.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESETHAND;
	sa.sa_sigaction = strcmp(how, "again") == 0 ? die_again :
	    strcmp(how, "bait-again") == 0 ? bait_again : give_up_told;
	if (strcmp(how, "untold") == 0) {
		sa.sa_flags &= ~SA_SIGINFO;
		sa.sa_handler = give_up;
	}
	sigaction(SIGSEGV, &sa, NULL);
	touch((char *)0x123456);
	sink++;
}

NOINLINE static void
baited(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof sa);
	sa.sa_handler = note_return;
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
	bait();
	sink++;
}

static void *
waiter(void *arg)
{
	pthread_barrier_wait(&barrier);
	for (;;)
		pause();
	return arg;
}

static void *
crasher(void *arg)
{
	pthread_barrier_wait(&barrier);
	/* The others shall be where they wait. */
	usleep(200000);
	deep(2);
	return arg;
}

static void
threads(void)
{
	pthread_t t[3];

	pthread_barrier_init(&barrier, NULL, 4);
	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, i == 1 ? crasher : waiter, NULL);
	pthread_barrier_wait(&barrier);
	pthread_join(t[1], NULL);
}

#ifdef __s390x__
/* Leaves keep in floating-point registers what others save on the stack: here
   the stack pointer, and then the return address too. */
void leaf(void);
void leaf_all(void);

__asm__(".text\n.type leaf, @function\nleaf:\n.cfi_startproc\n"
    "ldgr %f2, %r15\n.cfi_register 15, 17\n"
    "aghi %r15, -176\n.cfi_adjust_cfa_offset 176\n"
    "lghi %r1, 0\nst %r1, 0(%r1)\n"
    "lgdr %r15, %f2\nbr %r14\n.cfi_endproc\n.size leaf, .-leaf\n"
    ".type leaf_all, @function\nleaf_all:\n.cfi_startproc\n"
    "ldgr %f4, %r14\n.cfi_register 14, 18\n"
    "ldgr %f2, %r15\n.cfi_register 15, 17\n"
    "aghi %r15, -176\n.cfi_adjust_cfa_offset 176\n"
    "lghi %r14, 0\nst %r14, 0(%r14)\n"
    "lgdr %r15, %f2\nlgdr %r14, %f4\nbr %r14\n"
    ".cfi_endproc\n.size leaf_all, .-leaf_all");
#endif

int
main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "deep";

	if (strcmp(how, "deep") == 0)
		deep(3);
	else if (strcmp(how, "jump") == 0)
		jump(3);
	else if (strcmp(how, "tail") == 0)
		tail(3);
	else if (strcmp(how, "threads") == 0)
		threads();
	else if (strcmp(how, "bait") == 0)
		baited();
#ifdef __s390x__
	else if (strcmp(how, "leaf") == 0)
		leaf();
	else if (strcmp(how, "leaf-all") == 0)
		leaf_all();
#endif
	else
		caught(how);
	return sink;
}
