/* SPDX-License-Identifier: ISC */
/* What one instruction does with memory, whatever the machine. */
#ifndef CORE_UNWIND_INSN_H
#define CORE_UNWIND_INSN_H

#include <stddef.h>
#include <stdint.h>

enum { INSN_NONE = -1, INSN_RIP = -2 };

struct insn {
	int has_memory;
	int is_read, is_written;
	unsigned size;			/* bytes touched; 0 not known */
	int base, index;		/* hardware register number 0 to 31,
					   INSN_NONE or INSN_RIP */
	unsigned scale;
	int64_t displacement;
	char segment;			/* 'f', 'g' or 0 */
	int operand;			/* the register that a division divides
					   by, or a jump goes through; or
					   INSN_NONE */
	size_t length;
	const char *special;		/* "ret", "call", "push", "ud2", "int3",
					   "div", "hlt" … or NULL */
};

#endif
