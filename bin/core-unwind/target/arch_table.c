/* SPDX-License-Identifier: ISC */
#include "target/arch.h"

#include <elf.h>

/* Later than the headers this may be compiled with. */
#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif
#define EM_ARCV2 195		/* EM_ARC_COMPACT2 */
#ifndef EM_CSKY
#define EM_CSKY 252
#endif

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

/* The stack slots of the four arguments come first, and two more words. */
static const struct arch_register mips32_raw[] = {
	{ "pad0", NOT_DWARF }, { "pad1", NOT_DWARF }, { "pad2", NOT_DWARF },
	{ "pad3", NOT_DWARF }, { "pad4", NOT_DWARF }, { "pad5", NOT_DWARF },
	{ "zero", 0 }, { "at", 1 }, { "v0", 2 }, { "v1", 3 }, { "a0", 4 },
	{ "a1", 5 }, { "a2", 6 }, { "a3", 7 }, { "t0", 8 }, { "t1", 9 },
	{ "t2", 10 }, { "t3", 11 }, { "t4", 12 }, { "t5", 13 }, { "t6", 14 },
	{ "t7", 15 }, { "s0", 16 }, { "s1", 17 }, { "s2", 18 }, { "s3", 19 },
	{ "s4", 20 }, { "s5", 21 }, { "s6", 22 }, { "s7", 23 }, { "t8", 24 },
	{ "t9", 25 }, { "k0", 26 }, { "k1", 27 }, { "gp", 28 }, { "sp", 29 },
	{ "fp", 30 }, { "ra", 31 }, { "lo", NOT_DWARF }, { "hi", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "badvaddr", NOT_DWARF },
	{ "status", NOT_DWARF }, { "cause", NOT_DWARF }
};

static const struct arch_register mips64_raw[] = {
	{ "zero", 0 }, { "at", 1 }, { "v0", 2 }, { "v1", 3 }, { "a0", 4 },
	{ "a1", 5 }, { "a2", 6 }, { "a3", 7 }, { "a4", 8 }, { "a5", 9 },
	{ "a6", 10 }, { "a7", 11 }, { "t0", 12 }, { "t1", 13 }, { "t2", 14 },
	{ "t3", 15 }, { "s0", 16 }, { "s1", 17 }, { "s2", 18 }, { "s3", 19 },
	{ "s4", 20 }, { "s5", 21 }, { "s6", 22 }, { "s7", 23 }, { "t8", 24 },
	{ "t9", 25 }, { "k0", 26 }, { "k1", 27 }, { "gp", 28 }, { "sp", 29 },
	{ "fp", 30 }, { "ra", 31 }, { "lo", NOT_DWARF }, { "hi", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "badvaddr", NOT_DWARF },
	{ "status", NOT_DWARF }, { "cause", NOT_DWARF }
};

static const struct arch_register loongarch_raw[] = {
	{ "zero", 0 }, { "ra", 1 }, { "tp", 2 }, { "sp", 3 }, { "a0", 4 },
	{ "a1", 5 }, { "a2", 6 }, { "a3", 7 }, { "a4", 8 }, { "a5", 9 },
	{ "a6", 10 }, { "a7", 11 }, { "t0", 12 }, { "t1", 13 }, { "t2", 14 },
	{ "t3", 15 }, { "t4", 16 }, { "t5", 17 }, { "t6", 18 }, { "t7", 19 },
	{ "t8", 20 }, { "r21", 21 }, { "fp", 22 }, { "s0", 23 }, { "s1", 24 },
	{ "s2", 25 }, { "s3", 26 }, { "s4", 27 }, { "s5", 28 }, { "s6", 29 },
	{ "s7", 30 }, { "s8", 31 }, { "orig_a0", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "badv", NOT_DWARF }
};

