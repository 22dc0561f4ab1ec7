/* SPDX-License-Identifier: ISC */
/*
 * operands [told] FORM BASE INDEX: one instruction, of each machine those that
 * form an address in a way of their own, with BASE and INDEX in the registers of
 * these names. With told, what the processor says of the fault is printed.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))

#if defined __arm__
#define BASE "r1"
#define INDEX "r2"
#define CLOBBERED "r0", "r3", "r4", "r5", "d0", "d1", "memory"
#elif defined __powerpc64__
#define BASE "r4"
#define INDEX "r5"
#define CLOBBERED "r6", "r7", "r8", "r9", "vs34", "memory"
#else
#define BASE "r2"
#define INDEX "r3"
#define CLOBBERED "r0", "r1", "r4", "r5", "f0", "memory"
#endif
#ifdef __clang__
#undef CLOBBERED
#define CLOBBERED "memory"
#endif

#define FORM(name, insn) \
static NOINLINE void \
name(uintptr_t base, uintptr_t index) \
{ \
	register uintptr_t b __asm__(BASE) = base; \
	register uintptr_t i __asm__(INDEX) = index; \
 \
	__asm__ volatile(insn : "+r"(b), "+r"(i) : : CLOBBERED); \
}

#if defined __arm__
FORM(near, "str r0, [r1, #16]")
FORM(below, "ldrb r0, [r1, #-3]")
FORM(indexed, "ldr r0, [r1, r2, lsl #2]")
FORM(before, "strh r0, [r1, #8]!")
FORM(after, "ldr r0, [r1], #8")
FORM(pair, "ldrd r4, r5, [r1, #8]")
FORM(many, "ldmia r1!, {r3-r5}")
FORM(push, "stmdb r1!, {r3-r5}")
FORM(exclusive, "ldrex r0, [r1]")
FORM(single, "vldr s0, [r1, #12]")
FORM(several, "vstmia r1!, {d0-d1}")
FORM(vector, "vld1.32 {d0-d1}, [r1]!")
FORM(trap, "udf #0")
#elif defined __powerpc64__
FORM(near, "stw 6,16(4)")
FORM(below, "lbz 6,-3(4)")
FORM(indexed, "ldx 6,4,5")
FORM(before, "stdu 6,-32(4)")
FORM(after, "lwzux 6,4,5")
FORM(word, "lwa 6,8(4)")
FORM(exclusive, "lwarx 6,0,5")
FORM(reversed, "sthbrx 6,4,5")
FORM(single, "lfs 0,12(4)")
FORM(several, "lxvd2x 34,4,5")
FORM(vector, "stvx 2,4,5")
FORM(zero, "dcbz 0,5")
FORM(trap, "trap")
FORM(conditional, "tdi 7,4,0")
#else
FORM(near, "mvhi 16(%%r2),7")
FORM(below, "llgc %%r4,-3(%%r2)")
FORM(indexed, "l %%r4,8(%%r3,%%r2)")
FORM(before, "stg %%r4,524280(%%r2)")
FORM(after, "lmg %%r4,%%r5,8(%%r2)")
FORM(immediate, "oi 8(%%r2),1")
FORM(exclusive, "csg %%r4,%%r5,8(%%r2)")
FORM(reversed, "strvh %%r4,8(%%r3,%%r2)")
FORM(single, "adb %%f0,8(%%r2)")
FORM(mask, "stcm %%r4,5,8(%%r2)")
FORM(move, "mvc 8(16,%%r2),4(%%r3)")
FORM(compare, "clc 8(16,%%r2),4(%%r3)")
FORM(string, "lghi %%r0,0\n\tmvst %%r2,%%r3")
FORM(executed, "lghi %%r1,15\n\texrl %%r1,1f\n\tj 2f\n"
    "1:\tmvc 8(1,%%r2),0(%%r3)\n2:")
FORM(divided, "lghi %%r4,0\n\tlghi %%r5,9\n\tdsgr %%r4,%%r2")
FORM(zeros, ".short 0")
FORM(trap, "j .+2")
#endif

static const struct {
	const char *name;
	void (*run)(uintptr_t base, uintptr_t index);
} forms[] = {
	{ "near", near }, { "below", below }, { "indexed", indexed },
	{ "before", before }, { "after", after }, { "exclusive", exclusive },
	{ "single", single }, { "trap", trap },
#if defined __arm__
	{ "pair", pair }, { "many", many }, { "push", push },
	{ "several", several }, { "vector", vector },
#elif defined __powerpc64__
	{ "word", word }, { "reversed", reversed }, { "several", several },
	{ "vector", vector }, { "zero", zero },
	{ "conditional", conditional },
#else
	{ "immediate", immediate }, { "reversed", reversed },
	{ "mask", mask }, { "move", move }, { "compare", compare },
	{ "string", string }, { "executed", executed },
	{ "divided", divided }, { "zeros", zeros },
#endif
};

/* Constant, and a writable place, for operands that are to be right. */
static const char fixed[64] = "read-only";
static char place[64];

static uintptr_t
value(const char *text)
{
	return strcmp(text, "fixed") == 0 ? (uintptr_t)fixed :
	    strcmp(text, "place") == 0 ? (uintptr_t)place :
	    (uintptr_t)strtoull(text, NULL, 0);
}

static void
tell(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)context;
	printf("%#jx\n", (uintmax_t)(uintptr_t)si->si_addr);
	fflush(stdout);
	_exit(0);
}

int
main(int argc, char **argv)
{
	int is_told = argc == 5 && strcmp(argv[1], "told") == 0;
	struct sigaction sa;

	if (argc != 4 + is_told)
		return 100;
	memset(&sa, 0, sizeof sa);
	sa.sa_flags = SA_SIGINFO;
	sa.sa_sigaction = tell;
	if (is_told)
		sigaction(SIGSEGV, &sa, NULL);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (strcmp(forms[i].name, argv[1 + is_told]) == 0)
			forms[i].run(value(argv[2 + is_told]),
			    value(argv[3 + is_told]));
	return 1;
}
