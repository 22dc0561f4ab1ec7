/* SPDX-License-Identifier: ISC */
#include "target/arch.h"

#include <elf.h>

#include "target/code.h"

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

static int
x86_ends_in_call(const unsigned char *code, size_t len)
{
	const unsigned char *end = code + len;

	if (len >= 5 && end[-5] == 0xe8)
		return 1;
	/* ff /2: a call through a register or memory, 2 to 7 bytes long. */
	for (size_t n = 2; n <= 7 && n <= len; n++) {
		const unsigned char *p = end - n;
		unsigned mod, rm;
		size_t want = 2;

		if (p[0] != 0xff || (p[1] >> 3 & 7) != 2)
			continue;
		mod = p[1] >> 6;
		rm = p[1] & 7;
		if (mod != 3 && rm == 4) {
			want++;
			if (n >= 3 && mod == 0 && (p[2] & 7) == 5)
				want += 4;
		}
		if (mod == 1)
			want += 1;
		else if (mod == 2 || (mod == 0 && rm == 5))
			want += 4;
		if (want == n)
			return 1;
	}
	return 0;
}

/* ARM and Thumb: which of the two it was, nobody knows here. */
static int
arm_ends_in_call(const unsigned char *end)
{
	uint32_t insn = code_word(end - 4, 1);
	uint32_t first = insn & 0xffff, second = insn >> 16;

	return (insn & 0x0f000000) == 0x0b000000 ||	/* bl */
	    (insn & 0xfe000000) == 0xfa000000 ||	/* blx label */
	    (insn & 0x0ffffff0) == 0x012fff30 ||	/* blx register */
	    ((first & 0xf800) == 0xf000 && (second & 0xc000) == 0xc000) ||
	    (second & 0xff87) == 0x4780;		/* Thumb blx register */
}

/*
 * bl, or blx to a label, of ARM and of Thumb; 0: neither, or it may be a call by
 * both.
 */
static uint64_t
arm_call_target(uint64_t address, const unsigned char *end)
{
	uint32_t insn = code_word(end - 4, 1);
	uint32_t first = insn & 0xffff, second = insn >> 16;
	int is_arm = insn >> 24 == 0xeb || insn >> 25 == 0x7d;
	int is_blx = (second & 0xd001) == 0xc000;

	if ((first & 0xf800) != 0xf000 || (!is_blx &&
	    (second & 0xd000) != 0xd000))
		return !is_arm ? 0 : (address + 4 +
		    (uint64_t)(code_signed(insn, 24) * 4) +
		    (insn >> 28 == 0xf ? insn >> 23 & 2 : 0)) & UINT32_MAX;
	if (is_arm)
		return 0;
	if (is_blx)
		address &= ~(uint64_t)3;
	return (address + (uint64_t)code_thumb_distance(first, second)) &
	    UINT32_MAX;
}

static int
riscv_ends_in_call(const unsigned char *end, int is64)
{
	uint32_t insn = code_word(end - 4, 1);

	return (!is64 && (insn >> 16 & 0xe003) == 0x2001) ||	/* c.jal */
	    (insn & 0xfff) == 0x0ef ||		/* jal ra */
	    (insn & 0x7fff) == 0x00e7 ||		/* jalr ra */
	    ((insn >> 16 & 0xf07f) == 0x9002 &&
	    (insn >> 16 & 0x0f80) != 0);		/* c.jalr */
}

/* jal, or auipc and jalr; 0: neither. */
static int64_t
riscv_call_distance(const unsigned char *end)
{
	uint32_t first = code_word(end - 8, 1), insn = code_word(end - 4, 1);

	if ((insn & 0xfff) == 0x0ef)
		return ((int64_t)(int32_t)(insn & 0x80000000) >> 11 |
		    (insn & 0x000ff000) | (insn >> 9 & 0x800) |
		    (insn >> 20 & 0x7fe)) - 4;
	if ((insn & 0x7fff) != 0x00e7 || (first & 0x7f) != 0x17 ||
	    (first >> 7 & 31) != (insn >> 15 & 31))
		return 0;
	return (int64_t)(int32_t)(first & 0xfffff000) +
	    ((int32_t)insn >> 20) - 8;
}

