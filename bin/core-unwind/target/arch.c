/* SPDX-License-Identifier: ISC */
#include "target/arch.h"

#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define UNKNOWN_MAX 128

const struct arch *
arch_find(uint16_t machine, int is64)
{
	for (size_t i = 0; i < arch_count; i++)
		if (arch_table[i].machine == machine &&
		    arch_table[i].is64 == (is64 != 0))
			return &arch_table[i];
	return NULL;
}

const struct arch *
arch_wide(const struct arch *a)
{
	for (size_t i = 0; i < arch_count; i++)
		if (arch_table[i].machine == a->machine &&
		    arch_table[i].is64 == a->is64 && arch_table[i].word == 8)
			return &arch_table[i];
	return a;
}

const struct arch *
arch_unknown(uint16_t machine, int is64, size_t nraw)
{
	static struct arch_register raw[UNKNOWN_MAX];
	static char names[UNKNOWN_MAX][8], name[24];
	static struct arch a = {
		.name = name, .pc_raw = NO_PC, .nregisters = 1,
		.lr = NOT_DWARF, .raw = raw
	};

	snprintf(name, sizeof name, "machine %u", machine);
	a.machine = machine;
	a.is64 = is64 != 0;
	a.word = is64 ? 8 : 4;
	a.nraw = (uint8_t)(nraw < UNKNOWN_MAX ? nraw : UNKNOWN_MAX);
	a.address_mask = is64 ? UINT64_MAX : UINT32_MAX;
	for (size_t i = 0; i < a.nraw; i++) {
		snprintf(names[i], sizeof names[i], "reg%u", (unsigned)i);
		raw[i].name = names[i];
		raw[i].dwarf = NOT_DWARF;
	}
	return &a;
}

int
arch_signal(const struct arch *a, int number)
{
	/* Those that a process may die of, where they differ (asm/signal.h). */
	static const struct { uint16_t machine; uint8_t theirs, ours; } is[] = {
		{ EM_MIPS, 10, SIGBUS }, { EM_MIPS, 12, SIGSYS },
		{ EM_MIPS, 16, SIGUSR1 }, { EM_MIPS, 17, SIGUSR2 },
		{ EM_MIPS, 28, SIGVTALRM }, { EM_MIPS, 30, SIGXCPU },
		{ EM_MIPS, 31, SIGXFSZ },
		{ EM_ALPHA, 10, SIGBUS }, { EM_ALPHA, 12, SIGSYS },
		{ EM_ALPHA, 30, SIGUSR1 }, { EM_ALPHA, 31, SIGUSR2 },
		{ EM_SPARC, 10, SIGBUS }, { EM_SPARC, 12, SIGSYS },
		{ EM_SPARC, 30, SIGUSR1 }, { EM_SPARC, 31, SIGUSR2 },
		{ EM_SPARCV9, 10, SIGBUS }, { EM_SPARCV9, 12, SIGSYS },
		{ EM_SPARCV9, 30, SIGUSR1 }, { EM_SPARCV9, 31, SIGUSR2 },
		{ EM_PARISC, 10, SIGBUS }, { EM_PARISC, 31, SIGSYS },
		{ EM_PARISC, 16, SIGUSR1 }, { EM_PARISC, 17, SIGUSR2 },
		{ EM_PARISC, 12, SIGXCPU }, { EM_PARISC, 30, SIGXFSZ }
	};

	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++)
		if (is[i].machine == a->machine && is[i].theirs == number)
			return is[i].ours;
	return number;
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
	if (a->pc_raw != NO_PC)
		registers->pc = raw[a->pc_raw] & a->address_mask;
}
