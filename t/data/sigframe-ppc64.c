/* SPDX-License-Identifier: ISC */
/*
 * The frames of signals that Linux makes for 64-bit POWER (arch/powerpc/kernel/
 * signal_64.c, struct rt_sigframe), where an emulator makes others: what it has
 * given to a handler is laid out again in memory of ours, and a second handler
 * entered from there, to crash, or with a second argument to give up. The first
 * one says which kernel's:
 *	vdso	of 5.9 and later, with the code in the vDSO
 *	stack	the same without a vDSO: on the stack
 *	short	of before 5.9, which had no bctrl there
 *	tm	with room for a second ucontext, of transactional memory
 *	page	QEMU's of 8.2 and later
 *	broken	as vdso, but its registers are not where it says that they are
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define NOINLINE __attribute__((noinline))
#define ARENA 65536
#define CONTEXT_SIZE 1696		/* struct ucontext */
#define REGS_POINTER_AT 224		/* in it, sigcontext.regs */
#define REGS_AT 232
#define DUMMY 128			/* __SIGNAL_FRAMESIZE */

static const char *how;
static int gives_up;
static volatile int sink;
static int *volatile nothing;

NOINLINE static void
die(int n)
{
	sink = n;
	*nothing = n;
	sink++;
}

static void
second_handler(int sig, siginfo_t *si, void *context)
{
	(void)context;
	if (gives_up)
		raise(SIGABRT);
	die(sig + si->si_signo);
	sink++;
}

static int
is(const char *word)
{
	return strcmp(how, word) == 0;
}

static void
put(unsigned char *at, uint64_t value)
{
	memcpy(at, &value, sizeof value);
}

/* What the handler returns to. */
static unsigned char *
put_code(unsigned char *at)
{
	static const uint32_t code[] = {
		0x4e800421, 0x38210080, 0x380000ac, 0x44000002
	};
	size_t skip = is("short") ? 1 : is("page") ? 2 : 0;

	memcpy(at, code + skip, sizeof code - skip * 4);
	return at + (skip == 0 ? 4 : 0);
}

static void
first_handler(int sig, siginfo_t *si, void *context)
{
	unsigned char *arena = mmap(NULL, ARENA, PROT_READ | PROT_WRITE |
	    PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *frame = arena + ARENA / 2, *end, *back, *info;
	uint64_t sp;
	register uint64_t r3 __asm__("r3") = (uint64_t)sig;
	register unsigned char *r4 __asm__("r4");
	register unsigned char *r5 __asm__("r5");
	register void *r12 __asm__("r12");
	register unsigned char *r6 __asm__("r6");
	register unsigned char *r7 __asm__("r7");

	memcpy(frame, context, CONTEXT_SIZE);
	memcpy(&sp, frame + REGS_AT + 8, sizeof sp);
	put(frame + REGS_POINTER_AT, (uintptr_t)frame + REGS_AT +
	    (is("broken") ? 8 : 0));
	end = frame + CONTEXT_SIZE * (is("tm") ? 2 : 1) + 16;
	back = put_code(is("vdso") || is("broken") || is("page") ? arena :
	    end);
	end += is("short") || is("page") ? 24 : 32;
	info = end + 16;
	/* QEMU leaves these two alone. */
	if (!is("page")) {
		put(end, (uintptr_t)info);
		put(end + 8, (uintptr_t)frame);
	}
	memcpy(info, si, sizeof *si);
	put(frame - DUMMY, sp);
	r4 = info;
	r5 = frame;
	r6 = frame - DUMMY;
	r7 = back;
	r12 = (void *)second_handler;
	__asm__ volatile("mr 1, %3\n\tmtlr %4\n\tmtctr %5\n\tbctr" : :
	    "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7), "r"(r12) : "memory");
}

NOINLINE static void
touch(char *p)
{
	*p = 1;
	sink++;
}

NOINLINE static void
caught(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof sa);
	sa.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESETHAND;
	sa.sa_sigaction = first_handler;
	sigaction(SIGSEGV, &sa, NULL);
	touch((char *)0x123456);
	sink++;
}

int
main(int argc, char **argv)
{
	how = argc > 1 ? argv[1] : "vdso";
	gives_up = argc > 2;
	caught();
	return sink;
}
