/* SPDX-License-Identifier: ISC */
#include "target/insn_arm64.h"

#include "target/code.h"

/* ldr, str and their kin: one register, of 1 to 16 bytes. */
static int
decode_single(uint32_t code, struct insn *in)
{
	unsigned opc = code >> 22 & 3, scale = code >> 30;
	int is_vector = (code >> 26 & 1) != 0;

	if (is_vector && (opc & 2) != 0)
		scale = 4;
	in->size = 1U << scale;
	in->is_written = is_vector ? (opc & 1) == 0 : opc == 0;
	in->is_read = !in->is_written;
	if ((code & 0x01000000) != 0) {
		in->displacement = (int64_t)(code >> 10 & 0xfff) << scale;
		return 0;
	}
	if ((code & 0x00200000) == 0) {
		/* After the access the base is changed, not before. */
		if ((code >> 10 & 3) != 1)
			in->displacement = code_signed(code >> 12 & 0x1ff, 9);
		return 0;
	}
	if ((code >> 10 & 3) == 0) {
		in->is_read = in->is_written = 1;	/* an atomic */
		return 0;
	}
	if ((code >> 10 & 3) != 2)
		return -1;
	in->index = (int)(code >> 16 & 31);
	in->scale = (code >> 12 & 1) != 0 ? 1U << scale : 1;
	/* Of 32 bits, to be extended: told as it is only when it is whole. */
	if (((code >> 13 & 7) != 3 && (code >> 13 & 7) != 7) ||
	    in->index == 31)
		return -1;
	return 0;
}

static int
decode_pair(uint32_t code, struct insn *in)
{
	unsigned opc = code >> 30, each;
	int is_vector = (code >> 26 & 1) != 0;

	if (opc == 3)
		return -1;
	each = is_vector ? 4U << opc : (opc & 2) != 0 ? 8 : 4;
	in->size = 2 * each;
	in->is_read = (code >> 22 & 1) != 0;
	in->is_written = !in->is_read;
	if ((code >> 23 & 3) != 1)
		in->displacement = code_signed(code >> 15 & 0x7f, 7) *
		    (int64_t)each;
	return 0;
}

int
insn_arm64_decode(uint32_t code, struct insn *in)
{
	in->base = (int)(code >> 5 & 31);
	in->length = 4;
	in->has_memory = 1;
	if ((code & 0x3a000000) == 0x38000000)
		return decode_single(code, in);
	if ((code & 0x3a000000) == 0x28000000)
		return decode_pair(code, in);
	if ((code & 0x3f000000) == 0x08000000) {
		/* Exclusive and ordered ones. */
		in->size = 1U << (code >> 30);
		in->is_read = (code >> 22 & 1) != 0;
		in->is_written = !in->is_read;
		return 0;
	}
	return -1;
}
