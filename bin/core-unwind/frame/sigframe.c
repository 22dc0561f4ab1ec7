/* SPDX-License-Identifier: ISC */
#include "frame/sigframe.h"

#include <elf.h>
#include <signal.h>
#include <string.h>

#include "target/arch.h"
#include "target/siginfo.h"

#define NOWHERE (-1)
#define POINTED_TO (-2)			/* by the kernel's own pointer */
#define CODE_LEN 12			/* longest of the sequences */

/* Of POWER: the pointer to the siginfo, the one to the ucontext that follows,
   and the siginfo are somewhere here, as bytes from sp. */
#define UCONTEXT_AT 128
#define POINTER_MIN 1840
#define POINTER_MAX 3568

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
	int registers, info, fault;	/* bytes from sp, or NOWHERE; so are: */
	int context;			/* the ucontext */
	int pointer;			/* what points to the registers */
};

static const struct layout layouts[] = {
	/* movq $15, %rax; syscall: what glibc and Go do; musl moves to %eax. */
	{ EM_X86_64, 1, 17, 9, { 0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 5 },
	  40, 304, 216, 0, NOWHERE },
	{ EM_X86_64, 1, 17, 7, { 0xb8, 15, 0, 0, 0, 0x0f, 5 },
	  40, 304, 216, 0, NOWHERE },
	/* mov x8, #139; svc #0 */
	{ EM_AARCH64, 1, 34, 8, { 0x68, 0x11, 0x80, 0xd2, 1, 0, 0, 0xd4 },
	  312, 0, 304, 128, NOWHERE },
	/* mov r7, #173; svc #0: of ARM, then of Thumb; #119: no siginfo */
	{ EM_ARM, 0, 17, 8, { 0xad, 0x70, 0xa0, 0xe3, 0, 0, 0, 0xef },
	  160, 0, NOWHERE, 128, NOWHERE },
	{ EM_ARM, 0, 17, 4, { 0xad, 0x27, 0, 0xdf },
	  160, 0, NOWHERE, 128, NOWHERE },
	{ EM_ARM, 0, 17, 6, { 0x4f, 0xf0, 0xad, 7, 0, 0xdf },
	  160, 0, NOWHERE, 128, NOWHERE },
	{ EM_ARM, 0, 17, 8, { 0x77, 0x70, 0xa0, 0xe3, 0, 0, 0, 0xef },
	  32, NOWHERE, 100, 0, NOWHERE },
	{ EM_ARM, 0, 17, 4, { 0x77, 0x27, 0, 0xdf },
	  32, NOWHERE, 100, 0, NOWHERE },
	{ EM_ARM, 0, 17, 6, { 0x4f, 0xf0, 0x77, 7, 0, 0xdf },
	  32, NOWHERE, 100, 0, NOWHERE },
	/* addi r1, r1, 128; li r0, 172; sc: of both byte orders. Where the
	   siginfo is depends on the kernel. */
	{ EM_PPC64, 1, 37, 12, { 0x80, 0, 0x21, 0x38, 0xac, 0, 0, 0x38,
	  2, 0, 0, 0x44 }, 360, POINTED_TO, NOWHERE, NOWHERE, 352 },
	{ EM_PPC64, 1, 37, 12, { 0x38, 0x21, 0, 0x80, 0x38, 0, 0, 0xac,
	  0x44, 0, 0, 2 }, 360, POINTED_TO, NOWHERE, NOWHERE, 352 },
	/* QEMU's have no addi; 16 bytes more are between before 8.2. */
	{ EM_PPC64, 1, 37, 8, { 0xac, 0, 0, 0x38, 2, 0, 0, 0x44 },
	  360, 1880, NOWHERE, NOWHERE, 352 },
	{ EM_PPC64, 1, 37, 8, { 0xac, 0, 0, 0x38, 2, 0, 0, 0x44 },
	  376, 1896, NOWHERE, NOWHERE, 368 },
	{ EM_PPC64, 1, 37, 8, { 0x38, 0, 0, 0xac, 0x44, 0, 0, 2 },
	  360, 1880, NOWHERE, NOWHERE, 352 },
	{ EM_PPC64, 1, 37, 8, { 0x38, 0, 0, 0xac, 0x44, 0, 0, 2 },
	  376, 1896, NOWHERE, NOWHERE, 368 },
	/* li a7, 139; ecall */
	{ EM_RISCV, 1, 32, 8, { 0x93, 8, 0xb0, 8, 0x73, 0, 0, 0 },
	  304, 0, NOWHERE, 128, NOWHERE },
	{ EM_RISCV, 0, 32, 8, { 0x93, 8, 0xb0, 8, 0x73, 0, 0, 0 },
	  288, 0, NOWHERE, 128, NOWHERE },
	/* svc 173; svc 119, without a siginfo */
	{ EM_S390, 1, 18, 2, { 0x0a, 0xad },
	  336, 168, NOWHERE, 296, NOWHERE },
	{ EM_S390, 1, 18, 2, { 0x0a, 0x77 },
	  176, NOWHERE, NOWHERE, NOWHERE, 168 }
};

