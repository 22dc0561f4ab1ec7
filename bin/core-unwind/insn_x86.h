/* SPDX-License-Identifier: ISC */
/*
 * Just enough of an x86 decoder (Intel SDM, volume 2, chapter 2) to say which
 * memory one instruction touches: its operand, its size, its direction.
 */
#ifndef CORE_UNWIND_INSN_X86_H
#define CORE_UNWIND_INSN_X86_H

#include <stddef.h>
#include <stdint.h>

enum { INSN_NONE = -1, INSN_RIP = -2 };

struct insn {
	int has_memory;
	int is_read, is_written;
	unsigned size;			/* bytes touched; 0 not known */
	int base, index;		/* hardware register number 0 to 15,
					   INSN_NONE or INSN_RIP */
	unsigned scale;
	int64_t displacement;
	char segment;			/* 'f', 'g' or 0 */
	size_t length;
	const char *special;		/* "ret", "call", "push", "ud2", "int3",
					   "div", "hlt" … or NULL */
};

/* Decode the instruction CODE begins with. Returns 0, or -1: unknown. */
int insn_decode(const unsigned char *code, size_t len, int is64,
    struct insn *insn);

#endif