static const struct arch_register sparc64_raw[] = {
	{ "g0", 0 }, { "g1", 1 }, { "g2", 2 }, { "g3", 3 }, { "g4", 4 },
	{ "g5", 5 }, { "g6", 6 }, { "g7", 7 }, { "o0", 8 }, { "o1", 9 },
	{ "o2", 10 }, { "o3", 11 }, { "o4", 12 }, { "o5", 13 }, { "sp", 14 },
	{ "o7", 15 }, { "l0", 16 }, { "l1", 17 }, { "l2", 18 }, { "l3", 19 },
	{ "l4", 20 }, { "l5", 21 }, { "l6", 22 }, { "l7", 23 }, { "i0", 24 },
	{ "i1", 25 }, { "i2", 26 }, { "i3", 27 }, { "i4", 28 }, { "i5", 29 },
	{ "fp", 30 }, { "i7", 31 }, { "tstate", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "npc", NOT_DWARF }, { "y", NOT_DWARF }
};

static const struct arch_register sparc_raw[] = {
	{ "g0", 0 }, { "g1", 1 }, { "g2", 2 }, { "g3", 3 }, { "g4", 4 },
	{ "g5", 5 }, { "g6", 6 }, { "g7", 7 }, { "o0", 8 }, { "o1", 9 },
	{ "o2", 10 }, { "o3", 11 }, { "o4", 12 }, { "o5", 13 }, { "sp", 14 },
	{ "o7", 15 }, { "l0", 16 }, { "l1", 17 }, { "l2", 18 }, { "l3", 19 },
	{ "l4", 20 }, { "l5", 21 }, { "l6", 22 }, { "l7", 23 }, { "i0", 24 },
	{ "i1", 25 }, { "i2", 26 }, { "i3", 27 }, { "i4", 28 }, { "i5", 29 },
	{ "fp", 30 }, { "i7", 31 }, { "psr", NOT_DWARF }, { "pc", NOT_DWARF },
	{ "npc", NOT_DWARF }, { "y", NOT_DWARF }, { "wim", NOT_DWARF },
	{ "tbr", NOT_DWARF }
};

static const struct arch_register m68k_raw[] = {
	{ "d1", 1 }, { "d2", 2 }, { "d3", 3 }, { "d4", 4 }, { "d5", 5 },
	{ "d6", 6 }, { "d7", 7 }, { "a0", 8 }, { "a1", 9 }, { "a2", 10 },
	{ "a3", 11 }, { "a4", 12 }, { "a5", 13 }, { "fp", 14 }, { "d0", 0 },
	{ "sp", 15 }, { "orig_d0", NOT_DWARF }, { "sr", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "format", NOT_DWARF }
};

static const struct arch_register hppa_raw[] = {
	{ "r0", 0 }, { "r1", 1 }, { "rp", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "r12", 12 }, { "r13", 13 },
	{ "r14", 14 }, { "r15", 15 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "r29", 29 },
	{ "sp", 30 }, { "r31", 31 }, { "sr0", NOT_DWARF },
	{ "sr1", NOT_DWARF }, { "sr2", NOT_DWARF }, { "sr3", NOT_DWARF },
	{ "sr4", NOT_DWARF }, { "sr5", NOT_DWARF }, { "sr6", NOT_DWARF },
	{ "sr7", NOT_DWARF }, { "pc", NOT_DWARF }, { "npc", NOT_DWARF },
	{ "iasq0", NOT_DWARF }, { "iasq1", NOT_DWARF }, { "sar", 32 },
	{ "iir", NOT_DWARF }, { "isr", NOT_DWARF }, { "ior", NOT_DWARF }
};

static const struct arch_register alpha_raw[] = {
	{ "v0", 0 }, { "t0", 1 }, { "t1", 2 }, { "t2", 3 }, { "t3", 4 },
	{ "t4", 5 }, { "t5", 6 }, { "t6", 7 }, { "t7", 8 }, { "s0", 9 },
	{ "s1", 10 }, { "s2", 11 }, { "s3", 12 }, { "s4", 13 }, { "s5", 14 },
	{ "fp", 15 }, { "a0", 16 }, { "a1", 17 }, { "a2", 18 }, { "a3", 19 },
	{ "a4", 20 }, { "a5", 21 }, { "t8", 22 }, { "t9", 23 }, { "t10", 24 },
	{ "t11", 25 }, { "ra", 26 }, { "pv", 27 }, { "at", 28 }, { "gp", 29 },
	{ "sp", 30 }, { "pc", NOT_DWARF }, { "unique", NOT_DWARF }
};