#define FPSIMD_AT 592			/* of aarch64, as the offsets above */
#define FPSIMD_MAGIC 0x46508001
#define CPSR_AT 64			/* of ARM, from its registers */
#define CPSR_BITS 0xdf
#define CPSR_USER 0x10
#define UC_FLAGS_END 256
#define ARM_UC_FLAGS 0x5ac3c35a		/* of frames without a siginfo */
#define SS_AUTODISARM ((uint32_t)1 << 31)
#define FRAME_ALIGN 8
#define FRAME_MAX 16384			/* of a handler, in bytes */
#define STACK_GUARD 65536

/* Of x86-64 DWARF's numbers, in the order of struct sigcontext; rip follows. */
static const unsigned char order[] = {
	8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7
};

#define ERROR_AT 192			/* of x86-64, as the offsets above */
#define TRAP_AT 200

static uint64_t
at(const struct modules *ms, const struct registers *in, int offset)
{
	return in->value[ms->target->arch->sp] + (uint64_t)(int64_t)offset;
}

/* The registers are where the kernel itself says that they are. */
static int
is_pointed_to(struct modules *ms, const struct layout *l,
    const struct registers *in)
{
	uint64_t address;

	return l->pointer == NOWHERE || (target_word(ms->target,
	    at(ms, in, l->pointer), &address) == 0 &&
	    address == at(ms, in, l->registers));
}

/* The next one after L, or the first, that CODE is of. */
static const struct layout *
next_layout(const struct arch *a, const unsigned char *code, size_t len,
    const struct layout *l)
{
	const struct layout *end = layouts +
	    sizeof layouts / sizeof layouts[0];

	/* x32 has words of 64 bits in a class of 32. */
	for (l = l == NULL ? layouts : l + 1; l < end; l++)
		if (l->machine == a->machine && l->is64 == a->is64 &&
		    len >= l->len && memcmp(code, l->code, l->len) == 0)
			return l;
	return NULL;
}

/* What IN returns to, by its code and what is on the stack. */
static const struct layout *
find_layout(struct modules *ms, const struct registers *in)
{
	const struct arch *a = ms->target->arch;
	const struct layout *l = NULL;
	unsigned char code[CODE_LEN];
	size_t n = modules_read(ms, in->pc, code, sizeof code);

	while ((l = next_layout(a, code, n, l)) != NULL)
		if (is_pointed_to(ms, l, in))
			return l;
	return NULL;
}

int
sigframe_is_at(struct modules *ms, uint64_t pc)
{
	unsigned char code[CODE_LEN];
	size_t n = modules_read(ms, pc, code, sizeof code);

	return next_layout(ms->target->arch, code, n, NULL) != NULL;
}

static int
restore(struct modules *ms, const struct layout *l, const struct registers *in,
    struct registers *out)
{
	struct target *t = ms->target;
	const struct arch *a = t->arch;
	int is_x86 = a->machine == EM_X86_64;
	size_t pc = is_x86 ? sizeof order : a->pc_raw;

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

int
sigframe_step(struct modules *ms, const struct registers *in,
    struct registers *out)
{
	const struct layout *l = in->known[ms->target->arch->sp] ?
	    find_layout(ms, in) : NULL;

