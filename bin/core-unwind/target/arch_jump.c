/* SPDX-License-Identifier: ISC */
#include "target/arch.h"

#include <elf.h>

#include "target/code.h"

/* jal, or auipc and jalr, that keep no return address. */
static int64_t
riscv_distance(uint32_t insn, uint32_t second)
{
	if ((insn & 0xfff) == 0x06f)
		return (int64_t)(int32_t)(insn & 0x80000000) >> 11 |
		    (insn & 0x000ff000) | (insn >> 9 & 0x800) |
		    (insn >> 20 & 0x7fe);
	if ((insn & 0x7f) != 0x17 || (second & 0x7fff) != 0x0067 ||
	    (insn >> 7 & 31) != (second >> 15 & 31))
		return 0;
	return (int64_t)(int32_t)(insn & 0xfffff000) +
	    code_signed(second >> 20, 12);
}

/* 0: it is none whose distance is known. */
static int64_t
jump_distance(const struct arch *a, const unsigned char *code, int little)
{
	uint32_t insn = code_word(code, little);

	switch (a->machine) {
	case EM_X86_64:
	case EM_386:
		return code[0] != 0xe9 ? 0 :
		    (int64_t)(int32_t)code_word(code + 1, 1) + 5;
	case EM_AARCH64:
		return insn >> 26 != 5 ? 0 : code_signed(insn, 26) * 4;
	case EM_ARM:
		if (insn >> 24 == 0xea)
			return code_signed(insn, 24) * 4 + 8;
		/* b.w */
		return (insn & 0xf800) != 0xf000 ||
		    (insn >> 16 & 0xd000) != 0x9000 ? 0 :
		    code_thumb_distance(insn & 0xffff, insn >> 16) + 4;
	case EM_RISCV:
		return riscv_distance(insn, code_word(code + 4, 1));
	case EM_PPC64:
		return (insn & 0xfc000003) != 0x48000000 ? 0 :
		    code_signed(insn, 26);
	case EM_S390:
		return code[0] != 0xc0 || code[1] != 0xf4 ? 0 :
		    (int64_t)(int32_t)code_word(code + 2, 0) * 2;
	default:
		return 0;
	}
}

uint64_t
arch_jump_target(const struct arch *a, uint64_t address,
    const unsigned char *code, size_t len, int little)
{
	/* Instructions are little endian on these, whatever the data is. */
	int is_little = a->machine != EM_PPC64 || little;
	int64_t distance = len < ARCH_JUMP_MAX ? 0 :
	    jump_distance(a, code, is_little);

	return distance == 0 ? 0 : (address + (uint64_t)distance) &
	    (a->is64 ? UINT64_MAX : UINT32_MAX);
}

/* endbr64, bnd jmp *slot(%rip) */
static uint64_t
x86_slot(uint64_t address, const unsigned char *code)
{
	size_t i = code_word(code, 1) == 0xfa1e0ff3 ? 4 : 0;

	if (code[i] == 0xf2)
		i++;
	return code[i] != 0xff || code[i + 1] != 0x25 ? 0 : address + i + 6 +
	    (uint64_t)(int64_t)(int32_t)code_word(code + i + 2, 1);
}

/* bti c; adrp x16, slot; ldr x17, [x16, slot]; add, br x17 */
static uint64_t
arm64_slot(uint64_t address, const unsigned char *code)
{
	int i = code_word(code, 1) == 0xd503245f ? 4 : 0;
	uint32_t page = code_word(code + i, 1);
	uint32_t load = code_word(code + i + 4, 1);

	if ((page & 0x9f00001f) != 0x90000010 ||
	    (load & 0xffc003ff) != 0xf9400211)
		return 0;
	return ((address + (uint64_t)i) & ~(uint64_t)0xfff) +
	    (uint64_t)(code_signed((page >> 5 & 0x7ffff) << 2 |
	    (page >> 29 & 3), 21) * 4096) + (load >> 10 & 0xfff) * 8;
}

static uint32_t
rotated(uint32_t insn)
{
	uint32_t value = insn & 0xff, by = insn >> 7 & 30;

	return by == 0 ? value : value >> by | value << (32 - by);
}

/* add ip, pc, ...; add ip, ip, ...; ldr pc, [ip, ...]! Thumb code jumps to a
   bx pc before it. */
static uint64_t
arm_slot(uint64_t address, const unsigned char *code, size_t len)
{
	size_t i = (code_word(code, 1) & 0xffff) == 0x4778 ? 4 : 0;
	uint32_t insn = code_word(code + i, 1);
	uint64_t slot = address + i + 8 + rotated(insn);

	if ((insn & 0xfffff000) != 0xe28fc000)
		return 0;
	while ((i += 4) + 4 <= len) {
		insn = code_word(code + i, 1);
		if ((insn & 0xfffff000) == 0xe5bcf000)
			return (slot + (insn & 0xfff)) & UINT32_MAX;
		if ((insn & 0xfffff000) != 0xe28cc000)
			return 0;
		slot += rotated(insn);
	}
	return 0;
}

/* auipc t3, slot; ld t3, slot(t3); jalr t1, t3 */
static uint64_t
riscv_slot(uint64_t address, const unsigned char *code, int is64)
{
	uint32_t page = code_word(code, 1), load = code_word(code + 4, 1);

	if ((page & 0xfff) != 0xe17 || code_word(code + 8, 1) != 0xe0367 ||
	    (load & 0xfffff) != (is64 ? 0xe3e03 : 0xe2e03))
		return 0;
	return address + (uint64_t)((int64_t)(int32_t)(page & 0xfffff000) +
	    code_signed(load >> 20, 12));
}

/* std r2, 24(r1); addis r12, r2, slot; ld r12, slot(r12); mtctr, bctr */
static uint64_t
ppc64_slot(uint64_t toc, const unsigned char *code, int little)
{
	uint32_t high = code_word(code + 4, little), low;
	int64_t distance = 0;
	int i = 4;

	if (code_word(code, little) != 0xf8410018 || toc == 0)
		return 0;
	if (high >> 16 == 0x3d82) {
		distance = code_signed(high, 16) * 65536;
		i = 8;
	}
	low = code_word(code + i, little);
	if (low >> 16 != (i == 8 ? 0xe98c : 0xe982) || (low & 3) != 0)
		return 0;
	return toc + (uint64_t)(distance + code_signed(low, 16));
}

uint64_t
arch_stub_slot(const struct arch *a, uint64_t address, uint64_t toc,
    const unsigned char *code, size_t len, int little)
{
	if (len < 16)
		return 0;
	switch (a->machine) {
	case EM_X86_64:
		return a->is64 ? x86_slot(address, code) : 0;
	case EM_AARCH64:
		return arm64_slot(address, code);
	case EM_ARM:
		return arm_slot(address, code, len);
	case EM_RISCV:
		return riscv_slot(address, code, a->is64);
	case EM_PPC64:
		return ppc64_slot(toc, code, little);
	case EM_S390:
		/* larl %r1, slot; lg %r1, 0(%r1); br %r1 */
		return code[0] != 0xc0 || code[1] != 0x10 ||
		    code_word(code + 6, 0) != 0xe3101000 ? 0 : address +
		    (uint64_t)((int64_t)(int32_t)code_word(code + 2, 0) * 2);
	default:
		return 0;
	}
}
