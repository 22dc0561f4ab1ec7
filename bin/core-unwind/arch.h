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

#include "target.h"

#define NOT_DWARF (-1)

struct arch_register {
	const char *name;
	int16_t dwarf;			/* DWARF number, or NOT_DWARF */
};

struct arch {
	const char *name;		/* as uname -m says */
	uint16_t machine;		/* EM_* */
	uint8_t is64;			/* ELFCLASS64 */
	uint8_t word;			/* bytes of a register in NT_PRSTATUS */
	uint8_t nraw;			/* registers there */
	uint8_t nregisters;		/* DWARF numbers in use are below */
	uint8_t pc_raw;			/* index of the pc among them */
	int8_t sp, fp, lr;		/* DWARF numbers; lr NOT_DWARF where the
					   call pushes the return address */
	int8_t return_value;		/* where a system call returns, DWARF */
	const struct arch_register *raw;	/* nraw of them */
	uint64_t address_mask;		/* bits of an address that count */
};

/* NULL when the machine is unknown to us. */
const struct arch *arch_find(uint16_t machine, int is64);

/* Fill REGISTERS from RAW. */
void arch_registers(const struct arch *a, const uint64_t *raw,
    struct registers *registers);

/*
 * Does an instruction that ends just before ADDRESS call? LEN bytes of CODE
 * end at ADDRESS; LITTLE is the byte order of the process.
 */
int arch_ends_in_call(const struct arch *a, const unsigned char *code,
    size_t len, int little);

#endif