/* brasl and bras count in halfwords; 0: neither. */
static int64_t
s390_call_distance(const unsigned char *end)
{
	if (end[-6] == 0xc0 && end[-5] == 0xe5)
		return (int64_t)(int32_t)code_word(end - 4, 0) * 2 - 6;
	if (end[-4] == 0xa7 && end[-3] == 0xe5)
		return (int64_t)(int16_t)(code_word(end - 4, 0) & 0xffff) * 2 - 4;
	return 0;
}

static int
s390_ends_in_call(const unsigned char *end, size_t len)
{
	return (len >= 6 && end[-6] == 0xc0 && end[-5] == 0xe5) ||
	    (end[-4] == 0xa7 && end[-3] == 0xe5) ||	/* brasl, bras */
	    (end[-2] == 0x0d && (end[-1] & 0xf0) == 0xe0);	/* basr */
}

/* The call itself is before the instruction in its delay slot. */
static int
mips_ends_in_call(const unsigned char *end, size_t len, int little)
{
	uint32_t last = code_word(end - 4, little), insn;

	if (last >> 26 == 0x3a || last >> 16 == 0xf800)
		return 1;				/* balc, jialc ra */
	insn = len < 8 ? 0 : code_word(end - 8, little);
	return insn >> 26 == 3 || insn >> 26 == 0x1d ||	/* jal, jalx */
	    (insn & 0xfc00003f) == 9 ||			/* jalr */
	    (insn >> 16 & 0xfc1e) == 0x0410;		/* bltzal, bgezal */
}

static int
m68k_ends_in_call(const unsigned char *end, size_t len)
{
	unsigned last = (unsigned)end[-2] << 8 | end[-1];
	unsigned before = (unsigned)end[-4] << 8 | end[-3];

	return (last & 0xfff8) == 0x4e90 ||		/* jsr (a) */
	    (last >> 8 == 0x61 && (last & 0xff) != 0 && (last & 0xff) != 0xff) ||
	    before == 0x6100 || (before & 0xfff8) == 0x4ea8 ||
	    (before >= 0x4eb8 && before <= 0x4ebb && before != 0x4eb9) ||
	    (before & 0xfff8) == 0x4eb0 ||
	    (len >= 6 && ((end[-6] == 0x4e && end[-5] == 0xb9) ||
	    (end[-6] == 0x61 && end[-5] == 0xff)));
}

static int
delayed_call(uint16_t machine, uint32_t insn)
{
	switch (machine) {
	case EM_SPARC:
	case EM_SPARCV9:
		return insn >> 30 == 1 ||		/* call; jmpl ..., %o7 */
		    (insn & 0xfff80000) == 0x9fc00000;
	case EM_PARISC:
		return insn >> 26 == 0x3a || insn >> 26 == 0x39;
	case EM_OPENRISC:
		return insn >> 26 == 1 || insn >> 26 == 0x12;
	default:
		return 0;
	}
}

int
arch_knows_calls(const struct arch *a)
{
	static const uint16_t known[] = {
		EM_X86_64, EM_386, EM_AARCH64, EM_ARM, EM_RISCV, EM_PPC64,
		EM_PPC, EM_S390, EM_MIPS, EM_68K, EM_SPARC, EM_SPARCV9,
		EM_PARISC, EM_OPENRISC, EM_ALPHA, EM_LOONGARCH
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i] == a->machine)
			return 1;
	return 0;
}

