/* SPDX-License-Identifier: ISC */
#include "arch.h"

#include <elf.h>
#include <string.h>


static const struct arch_register x86_64_raw[] = {
	{ "r15", 15 }, { "r14", 14 }, { "r13", 13 }, { "r12", 12 },
	{ "rbp", 6 }, { "rbx", 3 }, { "r11", 11 }, { "r10", 10 },
	{ "r9", 9 }, { "r8", 8 }, { "rax", 0 }, { "rcx", 2 },
	{ "rdx", 1 }, { "rsi", 4 }, { "rdi", 5 }, { "orig_rax", NOT_DWARF },
	{ "rip", NOT_DWARF }, { "cs", NOT_DWARF }, { "eflags", NOT_DWARF },
	{ "rsp", 7 }, { "ss", NOT_DWARF }, { "fs_base", NOT_DWARF },
	{ "gs_base", NOT_DWARF }, { "ds", NOT_DWARF }, { "es", NOT_DWARF },
	{ "fs", NOT_DWARF }, { "gs", NOT_DWARF }
};

static const struct arch_register i386_raw[] = {
	{ "ebx", 3 }, { "ecx", 1 }, { "edx", 2 }, { "esi", 6 },
	{ "edi", 7 }, { "ebp", 5 }, { "eax", 0 }, { "ds", NOT_DWARF },
	{ "es", NOT_DWARF }, { "fs", NOT_DWARF }, { "gs", NOT_DWARF },
	{ "orig_eax", NOT_DWARF }, { "eip", NOT_DWARF }, { "cs", NOT_DWARF },
	{ "eflags", NOT_DWARF }, { "esp", 4 }, { "ss", NOT_DWARF }
};

static const struct arch_register aarch64_raw[] = {
	{ "x0", 0 }, { "x1", 1 }, { "x2", 2 }, { "x3", 3 }, { "x4", 4 },
	{ "x5", 5 }, { "x6", 6 }, { "x7", 7 }, { "x8", 8 }, { "x9", 9 },
	{ "x10", 10 }, { "x11", 11 }, { "x12", 12 }, { "x13", 13 },
	{ "x14", 14 }, { "x15", 15 }, { "x16", 16 }, { "x17", 17 },
	{ "x18", 18 }, { "x19", 19 }, { "x20", 20 }, { "x21", 21 },
	{ "x22", 22 }, { "x23", 23 }, { "x24", 24 }, { "x25", 25 },
	{ "x26", 26 }, { "x27", 27 }, { "x28", 28 }, { "x29", 29 },
	{ "x30", 30 }, { "sp", 31 }, { "pc", NOT_DWARF },
	{ "pstate", NOT_DWARF }
};

static const struct arch_register arm_raw[] = {
	{ "r0", 0 }, { "r1", 1 }, { "r2", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "fp", 11 }, { "ip", 12 }, { "sp", 13 },
	{ "lr", 14 }, { "pc", 15 }, { "cpsr", NOT_DWARF },
	{ "orig_r0", NOT_DWARF }
};

static const struct arch_register riscv_raw[] = {
	{ "pc", NOT_DWARF }, { "ra", 1 }, { "sp", 2 }, { "gp", 3 },
	{ "tp", 4 }, { "t0", 5 }, { "t1", 6 }, { "t2", 7 }, { "s0", 8 },
	{ "s1", 9 }, { "a0", 10 }, { "a1", 11 }, { "a2", 12 }, { "a3", 13 },
	{ "a4", 14 }, { "a5", 15 }, { "a6", 16 }, { "a7", 17 }, { "s2", 18 },
	{ "s3", 19 }, { "s4", 20 }, { "s5", 21 }, { "s6", 22 }, { "s7", 23 },
	{ "s8", 24 }, { "s9", 25 }, { "s10", 26 }, { "s11", 27 },
	{ "t3", 28 }, { "t4", 29 }, { "t5", 30 }, { "t6", 31 }
};

