/* SPDX-License-Identifier: ISC */
#include "target/insn.h"

#include <elf.h>
#include <string.h>

#include "target/code.h"
#include "target/insn_arm.h"
#include "target/insn_arm64.h"
#include "target/insn_ppc.h"
#include "target/insn_riscv.h"
#include "target/insn_s390.h"
#include "target/insn_thumb.h"
#include "target/insn_x86.h"

void
insn_access(struct insn *in, int is_read, unsigned size)
{
	in->has_memory = 1;
	in->is_read = is_read;
	in->is_written = !is_read;
	in->size = size;
}

/* Of two halves the first is above the second. */
static int
decode_thumb(const unsigned char *code, size_t len, struct insn *in)
{
	uint32_t half = code_half(code);

	if (!insn_thumb_is_long(half))
		return insn_thumb_decode(half << 16, in);
	return len < 4 ? -1 :
	    insn_thumb_decode(half << 16 | code_half(code + 2), in);
}

int
insn_decode(const struct insn_set *set, const unsigned char *code, size_t len,
    struct insn *in)
{
	memset(in, 0, sizeof *in);
	in->base = in->index = in->operand = in->source = INSN_NONE;
	in->scale = 1;
	if (len < 2 && set->machine != EM_X86_64 && set->machine != EM_386)
		return -1;
	switch (set->machine) {
	case EM_X86_64:
	case EM_386:
		return len == 0 ? -1 : insn_x86_decode(code, len,
		    set->machine == EM_X86_64, in);
	case EM_AARCH64:
		return len < 4 ? -1 : insn_arm64_decode(code_word(code, 1), in);
	case EM_ARM:
		/* Little endian whatever the data is (BE8). */
		if (set->is_thumb)
			return decode_thumb(code, len, in);
		return len < 4 ? -1 : insn_arm_decode(code_word(code, 1), in);
	case EM_PPC:
	case EM_PPC64:
		return len < 4 ? -1 : insn_ppc_decode(
		    code_word(code, !set->is_big), len < 8 ? 0 :
		    code_word(code + 4, !set->is_big), in);
	case EM_RISCV:
		/* A compressed one may be the last two bytes that are here. */
		return len < 4 && (code[0] & 3) == 3 ? -1 :
		    insn_riscv_decode(len < 4 ? code_half(code) :
		    code_word(code, 1), set->is64, in);
	case EM_S390:
		return insn_s390_decode(code, len, in);
	default:
		return -1;
	}
}
