/* SPDX-License-Identifier: ISC */
#include "frame/sigframe.h"

#include <elf.h>
#include <signal.h>
#include <string.h>

#include "target/arch.h"
#include "target/siginfo.h"

#define NOWHERE (-1)
#define CODE_LEN 9			/* longest of the sequences */

/* The processor's exceptions, and a bit of a page fault's error code. */
#define TRAP_PROTECTION 13
#define TRAP_PAGE 14
#define PAGE_PRESENT 1

#define CODE_MIN (-7)			/* SI_DETHREAD */
#define CODE_MAX 15

/*
 * A way back from a handler: what the C libraries, the kernels' vDSOs and QEMU
 * have there, and where on the stack that it finds its kernel put what (each
 * arch's asm/sigcontext.h, asm/ucontext.h and kernel/signal.c).
 */
struct layout {
	uint16_t machine;
	uint8_t is64, nwords, len;
	unsigned char code[CODE_LEN];
	int registers, info, fault;	/* bytes from sp, or NOWHERE */
};

static const struct layout layouts[] = {
	/* movq $15, %rax; syscall: what glibc and Go do; musl moves to %eax. */
	{ EM_X86_64, 1, 17, 9, { 0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 5 },
	  40, 304, 216 },
	{ EM_X86_64, 1, 17, 7, { 0xb8, 15, 0, 0, 0, 0x0f, 5 }, 40, 304, 216 },
	/* mov x8, #139; svc #0 */
	{ EM_AARCH64, 1, 34, 8, { 0x68, 0x11, 0x80, 0xd2, 1, 0, 0, 0xd4 },
	  312, 0, 304 },
	/* mov r7, #173; svc #0: of ARM, then of Thumb; #119: no siginfo */
	{ EM_ARM, 0, 17, 8, { 0xad, 0x70, 0xa0, 0xe3, 0, 0, 0, 0xef },
	  160, 0, NOWHERE },
	{ EM_ARM, 0, 17, 4, { 0xad, 0x27, 0, 0xdf }, 160, 0, NOWHERE },
	{ EM_ARM, 0, 17, 6, { 0x4f, 0xf0, 0xad, 7, 0, 0xdf },
	  160, 0, NOWHERE },
	{ EM_ARM, 0, 17, 8, { 0x77, 0x70, 0xa0, 0xe3, 0, 0, 0, 0xef },
	  32, NOWHERE, 100 },
	{ EM_ARM, 0, 17, 4, { 0x77, 0x27, 0, 0xdf }, 32, NOWHERE, 100 },
	{ EM_ARM, 0, 17, 6, { 0x4f, 0xf0, 0x77, 7, 0, 0xdf },
	  32, NOWHERE, 100 },
	/* li a7, 139; ecall */
	{ EM_RISCV, 1, 32, 8, { 0x93, 8, 0xb0, 8, 0x73, 0, 0, 0 },
	  304, 0, NOWHERE },
	{ EM_RISCV, 0, 32, 8, { 0x93, 8, 0xb0, 8, 0x73, 0, 0, 0 },
	  288, 0, NOWHERE },
	/* svc 173; svc 119, without a siginfo */
	{ EM_S390, 1, 18, 2, { 0x0a, 0xad }, 336, 168, NOWHERE },
	{ EM_S390, 1, 18, 2, { 0x0a, 0x77 }, 176, NOWHERE, NOWHERE }
};

/* Of x86-64 DWARF's numbers, in the order of struct sigcontext; rip follows. */
static const unsigned char order[] = {
	8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7
};

#define ERROR_AT 192			/* of x86-64, as the offsets above */
#define TRAP_AT 200

static const struct layout *
find_layout(struct modules *ms, uint64_t pc)
{
	const struct arch *a = ms->target->arch;
	unsigned char code[CODE_LEN];
	size_t n = 0;

	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
		const struct layout *l = &layouts[i];

		/* x32 has words of 64 bits in a class of 32. */
		if (l->machine != a->machine || l->is64 != a->is64)
			continue;
		if (n == 0)
			n = modules_read(ms, pc, code, sizeof code);
		if (n >= l->len && memcmp(code, l->code, l->len) == 0)
			return l;
	}
	return NULL;
}