static const struct arch_register sh_raw[] = {
	{ "r0", 0 }, { "r1", 1 }, { "r2", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "r12", 12 }, { "r13", 13 },
	{ "fp", 14 }, { "sp", 15 }, { "pc", NOT_DWARF }, { "pr", 17 },
	{ "sr", NOT_DWARF }, { "gbr", NOT_DWARF }, { "mach", NOT_DWARF },
	{ "macl", NOT_DWARF }, { "tra", NOT_DWARF }
};

static const struct arch_register openrisc_raw[] = {
	{ "r0", 0 }, { "sp", 1 }, { "fp", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "lr", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "r12", 12 }, { "r13", 13 },
	{ "r14", 14 }, { "r15", 15 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "r29", 29 },
	{ "r30", 30 }, { "r31", 31 }, { "pc", NOT_DWARF }, { "sr", NOT_DWARF }
};

static const struct arch_register microblaze_raw[] = {
	{ "r0", 0 }, { "sp", 1 }, { "r2", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "r12", 12 }, { "r13", 13 },
	{ "r14", 14 }, { "r15", 15 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "r29", 29 },
	{ "r30", 30 }, { "r31", 31 }, { "pc", NOT_DWARF },
	{ "msr", NOT_DWARF }, { "ear", NOT_DWARF }, { "esr", NOT_DWARF },
	{ "fsr", NOT_DWARF }, { "pt_mode", NOT_DWARF }
};

static const struct arch_register hexagon_raw[] = {
	{ "r0", 0 }, { "r1", 1 }, { "r2", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "r12", 12 }, { "r13", 13 },
	{ "r14", 14 }, { "r15", 15 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "sp", 29 },
	{ "fp", 30 }, { "lr", 31 }, { "sa0", NOT_DWARF },
	{ "lc0", NOT_DWARF }, { "sa1", NOT_DWARF }, { "lc1", NOT_DWARF },
	{ "m0", NOT_DWARF }, { "m1", NOT_DWARF }, { "usr", NOT_DWARF },
	{ "p3_0", NOT_DWARF }, { "gp", NOT_DWARF }, { "ugp", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "cause", NOT_DWARF }, { "badva", NOT_DWARF }
};

static const struct arch_register arc_raw[] = {
	{ "pad0", NOT_DWARF }, { "bta", NOT_DWARF },
	{ "lp_start", NOT_DWARF }, { "lp_end", NOT_DWARF },
	{ "lp_count", NOT_DWARF }, { "status32", NOT_DWARF },
	{ "ret", NOT_DWARF }, { "blink", 31 }, { "fp", 27 }, { "gp", 26 },
	{ "r12", 12 }, { "r11", 11 }, { "r10", 10 }, { "r9", 9 }, { "r8", 8 },
	{ "r7", 7 }, { "r6", 6 }, { "r5", 5 }, { "r4", 4 }, { "r3", 3 },
	{ "r2", 2 }, { "r1", 1 }, { "r0", 0 }, { "sp", 28 },
	{ "pad1", NOT_DWARF }, { "r25", 25 }, { "r24", 24 }, { "r23", 23 },
	{ "r22", 22 }, { "r21", 21 }, { "r20", 20 }, { "r19", 19 },
	{ "r18", 18 }, { "r17", 17 }, { "r16", 16 }, { "r15", 15 },
	{ "r14", 14 }, { "r13", 13 }, { "efa", NOT_DWARF },
	{ "pc", NOT_DWARF }
};

static const struct arch_register csky_raw[] = {
	{ "tls", 31 }, { "lr", 15 }, { "pc", NOT_DWARF }, { "sr", NOT_DWARF },
	{ "sp", 14 }, { "orig_a0", NOT_DWARF }, { "r0", 0 }, { "r1", 1 },
	{ "r2", 2 }, { "r3", 3 }, { "r4", 4 }, { "r5", 5 }, { "r6", 6 },
	{ "r7", 7 }, { "r8", 8 }, { "r9", 9 }, { "r10", 10 }, { "r11", 11 },
	{ "r12", 12 }, { "r13", 13 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "r29", 29 },
	{ "r30", 30 }, { "hi", NOT_DWARF }, { "lo", NOT_DWARF },
	{ "dcsr", NOT_DWARF }
};

