/* SPDX-License-Identifier: ISC */
#include "target/vector.h"

#include <elf.h>

#include "target/arch.h"
#include "target/source.h"

/* Where registers FIRST to LAST stand in the note: STEP bytes apart. */
static const struct layout {
	uint16_t machine;
	uint8_t is64, first, last;
	uint16_t offset;
	uint8_t step, size;
} layouts[] = {
	/* FXSAVE: Intel's manual, volume 1, 10.5.1. */
	{ EM_X86_64, 1, 17, 32, 160, 16, 16 },
	{ EM_X86_64, 1, 33, 40, 32, 16, 10 },
	{ EM_386, 0, 11, 18, 28, 10, 10 },	/* FSAVE */
	/* struct user_fpsimd_state. */
	{ EM_AARCH64, 1, 64, 95, 0, 16, 16 },
	{ EM_RISCV, 1, 32, 63, 0, 8, 8 },
	{ EM_PPC64, 1, 32, 63, 0, 8, 8 },
	/* s390_fp_regs: its control word first; DWARF's order is not its. */
	{ EM_S390, 1, 16, 31, 8, 8, 8 }
};

int
vector_register(const struct target *t, const struct thread *thread, uint64_t number,
    unsigned char *bytes, size_t *len)
{
	/* 16 to 19: f0 f2 f4 f6; 20 to 23: f1 f3 f5 f7; and so again. */
	static const uint8_t s390[] = {
		0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15
	};

	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
		const struct layout *l = &layouts[i];
		uint64_t at = number - l->first;

		if (l->machine != t->arch->machine || l->is64 != t->is64 ||
		    number < l->first || number > l->last)
			continue;
		if (l->machine == EM_S390)
			at = s390[at];
		at = l->offset + at * l->step;
		if (t->source == NULL ||
		    at + l->size > thread->vectors_size ||
		    source_read(t->source, thread->vectors + at, bytes,
		    l->size) != l->size)
			return -1;
		*len = l->size;
		return 0;
	}
	return -1;
}
