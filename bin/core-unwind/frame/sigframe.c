/* SPDX-License-Identifier: ISC */
#include "frame/sigframe.h"

#include <elf.h>
#include <signal.h>
#include <string.h>

#include "target/arch.h"
#include "target/siginfo.h"

#define CONTEXT_AT 40			/* of uc_mcontext in struct ucontext */
#define CONTEXT_WORDS 17
#define ERROR_WORD 19			/* of struct sigcontext */
#define TRAP_WORD 20
#define FAULT_WORD 22
#define INFO_AT 304			/* behind struct ucontext */

/* The processor's exceptions, and a bit of a page fault's error code. */
#define TRAP_PROTECTION 13
#define TRAP_PAGE 14
#define PAGE_PRESENT 1

#define CODE_MIN (-7)			/* SI_DETHREAD */
#define CODE_MAX 15

/* movq $15, %rax; syscall: what glibc and Go do; musl moves to %eax. */
static const unsigned char by_rax[] = {
	0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05
};
static const unsigned char by_eax[] = {
	0xb8, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05
};

/* DWARF's numbers, in the order of struct sigcontext; rip follows. */
static const unsigned char order[CONTEXT_WORDS - 1] = {
	8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7
};

static int
is_sigreturn(struct modules *ms, const struct registers *in)
{
	const struct target *t = ms->target;
	unsigned char code[sizeof by_rax];
	size_t n;

	/* The layout is that of 64-bit words: not x32's programs'. */
	if (t->arch->machine != EM_X86_64 || !t->is64 ||
	    !in->known[t->arch->sp])
		return 0;
	n = modules_read(ms, in->pc, code, sizeof code);
	return (n >= sizeof by_rax &&
	    memcmp(code, by_rax, sizeof by_rax) == 0) ||
	    (n >= sizeof by_eax && memcmp(code, by_eax, sizeof by_eax) == 0);
}

int
sigframe_step(struct modules *ms, const struct registers *in,
    struct registers *out)
{
	struct target *t = ms->target;
	uint64_t at = in->value[t->arch->sp] + CONTEXT_AT;

	if (!is_sigreturn(ms, in))
		return -1;
	*out = *in;
	for (size_t i = 0; i < CONTEXT_WORDS - 1; i++) {
		if (target_word(t, at + 8 * i, &out->value[order[i]]) == -1)
			return -1;
		out->known[order[i]] = 1;
	}
	return target_word(t, at + 8 * (CONTEXT_WORDS - 1), &out->pc);
}

/* What is on the stack where no siginfo was written is anything. */
static int
is_likely(const struct siginfo *si, uint64_t fault)
{
	if (si->signo < 1 || si->signo > 64 || si->err != 0 ||
	    si->code < CODE_MIN || (si->code > CODE_MAX &&
	    si->code != SI_KERNEL))
		return 0;
	return si->signo != SIGSEGV || si->code <= 0 ||
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

int
sigframe_signal(struct modules *ms, const struct registers *in,
    struct siginfo *si, int *is_told)
{
	struct target *t = ms->target;
	uint64_t at = in->value[t->arch->sp], trap, error, fault;
	uint64_t words = at + CONTEXT_AT;
	unsigned char bytes[SIGINFO_BYTES];

	if (!is_sigreturn(ms, in) ||
	    target_word(t, words + 8 * ERROR_WORD, &error) == -1 ||
	    target_word(t, words + 8 * TRAP_WORD, &trap) == -1 ||
	    target_word(t, words + 8 * FAULT_WORD, &fault) == -1)
		return -1;
	*is_told = target_read(t, at + INFO_AT, bytes, sizeof bytes) ==
	    sizeof bytes && siginfo_read(t, bytes, sizeof bytes, si) == 0 &&
	    is_likely(si, fault);
	return *is_told ? 0 : read_trap(trap, error, fault, si);
}