uint64_t
arch_call_target(const struct arch *a, uint64_t address,
    const unsigned char *code, size_t len, int little)
{
	const unsigned char *end = code + len;
	int64_t distance;
	uint32_t insn;

	if (len < 8)
		return 0;
	switch (a->machine) {
	case EM_X86_64:
	case EM_386:
		return end[-5] != 0xe8 ? 0 : (address + (uint64_t)(int64_t)
		    (int32_t)code_word(end - 4, 1)) &
		    (a->is64 ? UINT64_MAX : UINT32_MAX);
	case EM_AARCH64:
		insn = code_word(end - 4, 1);
		return insn >> 26 != 0x25 ? 0 : address - 4 +
		    (uint64_t)((int64_t)(int32_t)(insn << 6) >> 4);
	case EM_ARM:
		return arm_call_target(address, end);
	case EM_RISCV:
	case EM_S390:
		distance = a->machine == EM_RISCV ? riscv_call_distance(end) :
		    s390_call_distance(end);
		return distance == 0 ? 0 : (address + (uint64_t)distance) &
		    a->address_mask;
	case EM_PPC:
	case EM_PPC64:
		insn = code_word(end - 4, little);
		return (insn & 0xfc000003) != 0x48000001 ? 0 : address - 4 +
		    (uint64_t)((int64_t)(int32_t)((insn & 0x3fffffc) << 6) >> 6);
	case EM_MIPS:
		insn = code_word(end - 8, little);
		return insn >> 26 != 3 ? 0 :
		    (address & ~(uint64_t)0xfffffff) | (insn & 0x3ffffff) << 2;
	case EM_SPARC:
	case EM_SPARCV9:
		insn = code_word(end - 8, 0);
		return insn >> 30 != 1 ? 0 : address - 8 +
		    (uint64_t)(int64_t)(int32_t)(insn << 2);
	case EM_LOONGARCH:
		insn = code_word(end - 4, 1);
		return insn >> 26 != 0x15 ? 0 : address - 4 + (uint64_t)
		    ((int64_t)(int32_t)((insn & 0x3ff) << 22 |
		    (insn >> 10 & 0xffff) << 6) >> 4);
	default:
		return 0;
	}
}

int
arch_ends_in_call(const struct arch *a, const unsigned char *code, size_t len,
    int little)
{
	const unsigned char *end = code + len;
	uint32_t insn;

	if (a->machine == EM_X86_64 || a->machine == EM_386)
		return x86_ends_in_call(code, len);
	if (len < 4)
		return 0;
	switch (a->machine) {
	case EM_AARCH64:
		/* Instructions are little endian whatever the data is. */
		insn = code_word(end - 4, 1);
		return (insn & 0xfc000000) == 0x94000000 ||	/* bl */
		    (insn & 0xfffffc1f) == 0xd63f0000 ||	/* blr */
		    (insn & 0xfefff800) == 0xd63f0800;		/* blraa … */
	case EM_ARM:
		return arm_ends_in_call(end);
	case EM_RISCV:
		return riscv_ends_in_call(end, a->is64);
	case EM_PPC:
	case EM_PPC64:
		insn = code_word(end - 4, little);
		return (insn & 0xfc000001) == 0x48000001 ||	/* bl */
		    insn == 0x4e800421 || insn == 0x4e800021;	/* bctrl blrl */
	case EM_S390:
		return s390_ends_in_call(end, len);
	case EM_MIPS:
		return mips_ends_in_call(end, len, little);
	case EM_68K:
		return m68k_ends_in_call(end, len);
	case EM_ALPHA:
		insn = code_word(end - 4, 1);
		return insn >> 26 == 0x34 || (insn >> 26 == 0x1a &&
		    (insn & 0xc000) == 0x4000);		/* bsr, jsr */
	case EM_LOONGARCH:
		insn = code_word(end - 4, 1);
		return insn >> 26 == 0x15 ||		/* bl, jirl ra */
		    (insn >> 26 == 0x13 && (insn & 31) == 1);
	default:
		return len >= 8 && delayed_call(a->machine,
		    code_word(end - 8, little));
	}
}
