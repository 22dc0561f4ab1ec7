/* SPDX-License-Identifier: ISC */
#include "target/insn_vfp.h"

int
insn_vfp_decode(uint32_t code, struct insn *in)
{
	/* By the coprocessor, 9 to 11: halves, words, and two words. */
	unsigned coprocessor = code >> 8 & 15, each = 1U << (code >> 8 & 3);
	int is_up = (code >> 23 & 1) != 0, is_load = (code >> 20 & 1) != 0;
	int64_t count = code & 0xff;

	if (coprocessor < 9 || coprocessor > 11)
		return -1;
	switch (code >> 21 & 0xd) {		/* P, U and W */
	case 8: case 0xc:			/* vldr: P alone counts */
		insn_access(in, is_load, each);
		count *= each == 2 ? 2 : 4;
		in->displacement = is_up ? count : -count;
		return 0;
	case 4: case 5:				/* vldmia */
		break;
	case 9:					/* vldmdb */
		in->displacement = -4 * count;
		break;
	default:
		return -1;
	}
	/* An odd number of words has one that is not used: fldmx. */
	if (each == 8)
		count &= ~(int64_t)1;
	insn_access(in, is_load, 4 * (unsigned)count);
	return each == 2 || count == 0 || count > 32 ? -1 : 0;
}

int
insn_vfp_elements(uint32_t code, struct insn *in)
{
	/* Whole registers of 8 bytes, by what is said of their elements. */
	static const uint8_t registers[16] = {
		4, 4, 4, 4, 3, 3, 3, 1, 2, 2, 2
	};
	unsigned kind = code >> 8 & 15, each = kind >> 2, size;
	int is_load = (code >> 21 & 1) != 0;

	if ((code >> 23 & 1) == 0) {
		insn_access(in, is_load, 8 * registers[kind]);
		return in->size == 0 ? -1 : 0;
	}
	/* One element of each register, or, if 3, for all of its. */
	if (each == 3 && !is_load)
		return -1;
	if (each == 3) {
		each = code >> 6 & 3;
		/* vld4 has words with another alignment. */
		if (each == 3 && (kind & 3) != 3)
			return -1;
		if (each == 3)
			each = 2;
	}
	size = ((kind & 3) + 1) << each;
	insn_access(in, is_load, size);
	return 0;
}