	return l == NULL ? -1 : restore(ms, l, in, out);
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

/*
 * Has it what its kernel always writes there? On aarch64 that is no siginfo,
 * but a record of the registers of floating point; on ARM the processor's mode.
 */
static int
has_signature(struct modules *ms, const struct layout *l,
    const struct registers *in)
{
	struct target *t = ms->target;
	unsigned char bytes[SIGINFO_BYTES];
	struct siginfo si;
	uint64_t cpsr;

	if (l->machine == EM_ARM && (target_word(t, at(ms, in, l->registers +
	    CPSR_AT), &cpsr) == -1 || (cpsr & CPSR_BITS) != CPSR_USER))
		return 0;
	if (l->machine == EM_AARCH64)
		return target_read(t, at(ms, in, FPSIMD_AT), bytes, 4) == 4 &&
		    target_u32(t, bytes) == FPSIMD_MAGIC;
	if (l->machine == EM_X86_64 || l->info < 0)
		return 1;
	return target_read(t, at(ms, in, l->info), bytes, sizeof bytes) ==
	    sizeof bytes && siginfo_read(t, bytes, sizeof bytes, &si) == 0 &&
	    is_likely(&si, 0, 0);
}

/* uc_flags, uc_link, and uc_stack with its flags. */
static int
is_context(struct target *t, uint64_t address)
{
	size_t word = t->is64 ? 8 : 4;
	unsigned char flags[4];
	uint64_t value;

	return target_word(t, address, &value) == 0 &&
	    (value < UC_FLAGS_END || value == ARM_UC_FLAGS) &&
	    target_word(t, address + word, &value) == 0 && value == 0 &&
	    target_read(t, address + 3 * word, flags, sizeof flags) ==
	    sizeof flags &&
	    (target_u32(t, flags) & ~SS_AUTODISARM) <= SS_DISABLE;
}

/* Can these be the registers of one that was interrupted? It may have jumped to
   nowhere, or have no stack any more. */
static int
is_interrupted(struct modules *ms, const struct registers *r)
{
	struct target *t = ms->target;
	const struct arch *a = t->arch;
	uint64_t sp = r->value[a->sp], from = 0;

	if (target_segment(t, sp) == NULL &&
	    target_segment(t, sp + STACK_GUARD) == NULL)
		return 0;
	if (modules_executable(ms, r->pc))
		return 1;
	if (a->lr != NOT_DWARF)
		from = r->value[a->lr] & t->address_mask;
	else if (target_slot(t, sp, &from) == -1)
		return 0;
	return modules_executable(ms, from);
}

static int
fits(struct modules *ms, const struct layout *l, const struct registers *in)
{
	struct target *t = ms->target;
	const struct arch *a = t->arch;
	struct registers out;
	uint64_t chain;

	if (!is_pointed_to(ms, l, in) || (l->context != NOWHERE &&
	    !is_context(t, at(ms, in, l->context))) ||
	    !has_signature(ms, l, in) || restore(ms, l, in, &out) == -1 ||
	    !is_interrupted(ms, &out))
		return 0;
	return a->chain != CHAIN_SP || (target_slot(t, at(ms, in, 0),
	    &chain) == 0 && chain == out.value[a->sp]);
}

int
sigframe_find(struct modules *ms, struct registers *in)
{
	const struct arch *a = ms->target->arch;
	const struct layout *l = NULL;
	unsigned char code[CODE_LEN];
	size_t n = modules_read(ms, in->pc, code, sizeof code);
	uint64_t sp = in->value[a->sp];
	/* A call that leaves its address on the stack says where that is. */
	uint64_t reach = a->lr == NOT_DWARF ? 0 : FRAME_MAX;

	if (!in->known[a->sp])
		return -1;
	while ((l = next_layout(a, code, n, l)) != NULL)
		for (uint64_t o = 0; o <= reach; o += FRAME_ALIGN) {
			in->value[a->sp] = ((sp + FRAME_ALIGN - 1) &
			    ~(uint64_t)(FRAME_ALIGN - 1)) + o;
			if (fits(ms, l, in))
				return 0;
		}
	in->value[a->sp] = sp;
	return -1;
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

/*
 * The bytes of the siginfo. POWER's kernels before 5.9 have less code before
 * it, those with transactional memory a second ucontext.
 */
static size_t
read_info(struct modules *ms, const struct layout *l,
    const struct registers *in, unsigned char *bytes)
{
	struct target *t = ms->target;
	uint64_t info, context;

	if (l->info >= 0)
		return target_read(t, at(ms, in, l->info), bytes,
		    SIGINFO_BYTES);
	if (l->info != POINTED_TO)
		return 0;
	for (int o = POINTER_MIN; o <= POINTER_MAX; o += 8)
		if (target_word(t, at(ms, in, o), &info) == 0 &&
		    info == at(ms, in, o + 16) &&
		    target_word(t, at(ms, in, o + 8), &context) == 0 &&
		    context == at(ms, in, UCONTEXT_AT))
			return target_read(t, info, bytes, SIGINFO_BYTES);
	return 0;
}

int
sigframe_signal(struct modules *ms, const struct registers *in,
    struct siginfo *si, int *is_told)
{
	struct target *t = ms->target;
	const struct layout *l = find_layout(ms, in);
	uint64_t trap, error, fault = 0;
	unsigned char bytes[SIGINFO_BYTES];

	if (l == NULL || (l->fault != NOWHERE &&
	    target_word(t, at(ms, in, l->fault), &fault) == -1))
		return -1;
	*is_told = read_info(ms, l, in, bytes) == sizeof bytes &&
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