static const struct arch_register ppc64_raw[] = {
	{ "r0", 0 }, { "r1", 1 }, { "r2", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "r12", 12 }, { "r13", 13 },
	{ "r14", 14 }, { "r15", 15 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "r29", 29 },
	{ "r30", 30 }, { "r31", 31 }, { "nip", NOT_DWARF },
	{ "msr", NOT_DWARF }, { "orig_r3", NOT_DWARF }, { "ctr", 66 },
	{ "lr", 65 }, { "xer", NOT_DWARF }, { "ccr", NOT_DWARF },
	{ "softe", NOT_DWARF }, { "trap", NOT_DWARF }, { "dar", NOT_DWARF },
	{ "dsisr", NOT_DWARF }, { "result", NOT_DWARF }
};

static const struct arch_register s390x_raw[] = {
	{ "pswm", 64 }, { "pswa", 65 }, { "r0", 0 }, { "r1", 1 },
	{ "r2", 2 }, { "r3", 3 }, { "r4", 4 }, { "r5", 5 }, { "r6", 6 },
	{ "r7", 7 }, { "r8", 8 }, { "r9", 9 }, { "r10", 10 }, { "r11", 11 },
	{ "r12", 12 }, { "r13", 13 }, { "r14", 14 }, { "r15", 15 }
};

#define RAW(table) sizeof(table) / sizeof((table)[0])

static const struct arch machines[] = {
	{ .name = "x86_64", .machine = EM_X86_64, .is64 = 1, .word = 8,
	  .nraw = RAW(x86_64_raw), .nregisters = 17, .pc_raw = 16,
	  .sp = 7, .fp = 6, .lr = NOT_DWARF, .return_value = 0,
	  .raw = x86_64_raw, .address_mask = UINT64_MAX },
	/* x32: 32-bit addresses, 64-bit registers. */
	{ .name = "x32", .machine = EM_X86_64, .is64 = 0, .word = 8,
	  .nraw = RAW(x86_64_raw), .nregisters = 17, .pc_raw = 16,
	  .sp = 7, .fp = 6, .lr = NOT_DWARF, .return_value = 0,
	  .raw = x86_64_raw, .address_mask = UINT32_MAX },
	{ .name = "i386", .machine = EM_386, .is64 = 0, .word = 4,
	  .nraw = RAW(i386_raw), .nregisters = 9, .pc_raw = 12,
	  .sp = 4, .fp = 5, .lr = NOT_DWARF, .return_value = 0,
	  .raw = i386_raw, .address_mask = UINT32_MAX },
	/* Pointer authentication may use the bits above 47. */
	{ .name = "aarch64", .machine = EM_AARCH64, .is64 = 1, .word = 8,
	  .nraw = RAW(aarch64_raw), .nregisters = 35, .pc_raw = 32,
	  .sp = 31, .fp = 29, .lr = 30, .return_value = 0,
	  .raw = aarch64_raw, .address_mask = ((uint64_t)1 << 48) - 1 },
	{ .name = "arm", .machine = EM_ARM, .is64 = 0, .word = 4,
	  .nraw = RAW(arm_raw), .nregisters = 16, .pc_raw = 15,
	  .sp = 13, .fp = 11, .lr = 14, .return_value = 0,
	  .raw = arm_raw, .address_mask = UINT32_MAX },
	{ .name = "riscv64", .machine = EM_RISCV, .is64 = 1, .word = 8,
	  .nraw = RAW(riscv_raw), .nregisters = 32, .pc_raw = 0,
	  .sp = 2, .fp = 8, .lr = 1, .return_value = 10,
	  .raw = riscv_raw, .address_mask = UINT64_MAX },
	{ .name = "riscv32", .machine = EM_RISCV, .is64 = 0, .word = 4,
	  .nraw = RAW(riscv_raw), .nregisters = 32, .pc_raw = 0,
	  .sp = 2, .fp = 8, .lr = 1, .return_value = 10,
	  .raw = riscv_raw, .address_mask = UINT32_MAX },
	{ .name = "ppc64", .machine = EM_PPC64, .is64 = 1, .word = 8,
	  .nraw = RAW(ppc64_raw), .nregisters = 67, .pc_raw = 32,
	  .sp = 1, .fp = 31, .lr = 65, .return_value = 3,
	  .raw = ppc64_raw, .address_mask = UINT64_MAX },
	{ .name = "s390x", .machine = EM_S390, .is64 = 1, .word = 8,
	  .nraw = RAW(s390x_raw), .nregisters = 66, .pc_raw = 1,
	  .sp = 15, .fp = 11, .lr = 14, .return_value = 2,
	  .raw = s390x_raw, .address_mask = UINT64_MAX }
};