int
sigframe_is_at(struct modules *ms, uint64_t pc)
{
	return find_layout(ms, pc) != NULL;
}

static uint64_t
at(const struct modules *ms, const struct registers *in, int offset)
{
	return in->value[ms->target->arch->sp] + (uint64_t)(int64_t)offset;
}

int
sigframe_step(struct modules *ms, const struct registers *in,
    struct registers *out)
{
	struct target *t = ms->target;
	const struct arch *a = t->arch;
	const struct layout *l = in->known[a->sp] ?
	    find_layout(ms, in->pc) : NULL;
	int is_x86 = a->machine == EM_X86_64;
	size_t pc = is_x86 ? sizeof order : a->pc_raw;

	if (l == NULL)
		return -1;
	*out = *in;
	for (size_t i = 0; i < l->nwords; i++) {
		uint64_t value;
		int n = NOT_DWARF;

		if (target_slot(t, at(ms, in, l->registers) + i * a->word,
		    &value) == -1)
			return -1;
		if (i == pc)
			out->pc = value & t->address_mask;
		if (!is_x86)
			n = a->raw[i].dwarf;
		else if (i < sizeof order)
			n = order[i];
		if (n == NOT_DWARF)
			continue;
		out->value[n] = value;
		out->known[n] = 1;
	}
	return 0;
}

/* What is on the stack where no siginfo was written is anything. */
static int
is_likely(const struct siginfo *si, int has_fault, uint64_t fault)
{
	if (si->signo < 1 || si->signo > 64 || si->err != 0 ||
	    si->code < CODE_MIN || (si->code > CODE_MAX &&
	    si->code != SI_KERNEL))
		return 0;
	return !has_fault || si->signo != SIGSEGV || si->code <= 0 ||
	    si->code == SI_KERNEL || si->address == fault;
}

/* Of the traps those that say where, or that there is no saying. */
static int
read_trap(uint64_t trap, uint64_t error, uint64_t fault, struct siginfo *si)
{
	*si = (struct siginfo){ .present = 1, .signo = SIGSEGV };
	if (trap == TRAP_PAGE) {
		si->code = (error & PAGE_PRESENT) != 0 ? SEGV_ACCERR :
		    SEGV_MAPERR;
		si->address = fault;
		return 0;
	}
	si->code = SI_KERNEL;
	return trap == TRAP_PROTECTION ? 0 : -1;
}

/* Elsewhere there is the address, of whichever fault was the last. */
static void
read_fault(const struct target *t, uint64_t fault, struct siginfo *si)
{
	*si = (struct siginfo){
		.present = 1, .signo = SIGSEGV, .address = fault,
		.code = target_segment(t, fault) == NULL ? SEGV_MAPERR :
		    SEGV_ACCERR
	};
}

int
sigframe_signal(struct modules *ms, const struct registers *in,
    struct siginfo *si, int *is_told)
{
	struct target *t = ms->target;
	const struct layout *l = find_layout(ms, in->pc);
	uint64_t trap, error, fault = 0;
	unsigned char bytes[SIGINFO_BYTES];

	if (l == NULL || (l->fault != NOWHERE &&
	    target_word(t, at(ms, in, l->fault), &fault) == -1))
		return -1;
	*is_told = l->info != NOWHERE && target_read(t, at(ms, in, l->info),
	    bytes, sizeof bytes) == sizeof bytes &&
	    siginfo_read(t, bytes, sizeof bytes, si) == 0 &&
	    is_likely(si, l->fault != NOWHERE, fault);
	if (*is_told)
		return 0;
	if (l->machine == EM_X86_64)
		return target_word(t, at(ms, in, ERROR_AT), &error) == -1 ||
		    target_word(t, at(ms, in, TRAP_AT), &trap) == -1 ? -1 :
		    read_trap(trap, error, fault, si);
	if (l->fault == NOWHERE)
		return -1;
	read_fault(t, fault, si);
	return 0;
}
