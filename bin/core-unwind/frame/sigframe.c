/* SPDX-License-Identifier: ISC */
#include "frame/sigframe.h"

#include <elf.h>
#include <string.h>

#include "target/arch.h"

#define CONTEXT_AT 40			/* of uc_mcontext in struct ucontext */
#define CONTEXT_WORDS 17

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

int
sigframe_step(struct modules *ms, const struct registers *in,
    struct registers *out)
{
	struct target *t = ms->target;
	uint64_t at = in->value[t->arch->sp] + CONTEXT_AT;
	unsigned char code[sizeof by_rax];
	size_t n;

	/* The layout is that of 64-bit words: not x32's programs'. */
	if (t->arch->machine != EM_X86_64 || !t->is64 ||
	    !in->known[t->arch->sp])
		return -1;
	n = modules_read(ms, in->pc, code, sizeof code);
	if ((n < sizeof by_rax || memcmp(code, by_rax, sizeof by_rax) != 0) &&
	    (n < sizeof by_eax || memcmp(code, by_eax, sizeof by_eax) != 0))
		return -1;
	*out = *in;
	for (size_t i = 0; i < CONTEXT_WORDS - 1; i++) {
		if (target_word(t, at + 8 * i, &out->value[order[i]]) == -1)
			return -1;
		out->known[order[i]] = 1;
	}
	return target_word(t, at + 8 * (CONTEXT_WORDS - 1), &out->pc);
}
