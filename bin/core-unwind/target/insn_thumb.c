/* SPDX-License-Identifier: ISC */
#include "target/insn_thumb.h"

#include "target/insn_arm.h"
#include "target/insn_vfp.h"

#define SP 13
#define LR 14
#define PC 15
#define PC_AHEAD 4			/* it reads so much after the word that
					   the instruction begins in */

static uint32_t
field(uint32_t code, int from, int bits)
{
	return code >> from & (((uint32_t)1 << bits) - 1);
}

static void
access_at(struct insn *in, int is_read, unsigned size, int64_t displacement)
{
	insn_access(in, is_read, size);
	in->displacement = displacement;
}

static void
access_index(struct insn *in, int is_read, unsigned size, uint32_t index,
    unsigned shift)
{
	insn_access(in, is_read, size);
	in->index = (int)index;
	in->scale = 1U << shift;
}

/* push and pop, and in their place breakpoints and others. */
static int
decode_stack(uint32_t half, struct insn *in)
{
	uint32_t list = half & 0xff;

	if (half >> 8 == 0xbe) {
		in->special = "bkpt";
		return 0;
	}
	if ((half & 0x0600) != 0x0400)
		return -1;
	if ((half & 0x100) != 0)
		list |= (half & 0x800) != 0 ? 1U << PC : 1U << LR;
	in->base = SP;
	insn_access(in, (half & 0x800) != 0, 0);
	return insn_arm_multiple(list, in->is_read, in->is_written, in);
}

static int
decode_short(uint32_t half, struct insn *in)
{
	static const struct { uint8_t size, is_read; } by_index[] = {
		{ 4, 0 }, { 2, 0 }, { 1, 0 }, { 1, 1 },
		{ 4, 1 }, { 2, 1 }, { 1, 1 }, { 2, 1 }
	};
	uint32_t kind = half >> 11, by = field(half, 6, 5);
	int is_read = (kind & 1) != 0;

	in->length = 2;
	in->base = (int)field(half, 3, 3);
	switch (kind) {
	case 9:
		in->base = INSN_PC;
		access_at(in, 1, 4, 4 * (int64_t)(half & 0xff) + PC_AHEAD);
		return 0;
	case 10: case 11:
		kind = field(half, 9, 3);
		access_index(in, by_index[kind].is_read, by_index[kind].size,
		    field(half, 6, 3), 0);
		return 0;
	case 12: case 13:
		access_at(in, is_read, 4, 4 * (int64_t)by);
		return 0;
	case 14: case 15:
		access_at(in, is_read, 1, by);
		return 0;
	case 16: case 17:
		access_at(in, is_read, 2, 2 * (int64_t)by);
		return 0;
	case 18: case 19:
		in->base = SP;
		access_at(in, is_read, 4, 4 * (int64_t)(half & 0xff));
		return 0;
	case 22: case 23:
		return decode_stack(half, in);
	case 24: case 25:
		in->base = (int)field(half, 8, 3);
		insn_access(in, is_read, 0);
		return insn_arm_multiple(half & 0xff, 1, 0, in);
	default:
		in->special = half >> 8 == 0xde ? "udf" : NULL;
		return in->special == NULL ? -1 : 0;
	}
}

/* Of the dual ones: those that neither index nor write back. */
static int
decode_exclusive(uint32_t code, struct insn *in)
{
	uint32_t kind = field(code, 4, 4);
	int is_read = field(code, 20, 1) != 0;

	if (field(code, 23, 1) == 0) {
		access_at(in, is_read, 4, 4 * (int64_t)(code & 0xff));
		return 0;
	}
	if (kind < 2) {				/* tbb and tbh */
		access_index(in, 1, 1U << kind, field(code, 0, 4), kind);
		return is_read && in->base != PC ? 0 : -1;
	}
	insn_access(in, is_read, 1U << (kind & 3));
	/* Pairs are exclusive only, words otherwise elsewhere. */
	return kind < 4 || kind == 6 || kind == 11 ? -1 : 0;
}

/* ldm and stm; ldrd, strd; the exclusive ones; jumps by a table. */
static int
decode_multiple(uint32_t code, struct insn *in)
{
	int is_before = field(code, 24, 1) != 0, is_up = field(code, 23, 1) != 0;
	int64_t distance = 4 * (int64_t)(code & 0xff);

	if (field(code, 22, 1) == 0) {
		insn_access(in, field(code, 20, 1) != 0, 0);
		return is_before == is_up || in->base == PC ? -1 :
		    insn_arm_multiple(code & 0xffff, is_up, is_before, in);
	}
	if (!is_before && field(code, 21, 1) == 0)
		return decode_exclusive(code, in);
	access_at(in, field(code, 20, 1) != 0, 8, !is_before ? 0 :
	    is_up ? distance : -distance);
	return 0;
}

static int
decode_single(uint32_t code, struct insn *in)
{
	uint32_t kind = field(code, 21, 2), distance = code & 0xff;
	int is_read = field(code, 20, 1) != 0;

	if (field(code, 24, 1) != 0 && !is_read)
		return insn_vfp_elements(code, in);
	/* What would load a part of the pc is a hint; a word has no sign. */
	if (kind == 3 || (kind == 2 && field(code, 24, 1) != 0) || (is_read && kind != 2 && field(code, 12, 4) == PC))
		return -1;
	insn_access(in, is_read, 1U << kind);
	if (in->base == PC)
		in->displacement = field(code, 23, 1) != 0 ? code & 0xfff :
		    -(int64_t)(code & 0xfff);
	else if (field(code, 23, 1) != 0)
		in->displacement = code & 0xfff;
	else if (field(code, 11, 1) != 0) {
		if (field(code, 10, 1) != 0)
			in->displacement = field(code, 9, 1) != 0 ? distance :
			    -(int64_t)distance;
	} else if (field(code, 6, 5) == 0)
		access_index(in, is_read, 1U << kind, field(code, 0, 4),
		    field(code, 4, 2));
	else
		return -1;
	return in->base == PC && !is_read ? -1 : 0;
}

static int
decode_long(uint32_t code, struct insn *in)
{
	int rc;

	in->length = 4;
	if ((code & 0xfff0f000) == 0xf7f0a000) {
		in->special = "udf";
		return 0;
	}
	in->base = (int)field(code, 16, 4);
	if (code >> 25 == 0xe8 >> 1)
		rc = decode_multiple(code, in);
	else if (code >> 25 == 0xf8 >> 1)
		rc = decode_single(code, in);
	else if (code >> 25 == 0xec >> 1)
		rc = insn_vfp_decode(code, in);
	else
		return -1;
	if (in->base == PC && in->has_memory) {
		in->base = INSN_PC;
		in->displacement += PC_AHEAD;
	}
	return rc;
}

int
insn_thumb_is_long(uint32_t half)
{
	return half >> 11 >= 0x1d;
}

int
insn_thumb_decode(uint32_t code, struct insn *in)
{
	return insn_thumb_is_long(code >> 16) ? decode_long(code, in) :
	    decode_short(code >> 16, in);
}
