/* SPDX-License-Identifier: ISC */
/*
 * insns SET: of each line of standard input, the bytes of an instruction in
 * hexadecimal, in the order of memory, what core-unwind's decoders say:
 *	ACCESS SIZE BASE INDEX SCALE DISPLACEMENT [second BASE DISPLACEMENT]
 *	    [down] [executed OPERAND] [divides OPERAND] [SPECIAL]
 * where ACCESS is r, w or rw, registers are numbers, pc or -, and an index that
 * is subtracted has a negative scale. "none" when it accesses nothing.
 */
#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "target/insn.h"

static const struct {
	const char *name;
	struct insn_set set;
} sets[] = {
	{ "x86_64", { .machine = EM_X86_64, .is64 = 1 } },
	{ "aarch64", { .machine = EM_AARCH64, .is64 = 1 } },
	{ "riscv64", { .machine = EM_RISCV, .is64 = 1 } },
	{ "arm", { .machine = EM_ARM } },
	{ "thumb", { .machine = EM_ARM, .is_thumb = 1 } },
	{ "ppc64le", { .machine = EM_PPC64, .is64 = 1 } },
	{ "ppc64", { .machine = EM_PPC64, .is64 = 1, .is_big = 1 } },
	{ "s390x", { .machine = EM_S390, .is64 = 1, .is_big = 1 } }
};

static const char *
name_of(int reg)
{
	static char names[4][12];
	static unsigned next;
	char *name = names[next++ % 4];

	if (reg < 0)
		return reg == INSN_NONE ? "-" : reg == INSN_RIP ? "next" : "pc";
	snprintf(name, sizeof names[0], "%d", reg);
	return name;
}

static void
print(const struct insn *in)
{
	if (in->has_memory)
		printf("%s%s %u %s %s %s%u %" PRId64, in->is_read ? "r" : "",
		    in->is_written ? "w" : "", in->size, name_of(in->base),
		    name_of(in->index), in->minus_index ? "-" : "", in->scale,
		    in->displacement);
	else
		printf("none");
	if (in->source != INSN_NONE)
		printf(" second %s %" PRId64, name_of(in->source),
		    in->source_displacement);
	if (in->is_aligned_down)
		printf(" down");
	if (in->is_executed)
		printf(" executed %s", name_of(in->operand));
	if (in->is_division)
		printf(" divides %s", name_of(in->operand));
	if (in->special != NULL)
		printf(" %s", in->special);
	printf("\n");
}

int
main(int argc, char **argv)
{
	char line[80];
	size_t i = 0;

	while (argc == 2 && i < sizeof sets / sizeof sets[0] &&
	    strcmp(argv[1], sets[i].name) != 0)
		i++;
	if (argc != 2 || i == sizeof sets / sizeof sets[0])
		return 100;
	while (fgets(line, sizeof line, stdin) != NULL) {
		unsigned char code[INSN_MAX];
		struct insn in;
		size_t n = 0;
		unsigned byte;

		while (n < sizeof code &&
		    sscanf(line + 2 * n, "%2x", &byte) == 1)
			code[n++] = (unsigned char)byte;
		if (insn_decode(&sets[i].set, code, n, &in) == -1)
			printf("none\n");
		else
			print(&in);
	}
	return 0;
}
