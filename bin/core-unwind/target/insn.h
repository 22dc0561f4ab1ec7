/* SPDX-License-Identifier: ISC */
/* What one instruction does with memory, whatever the machine. */
#ifndef CORE_UNWIND_INSN_H
#define CORE_UNWIND_INSN_H

#include <stddef.h>
#include <stdint.h>

#define INSN_MAX 15			/* bytes of the longest, x86's */

/* INSN_RIP is where the next instruction is, INSN_PC where this one is; of arm
   the word that it begins in. */
enum { INSN_NONE = -1, INSN_RIP = -2, INSN_PC = -3 };

struct insn {
	int has_memory;
	int is_read, is_written;
	unsigned size;			/* bytes touched; 0 not known */
	int base, index;		/* hardware register number 0 to 31,
					   INSN_NONE, INSN_RIP or INSN_PC */
	unsigned scale;
	int minus_index;		/* it is subtracted */
	int64_t displacement;
	int is_aligned_down;		/* to SIZE, whatever the sum is */
	int source;			/* of one with two operands: the base of
					   the second one, which is read; or
					   INSN_NONE */
	int64_t source_displacement;
	char segment;			/* 'f', 'g' or 0 */
	int operand;			/* the register that a division divides
					   by, or a jump goes through; or
					   INSN_NONE */
	int is_division;
	int is_executed;		/* its memory is an instruction, done in
					   place of this one; the lowest byte of
					   OPERAND is or-ed to its second */
	size_t length;
	const char *special;		/* "ret", "call", "push", "ud2", "int3",
					   "div", "hlt" … or NULL */
};

/* Whose instructions. */
struct insn_set {
	uint16_t machine;		/* EM_* */
	int is64;			/* ELFCLASS64 */
	int is_big;			/* the process is big endian */
	int is_thumb;			/* of EM_ARM */
};

/*
 * Decode the instruction at CODE, of which LEN bytes are there. Returns 0, or
 * -1 when nothing is known of it: then INSN has no meaning.
 */
int insn_decode(const struct insn_set *set, const unsigned char *code,
    size_t len, struct insn *insn);

/* For the decoders: it has memory, which is read or written. */
void insn_access(struct insn *insn, int is_read, unsigned size);

#endif