static const struct arch_register ia64_raw[] = {
	{ "r0", 0 }, { "r1", 1 }, { "r2", 2 }, { "r3", 3 }, { "r4", 4 },
	{ "r5", 5 }, { "r6", 6 }, { "r7", 7 }, { "r8", 8 }, { "r9", 9 },
	{ "r10", 10 }, { "r11", 11 }, { "sp", 12 }, { "r13", 13 },
	{ "r14", 14 }, { "r15", 15 }, { "r16", 16 }, { "r17", 17 },
	{ "r18", 18 }, { "r19", 19 }, { "r20", 20 }, { "r21", 21 },
	{ "r22", 22 }, { "r23", 23 }, { "r24", 24 }, { "r25", 25 },
	{ "r26", 26 }, { "r27", 27 }, { "r28", 28 }, { "r29", 29 },
	{ "r30", 30 }, { "r31", 31 }, { "nat", NOT_DWARF },
	{ "pr", NOT_DWARF }, { "b0", NOT_DWARF }, { "b1", NOT_DWARF },
	{ "b2", NOT_DWARF }, { "b3", NOT_DWARF }, { "b4", NOT_DWARF },
	{ "b5", NOT_DWARF }, { "b6", NOT_DWARF }, { "b7", NOT_DWARF },
	{ "pc", NOT_DWARF }, { "cfm", NOT_DWARF }, { "psr", NOT_DWARF }
};

#define RAW(table) sizeof(table) / sizeof((table)[0])