const struct arch *
arch_find(uint16_t machine, int is64)
{
	for (size_t i = 0; i < RAW(machines); i++)
		if (machines[i].machine == machine &&
		    machines[i].is64 == (is64 != 0))
			return &machines[i];
	return NULL;
}

void
arch_registers(const struct arch *a, const uint64_t *raw,
    struct registers *registers)
{
	memset(registers, 0, sizeof *registers);
	for (size_t i = 0; i < a->nraw; i++) {
		int n = a->raw[i].dwarf;

		if (n == NOT_DWARF)
			continue;
		registers->value[n] = raw[i];
		registers->known[n] = 1;
	}
	registers->pc = raw[a->pc_raw] & a->address_mask;
}

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

static uint32_t
word32(const unsigned char *p, int little)
{
	return little ? (uint32_t)p[0] | (uint32_t)p[1] << 8 |
	    (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24 :
	    (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[0] << 24;
}

/* ARM and Thumb: which of the two it was, nobody knows here. */
static int
arm_ends_in_call(const unsigned char *end)
{
	uint32_t insn = word32(end - 4, 1);
	uint32_t first = insn & 0xffff, second = insn >> 16;

	return (insn & 0x0f000000) == 0x0b000000 ||	/* bl */
	    (insn & 0xfe000000) == 0xfa000000 ||	/* blx label */
	    (insn & 0x0ffffff0) == 0x012fff30 ||	/* blx register */
	    ((first & 0xf800) == 0xf000 && (second & 0xc000) == 0xc000) ||
	    (second & 0xff87) == 0x4780;		/* Thumb blx register */
}

static int
riscv_ends_in_call(const unsigned char *end)
{
	uint32_t insn = word32(end - 4, 1);

	return (insn & 0xfff) == 0x0ef ||		/* jal ra */
	    (insn & 0x7fff) == 0x00e7 ||		/* jalr ra */
	    ((insn >> 16 & 0xf07f) == 0x9002 &&
	    (insn >> 16 & 0x0f80) != 0);		/* c.jalr */
}

static int
s390_ends_in_call(const unsigned char *end, size_t len)
{
	return (len >= 6 && end[-6] == 0xc0 && end[-5] == 0xe5) ||
	    (end[-4] == 0xa7 && end[-3] == 0xe5) ||	/* brasl, bras */
	    (end[-2] == 0x0d && (end[-1] & 0xf0) == 0xe0);	/* basr */
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
		insn = word32(end - 4, 1);
		return (insn & 0xfc000000) == 0x94000000 ||	/* bl */
		    (insn & 0xfffffc1f) == 0xd63f0000 ||	/* blr */
		    (insn & 0xfefff800) == 0xd63f0800;		/* blraa … */
	case EM_ARM:
		return arm_ends_in_call(end);
	case EM_RISCV:
		return riscv_ends_in_call(end);
	case EM_PPC64:
		insn = word32(end - 4, little);
		return (insn & 0xfc000001) == 0x48000001 ||	/* bl */
		    insn == 0x4e800421 || insn == 0x4e800021;	/* bctrl blrl */
	case EM_S390:
		return s390_ends_in_call(end, len);
	default:
		return 0;
	}
}
