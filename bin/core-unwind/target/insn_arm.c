/* SPDX-License-Identifier: ISC */
#include "target/insn_arm.h"

#include "target/insn_vfp.h"

#define PC 15
#define PC_AHEAD 8			/* it reads as two instructions on */

/* Bits that all loads and stores have at one place. */
#define IS_BEFORE(code) (((code) >> 24 & 1) != 0)	/* not post-indexed */
#define IS_UP(code) (((code) >> 23 & 1) != 0)
#define IS_LOAD(code) (((code) >> 20 & 1) != 0)

/* After the access the base is changed, not before. */
static void
add_constant(uint32_t code, uint32_t distance, struct insn *in)
{
	if (IS_BEFORE(code))
		in->displacement = IS_UP(code) ? (int64_t)distance :
		    -(int64_t)distance;
}

static void
add_index(uint32_t code, unsigned shift, struct insn *in)
{
	if (!IS_BEFORE(code))
		return;
	in->index = (int)(code & 15);
	in->scale = 1U << shift;
	in->minus_index = !IS_UP(code);
}

/* A word or a byte. */
static int
decode_single(uint32_t code, struct insn *in)
{
	insn_access(in, IS_LOAD(code), (code >> 22 & 1) != 0 ? 1 : 4);
	if ((code >> 25 & 1) == 0) {
		add_constant(code, code & 0xfff, in);
		return 0;
	}
	/* Shifted to the right, or around, it is no multiple. */
	if (IS_BEFORE(code) && (code & 0x60) != 0)
		return -1;
	add_index(code, code >> 7 & 31, in);
	return 0;
}

/* Halfwords, bytes with a sign, and pairs of words, which look like stores. */
static int
decode_extra(uint32_t code, struct insn *in)
{
	unsigned kind = code >> 5 & 3;
	int is_constant = (code >> 22 & 1) != 0;

	/* Between the registers nothing may be. */
	if (!is_constant && (code & 0xf00) != 0)
		return -1;
	if (!IS_LOAD(code) && kind != 1)
		insn_access(in, kind == 2, 8);
	else
		insn_access(in, IS_LOAD(code), kind == 2 ? 1 : 2);
	if (is_constant)
		add_constant(code, (code >> 4 & 0xf0) | (code & 15), in);
	else
		add_index(code, 0, in);
	return 0;
}

/* swp, and the exclusive and ordered ones; in their place, multiplications. */
static int
decode_exclusive(uint32_t code, struct insn *in)
{
	static const unsigned sizes[] = { 4, 8, 1, 2 };
	unsigned kind = code >> 20 & 15;

	if (!IS_BEFORE(code))
		return -1;
	if ((kind == 0 || kind == 4) && (code & 0xf00) == 0) {
		insn_access(in, 1, kind == 0 ? 4 : 1);
		in->is_written = 1;
		return 0;
	}
	if (kind < 8 || (code & 0xc00) != 0xc00)
		return -1;
	insn_access(in, IS_LOAD(code), sizes[kind >> 1 & 3]);
	return 0;
}

int
insn_arm_multiple(uint32_t list, int is_up, int is_off, struct insn *in)
{
	int64_t size = 0;

	for (uint32_t left = list & 0xffff; left != 0; left &= left - 1)
		size += 4;
	in->size = (unsigned)size;
	/* The lowest register is the one with the lowest address. */
	if (is_up)
		in->displacement = is_off ? 4 : 0;
	else
		in->displacement = is_off ? -size : 4 - size;
	return size == 0 ? -1 : 0;
}

/* Of those without a condition some load vectors. */
static int
decode_unconditional(uint32_t code, struct insn *in)
{
	return (code & 0xff100000) == 0xf4000000 ?
	    insn_vfp_elements(code, in) : -1;
}

static int
decode_any(uint32_t code, struct insn *in)
{
	switch (code >> 25 & 7) {
	case 0:
		if ((code & 0x90) != 0x90)
			return -1;
		return (code & 0x60) == 0 ? decode_exclusive(code, in) :
		    decode_extra(code, in);
	case 2:
		return decode_single(code, in);
	case 3:
		return (code & 0x10) != 0 ? -1 : decode_single(code, in);
	case 4:
		insn_access(in, IS_LOAD(code), 0);
		return insn_arm_multiple(code, IS_UP(code),
		    IS_BEFORE(code), in);
	case 6:
		return insn_vfp_decode(code, in);
	default:
		return -1;
	}
}

int
insn_arm_decode(uint32_t code, struct insn *in)
{
	int rc;

	in->length = 4;
	if ((code & 0xfff000f0) == 0xe7f000f0 ||
	    (code & 0xfff000f0) == 0xe1200070) {
		in->special = code >> 24 == 0xe7 ? "udf" : "bkpt";
		return 0;
	}
	in->base = (int)(code >> 16 & 15);
	rc = code >> 28 == 15 ? decode_unconditional(code, in) :
	    decode_any(code, in);
	if (in->base == PC && in->has_memory) {
		in->base = INSN_PC;
		in->displacement += PC_AHEAD;
	}
	return rc;
}