const struct arch arch_table[] = {
	{ .name = "x86_64", .machine = EM_X86_64, .is64 = 1, .word = 8,
	  .nraw = RAW(x86_64_raw), .nregisters = 17, .pc_raw = 16,
	  .sp = 7, .fp = 6, .lr = NOT_DWARF, .return_value = 0,
	  .raw = x86_64_raw, .address_mask = UINT64_MAX,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1 },
	/* x32: 32-bit addresses, 64-bit registers. */
	{ .name = "x32", .machine = EM_X86_64, .is64 = 0, .word = 8,
	  .nraw = RAW(x86_64_raw), .nregisters = 17, .pc_raw = 16,
	  .sp = 7, .fp = 6, .lr = NOT_DWARF, .return_value = 0,
	  .raw = x86_64_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1 },
	{ .name = "i386", .machine = EM_386, .is64 = 0, .word = 4,
	  .nraw = RAW(i386_raw), .nregisters = 9, .pc_raw = 12,
	  .sp = 4, .fp = 5, .lr = NOT_DWARF, .return_value = 0,
	  .raw = i386_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1 },
	/* Pointer authentication may use the bits above 47. */
	{ .name = "aarch64", .machine = EM_AARCH64, .is64 = 1, .word = 8,
	  .nraw = RAW(aarch64_raw), .nregisters = 35, .pc_raw = 32,
	  .sp = 31, .fp = 29, .lr = 30, .return_value = 0,
	  .raw = aarch64_raw, .address_mask = ((uint64_t)1 << 48) - 1,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1 },
	/* Bit 0 of a return address says that it is Thumb's. */
	{ .name = "arm", .machine = EM_ARM, .is64 = 0, .word = 4,
	  .nraw = RAW(arm_raw), .nregisters = 16, .pc_raw = 15,
	  .sp = 13, .fp = 11, .lr = 14, .return_value = 0,
	  .raw = arm_raw, .address_mask = UINT32_MAX - 1 },
	{ .name = "riscv64", .machine = EM_RISCV, .is64 = 1, .word = 8,
	  .nraw = RAW(riscv_raw), .nregisters = 32, .pc_raw = 0,
	  .sp = 2, .fp = 8, .lr = 1, .return_value = 10,
	  .raw = riscv_raw, .address_mask = UINT64_MAX,
	  .chain = CHAIN_FP, .fp_at = -2, .ra_at = -1 },
	{ .name = "riscv32", .machine = EM_RISCV, .is64 = 0, .word = 4,
	  .nraw = RAW(riscv_raw), .nregisters = 32, .pc_raw = 0,
	  .sp = 2, .fp = 8, .lr = 1, .return_value = 10,
	  .raw = riscv_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = -2, .ra_at = -1 },
	{ .name = "ppc64", .machine = EM_PPC64, .is64 = 1, .word = 8,
	  .nraw = RAW(ppc64_raw), .nregisters = 67, .pc_raw = 32,
	  .sp = 1, .fp = 31, .lr = 65, .return_value = 3,
	  .raw = ppc64_raw, .address_mask = UINT64_MAX,
	  .chain = CHAIN_SP, .ra_at = 2 },
	{ .name = "s390x", .machine = EM_S390, .is64 = 1, .word = 8,
	  .nraw = RAW(s390x_raw), .nregisters = 66, .pc_raw = 1,
	  .sp = 15, .fp = 11, .lr = 14, .return_value = 2,
	  .raw = s390x_raw, .address_mask = UINT64_MAX,
	  .chain = CHAIN_SP, .ra_at = 14 },
	{ .name = "ppc", .machine = EM_PPC, .is64 = 0, .word = 4,
	  .nraw = RAW(ppc64_raw), .nregisters = 67, .pc_raw = 32,
	  .sp = 1, .fp = 31, .lr = 65, .return_value = 3,
	  .raw = ppc64_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_SP, .ra_at = 1 },
	{ .name = "s390", .machine = EM_S390, .is64 = 0, .word = 4,
	  .nraw = RAW(s390x_raw), .nregisters = 66, .pc_raw = 1,
	  .sp = 15, .fp = 11, .lr = 14, .return_value = 2,
	  .raw = s390x_raw, .address_mask = INT32_MAX,
	  .chain = CHAIN_SP, .ra_at = 14 },
	{ .name = "mips", .machine = EM_MIPS, .is64 = 0, .word = 4,
	  .nraw = RAW(mips32_raw), .nregisters = 64, .pc_raw = 40,
	  .sp = 29, .fp = 30, .lr = 31, .return_value = 2,
	  .raw = mips32_raw, .address_mask = UINT32_MAX },
	/* n32: 32-bit addresses, 64-bit registers; found by arch_wide(). */
	{ .name = "mipsn32", .machine = EM_MIPS, .is64 = 0, .word = 8,
	  .nraw = RAW(mips64_raw), .nregisters = 64, .pc_raw = 34,
	  .sp = 29, .fp = 30, .lr = 31, .return_value = 2,
	  .raw = mips64_raw, .address_mask = UINT32_MAX },
	{ .name = "mips64", .machine = EM_MIPS, .is64 = 1, .word = 8,
	  .nraw = RAW(mips64_raw), .nregisters = 64, .pc_raw = 34,
	  .sp = 29, .fp = 30, .lr = 31, .return_value = 2,
	  .raw = mips64_raw, .address_mask = UINT64_MAX },
	{ .name = "loongarch64", .machine = EM_LOONGARCH, .is64 = 1, .word = 8,
	  .nraw = RAW(loongarch_raw), .nregisters = 32, .pc_raw = 33,
	  .sp = 3, .fp = 22, .lr = 1, .return_value = 4,
	  .raw = loongarch_raw, .address_mask = UINT64_MAX,
	  .chain = CHAIN_FP, .fp_at = -2, .ra_at = -1 },
	{ .name = "sparc64", .machine = EM_SPARCV9, .is64 = 1, .word = 8,
	  .nraw = RAW(sparc64_raw), .nregisters = 32, .pc_raw = 33,
	  .sp = 14, .fp = 30, .lr = 15, .return_value = 8,
	  .raw = sparc64_raw, .address_mask = UINT64_MAX,
	  .chain = CHAIN_WINDOW, .stack_bias = 2047, .after_call = 8 },
	{ .name = "sparc", .machine = EM_SPARC, .is64 = 0, .word = 4,
	  .nraw = RAW(sparc_raw), .nregisters = 32, .pc_raw = 33,
	  .sp = 14, .fp = 30, .lr = 15, .return_value = 8,
	  .raw = sparc_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_WINDOW, .after_call = 8 },
	{ .name = "m68k", .machine = EM_68K, .is64 = 0, .word = 4,
	  .nraw = RAW(m68k_raw), .nregisters = 25, .pc_raw = 18,
	  .sp = 15, .fp = 14, .lr = NOT_DWARF, .return_value = 0,
	  .raw = m68k_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1, .is_packed = 1 },
	/* Its stack grows up, and the lower bits of an address are a right. */
	{ .name = "parisc", .machine = EM_PARISC, .is64 = 0, .word = 4,
	  .nraw = RAW(hppa_raw), .nregisters = 33, .pc_raw = 40,
	  .sp = 30, .fp = 3, .lr = 2, .return_value = 28,
	  .raw = hppa_raw, .address_mask = UINT32_MAX - 3,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = -5, .grows_up = 1 },
	{ .name = "alpha", .machine = EM_ALPHA, .is64 = 1, .word = 8,
	  .nraw = RAW(alpha_raw), .nregisters = 31, .pc_raw = 31,
	  .sp = 30, .fp = 15, .lr = 26, .return_value = 0,
	  .raw = alpha_raw, .address_mask = UINT64_MAX },
	{ .name = "sh4", .machine = EM_SH, .is64 = 0, .word = 4,
	  .nraw = RAW(sh_raw), .nregisters = 18, .pc_raw = 16,
	  .sp = 15, .fp = 14, .lr = 17, .return_value = 0,
	  .raw = sh_raw, .address_mask = UINT32_MAX },
	{ .name = "openrisc", .machine = EM_OPENRISC, .is64 = 0, .word = 4,
	  .nraw = RAW(openrisc_raw), .nregisters = 32, .pc_raw = 32,
	  .sp = 1, .fp = 2, .lr = 9, .return_value = 11,
	  .raw = openrisc_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = -2, .ra_at = -1 },
	{ .name = "microblaze", .machine = EM_MICROBLAZE, .is64 = 0, .word = 4,
	  .nraw = RAW(microblaze_raw), .nregisters = 32, .pc_raw = 32,
	  .sp = 1, .fp = 19, .lr = 15, .return_value = 3,
	  .raw = microblaze_raw, .address_mask = UINT32_MAX,
	  .after_call = 8 },
	{ .name = "hexagon", .machine = EM_QDSP6, .is64 = 0, .word = 4,
	  .nraw = RAW(hexagon_raw), .nregisters = 32, .pc_raw = 42,
	  .sp = 29, .fp = 30, .lr = 31, .return_value = 0,
	  .raw = hexagon_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1 },
	{ .name = "arc", .machine = EM_ARCV2, .is64 = 0, .word = 4,
	  .nraw = RAW(arc_raw), .nregisters = 32, .pc_raw = 39,
	  .sp = 28, .fp = 27, .lr = 31, .return_value = 0,
	  .raw = arc_raw, .address_mask = UINT32_MAX,
	  .chain = CHAIN_FP, .fp_at = 0, .ra_at = 1 },
	{ .name = "csky", .machine = EM_CSKY, .is64 = 0, .word = 4,
	  .nraw = RAW(csky_raw), .nregisters = 32, .pc_raw = 2,
	  .sp = 14, .fp = 8, .lr = 15, .return_value = 0,
	  .raw = csky_raw, .address_mask = UINT32_MAX },
	{ .name = "ia64", .machine = EM_IA_64, .is64 = 1, .word = 8,
	  .nraw = RAW(ia64_raw), .nregisters = 32, .pc_raw = 42,
	  .sp = 12, .fp = 12, .lr = NOT_DWARF, .return_value = 8,
	  .raw = ia64_raw, .address_mask = UINT64_MAX }
};

const size_t arch_count = RAW(arch_table);
