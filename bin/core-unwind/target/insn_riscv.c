/* SPDX-License-Identifier: ISC */
#include "target/insn_riscv.h"

#include "target/code.h"

/* Major opcodes. */
enum { LOAD = 0x03, LOAD_FP = 0x07, STORE = 0x23, STORE_FP = 0x27, AMO = 0x2f };

#define SP 2

static uint32_t
field(uint32_t code, int from, int bits)
{
	return code >> from & (((uint32_t)1 << bits) - 1);
}

static int
decode_whole(uint32_t code, struct insn *in)
{
	uint32_t opcode = field(code, 0, 7), kind = field(code, 12, 3);

	in->base = (int)field(code, 15, 5);
	in->length = 4;
	in->size = 1U << (kind & 3);
	switch (opcode) {
	case LOAD:
	case LOAD_FP:
		in->is_read = 1;
		in->displacement = code_signed(code >> 20, 12);
		break;
	case STORE:
	case STORE_FP:
		in->is_written = 1;
		in->displacement = code_signed(field(code, 25, 7) << 5 |
		    field(code, 7, 5), 12);
		break;
	case AMO:
		/* lr only reads, sc only writes. */
		in->is_read = field(code, 27, 5) != 3;
		in->is_written = field(code, 27, 5) != 2;
		return kind == 2 || kind == 3 ? 0 : -1;
	default:
		return -1;
	}
	if (opcode == LOAD)
		return kind == 7 ? -1 : 0;
	if (opcode == STORE)
		return kind > 3 ? -1 : 0;
	/* The others are vectors. */
	if (kind == 4)
		in->size = 16;
	return kind >= 1 && kind <= 4 ? 0 : -1;
}

/* c.lbu, c.lhu, c.lh, c.sb and c.sh. */
static int
decode_short(uint32_t code, struct insn *in)
{
	uint32_t kind = field(code, 10, 3);

	if (kind > 3 || (kind == 3 && field(code, 6, 1) != 0))
		return -1;
	in->size = (kind & 1) != 0 ? 2 : 1;
	in->is_written = kind >= 2;
	in->is_read = !in->is_written;
	in->displacement = field(code, 5, 1) << 1;
	if (in->size == 1)
		in->displacement |= field(code, 6, 1);
	return 0;
}

/*
 * By the sp (quadrant 2), or by one of x8 to x15. Of kinds 1 to 3 are loads, 5 to
 * 7 stores: of a double, a word, and what is as wide as a register; RV32 has
 * floats there.
 */
static int
decode_compressed(uint32_t code, int is64, struct insn *in)
{
	uint32_t kind = field(code, 13, 3), at;
	int by_sp = field(code, 0, 2) == 2;
	int is_word = (kind & 3) == 2 || (!is64 && (kind & 3) == 3);

	in->length = 2;
	in->base = by_sp ? SP : 8 + (int)field(code, 7, 3);
	if (field(code, 0, 2) == 1 || kind == 0)
		return -1;
	if (kind == 4)
		return by_sp ? -1 : decode_short(code, in);
	in->size = is_word ? 4 : 8;
	in->is_written = kind > 4;
	in->is_read = !in->is_written;
	if (!by_sp)
		at = field(code, 10, 3) << 3 | (is_word ?
		    field(code, 6, 1) << 2 | field(code, 5, 1) << 6 :
		    field(code, 5, 2) << 6);
	else if (in->is_written)
		at = is_word ? field(code, 9, 4) << 2 | field(code, 7, 2) << 6 :
		    field(code, 10, 3) << 3 | field(code, 7, 3) << 6;
	else
		at = field(code, 12, 1) << 5 | (is_word ?
		    field(code, 4, 3) << 2 | field(code, 2, 2) << 6 :
		    field(code, 5, 2) << 3 | field(code, 2, 3) << 6);
	in->displacement = at;
	return 0;
}

int
insn_riscv_decode(uint32_t code, int is64, struct insn *in)
{
	int rc;

	in->has_memory = 1;
	rc = field(code, 0, 2) == 3 ? decode_whole(code, in) :
	    decode_compressed(code, is64, in);
	if (in->base == 0)
		in->base = INSN_NONE;		/* it is always zero */
	return rc;
}
