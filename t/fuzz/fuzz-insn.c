/* SPDX-License-Identifier: ISC */
/* One instruction, of the machine that the first byte chooses: what is said of
   it must be possible. */
#include <elf.h>
#include <stdlib.h>

#include "fuzz.h"
#include "target/insn.h"

static const struct insn_set sets[] = {
	{ .machine = EM_386 }, { .machine = EM_X86_64, .is64 = 1 },
	{ .machine = EM_AARCH64, .is64 = 1 }, { .machine = EM_RISCV },
	{ .machine = EM_RISCV, .is64 = 1 }, { .machine = EM_ARM },
	{ .machine = EM_ARM, .is_thumb = 1 },
	{ .machine = EM_PPC64, .is64 = 1 },
	{ .machine = EM_PPC64, .is64 = 1, .is_big = 1 },
	{ .machine = EM_S390, .is64 = 1, .is_big = 1 }
};

static int
is_register(int n)
{
	return n >= INSN_PC && n <= 31;
}

static int
is_possible(const struct insn *in, size_t len)
{
	if (in->length == 0 || in->length > len || in->size > 4096 ||
	    !is_register(in->base) || !is_register(in->operand))
		return 0;
	if (in->index != INSN_NONE && (in->index < 0 || in->index > 31))
		return 0;
	if (in->source != INSN_NONE && (in->source < 0 || in->source > 31))
		return 0;
	if (in->scale == 0 || (in->scale & (in->scale - 1)) != 0)
		return 0;
	return !in->is_aligned_down ||
	    (in->size != 0 && (in->size & (in->size - 1)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct insn_set *set;
	uint8_t *exact;
	struct insn in;

	if (size < 2)
		return 0;
	set = &sets[data[0] % (sizeof sets / sizeof sets[0])];
	exact = fuzz_exact(data + 1, size - 1);
	if (insn_decode(set, exact, size - 1, &in) == 0 &&
	    !is_possible(&in, size - 1))
		abort();
	free(exact);
	return 0;
}
