/* SPDX-License-Identifier: ISC */
/*
 * What differs from machine to machine: how the kernel lays out the general
 * registers in NT_PRSTATUS (each arch's asm/elf.h, user_regs_struct), and what
 * DWARF calls them (the psABI of each).
 */
#ifndef CORE_UNWIND_ARCH_H
#define CORE_UNWIND_ARCH_H

#include <stddef.h>
#include <stdint.h>

#include "target/target.h"

#define NOT_DWARF (-1)
#define NO_PC 255

struct arch_register {
	const char *name;
	int16_t dwarf;			/* DWARF number, or NOT_DWARF */
};

/* How a frame tells of its caller's when nothing else does. */
enum chain {
	CHAIN_NONE,			/* each compiler as it likes */
	CHAIN_FP,			/* a record at the frame pointer */
	CHAIN_SP,			/* the caller's stack pointer at sp; the
					   return address in its frame */
	CHAIN_WINDOW			/* SPARC's register windows */
};

struct arch {
	const char *name;		/* as uname -m says */
	uint16_t machine;		/* EM_* */
	uint8_t is64;			/* ELFCLASS64 */
	uint8_t word;			/* bytes of a register in NT_PRSTATUS */
	uint8_t nraw;			/* registers there */
	uint8_t nregisters;		/* DWARF numbers in use are below */
	uint8_t pc_raw;			/* index of the pc among them; NO_PC: of
					   a machine that we do not know */
	int8_t sp, fp, lr;		/* DWARF numbers; lr NOT_DWARF where the
					   call pushes the return address */
	int8_t return_value;		/* where a system call returns, DWARF */
	const struct arch_register *raw;	/* nraw of them */
	uint64_t address_mask;		/* bits of an address that count */
	uint8_t chain;			/* enum chain */
	int8_t fp_at, ra_at;		/* in words from the pointer: where the
					   caller's, and the return address,
					   are saved */
	uint8_t after_call;		/* what the return address is short of
					   where it returns to */
	uint8_t is_packed;		/* the kernel aligns to 2 bytes */
	uint8_t grows_up;		/* the stack does */
	uint16_t stack_bias;		/* sp is so many bytes below it */
};

/* All that we know, in no order; of those of one machine and class the first
   is the usual one. */
extern const struct arch arch_table[];
extern const size_t arch_count;

/* NULL when the machine is unknown to us. */
const struct arch *arch_find(uint16_t machine, int is64);

/* The ABI of A's machine with 64-bit registers in ELFCLASS32 (n32), or A. */
const struct arch *arch_wide(const struct arch *a);

/*
 * For a machine that is not in the table: NRAW registers (at most 128) with
 * numbers for names. There is one of these; the next call changes it.
 */
const struct arch *arch_unknown(uint16_t machine, int is64, size_t nraw);

/* What this host calls the signal that A's machine calls NUMBER. */
int arch_signal(const struct arch *a, int number);

/* Fill REGISTERS from RAW. */
void arch_registers(const struct arch *a, const uint64_t *raw,
    struct registers *registers);

/*
 * Does an instruction that ends just before ADDRESS call? LEN bytes of CODE
 * end at ADDRESS; LITTLE is the byte order of the process.
 */
int arch_ends_in_call(const struct arch *a, const unsigned char *code,
    size_t len, int little);

/*
 * Where the call that ends just before ADDRESS goes to, when it says so
 * itself; 0 when it does not. CODE and LEN as above.
 */
uint64_t arch_call_target(const struct arch *a, uint64_t address,
    const unsigned char *code, size_t len, int little);

/*
 * Where the jump at ADDRESS goes to, when it says so itself; else 0. CODE begins
 * there, and has ARCH_JUMP_MAX bytes or more.
 */
#define ARCH_JUMP_MAX 8
uint64_t arch_jump_target(const struct arch *a, uint64_t address,
    const unsigned char *code, size_t len, int little);

/*
 * Where the pointer is that the stub at ADDRESS jumps through, as a PLT has them
 * for the functions of other files; 0: it is none. CODE begins there. TOC is
 * what ppc64's r2 has there, 0 if nobody knows.
 */
uint64_t arch_stub_slot(const struct arch *a, uint64_t address, uint64_t toc,
    const unsigned char *code, size_t len, int little);

/* Does arch_ends_in_call() have an answer for this machine? */
int arch_knows_calls(const struct arch *a);

#endif
