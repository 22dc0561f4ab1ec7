/* SPDX-License-Identifier: ISC */
#include "target/insn_ppc.h"

#include "bisect.h"
#include "target/code.h"

/* R and W: read or written; D: down to a multiple of its size; B: the base is
   all there is. */
enum { R = 1, W = 2, D = 4, B = 8 };

#define INDEXED 31			/* primary opcode of all those */
#define PREFIX 1

/* By bits 21 to 30 of INDEXED ones. A size of 0: not known. */
static const struct indexed {
	uint64_t code;			/* in their order: bisect.h */
	uint8_t size, how;
} indexed[] = {
	{ 7, 1, R }, { 12, 4, R }, { 13, 1, R },	/* lvebx lxsiwzx lxvrbx */
	{ 20, 4, R }, { 21, 8, R }, { 23, 4, R },	/* lwarx ldx lwzx */
	{ 39, 2, R | D }, { 45, 2, R },			/* lvehx lxvrhx */
	{ 52, 1, R }, { 53, 8, R }, { 55, 4, R },	/* lbarx ldux lwzux */
	{ 71, 4, R | D }, { 76, 4, R }, { 77, 4, R },	/* lvewx lxsiwax lxvrwx */
	{ 84, 8, R }, { 87, 1, R },			/* ldarx lbzx */
	{ 103, 16, R | D }, { 109, 8, R },		/* lvx lxvrdx */
	{ 116, 2, R }, { 119, 1, R },			/* lharx lbzux */
	{ 135, 1, W }, { 140, 4, W }, { 141, 1, W },	/* stvebx stxsiwx stxvrbx */
	{ 149, 8, W }, { 150, 4, W }, { 151, 4, W },	/* stdx stwcx. stwx */
	{ 167, 2, W | D }, { 173, 2, W },		/* stvehx stxvrhx */
	{ 181, 8, W }, { 182, 16, W }, { 183, 4, W },	/* stdux stqcx. stwux */
	{ 199, 4, W | D }, { 205, 4, W },		/* stvewx stxvrwx */
	{ 214, 8, W }, { 215, 1, W },			/* stdcx. stbx */
	{ 231, 16, W | D }, { 237, 8, W },		/* stvx stxvrdx */
	{ 247, 1, W }, { 268, 16, R },			/* stbux lxvx */
	{ 269, 0, R | B }, { 276, 16, R },		/* lxvl lqarx */
	{ 279, 2, R }, { 300, 16, R }, { 301, 0, R | B }, /* lhzx lxvx lxvll */
	{ 311, 2, R }, { 332, 8, R }, { 333, 32, R },	/* lhzux lxvdsx lxvpx */
	{ 341, 4, R }, { 343, 2, R },			/* lwax lhax */
	{ 359, 16, R | D }, { 364, 4, R },		/* lvxl lxvwsx */
	{ 373, 4, R }, { 375, 2, R },			/* lwaux lhaux */
	{ 396, 16, W }, { 397, 0, W | B },		/* stxvx stxvl */
	{ 407, 2, W }, { 429, 0, W | B }, { 439, 2, W }, /* sthx stxvll sthux */
	{ 461, 32, W }, { 487, 16, W | D },		/* stxvpx stvxl */
	{ 524, 4, R }, { 532, 8, R },			/* lxsspx ldbrx */
	{ 533, 0, R }, { 534, 4, R }, { 535, 4, R },	/* lswx lwbrx lfsx */
	{ 567, 4, R }, { 582, 4, R | W | B },		/* lfsux lwat */
	{ 588, 8, R }, { 597, 0, R | B }, { 599, 8, R }, /* lxsdx lswi lfdx */
	{ 614, 8, R | W | B }, { 631, 8, R },		/* ldat lfdux */
	{ 652, 4, W }, { 660, 8, W }, { 661, 0, W },	/* stxsspx stdbrx stswx */
	{ 662, 4, W }, { 663, 4, W }, { 694, 1, W },	/* stwbrx stfsx stbcx. */
	{ 695, 4, W }, { 710, 4, R | W | B },		/* stfsux stwat */
	{ 716, 8, W }, { 725, 0, W | B },		/* stxsdx stswi */
	{ 726, 2, W }, { 727, 8, W },			/* sthcx. stfdx */
	{ 742, 8, R | W | B }, { 759, 8, W },		/* stdat stfdux */
	{ 780, 16, R }, { 781, 1, R }, { 790, 2, R },	/* lxvw4x lxsibzx lhbrx */
	{ 791, 16, R }, { 812, 16, R }, { 813, 2, R },	/* lfdpx lxvh8x lxsihzx */
	{ 844, 16, R }, { 855, 4, R }, { 876, 16, R },	/* lxvd2x lfiwax lxvb16x */
	{ 887, 4, R }, { 908, 16, W },			/* lfiwzx stxvw4x */
	{ 909, 1, W }, { 918, 2, W },			/* stxsibx sthbrx */
	{ 919, 16, W }, { 940, 16, W },			/* stfdpx stxvh8x */
	{ 941, 2, W }, { 972, 16, W },			/* stxsihx stxvd2x */
	{ 983, 4, W }, { 1004, 16, W },			/* stfiwx stxvb16x */
	{ 1014, 0, W }					/* dcbz */
};

/* By the primary opcode from 32 on, with 16 bits of displacement: */
static const struct { uint8_t size, how; } plain[] = {
	{ 4, R }, { 4, R }, { 1, R }, { 1, R },		/* lwz lwzu lbz lbzu */
	{ 4, W }, { 4, W }, { 1, W }, { 1, W },		/* stw stwu stb stbu */
	{ 2, R }, { 2, R }, { 2, R }, { 2, R },		/* lhz lhzu lha lhau */
	{ 2, W }, { 2, W }, { 0, R }, { 0, W },		/* sth sthu lmw stmw */
	{ 4, R }, { 4, R }, { 8, R }, { 8, R },		/* lfs lfsu lfd lfdu */
	{ 4, W }, { 4, W }, { 8, W }, { 8, W }		/* stfs … stfdu */
};

/* Those whose lowest bits, MASK, tell which one it is. */
static const struct { uint8_t opcode, mask, bits, size, how; } narrow[] = {
	{ 6, 15, 0, 32, R }, { 6, 15, 1, 32, W },	/* lxvp stxvp */
	{ 56, 0, 0, 16, R },				/* lq */
	{ 57, 3, 0, 16, R }, { 57, 3, 2, 8, R },	/* lfdp lxsd */
	{ 57, 3, 3, 4, R },				/* lxssp */
	{ 58, 3, 0, 8, R }, { 58, 3, 1, 8, R },		/* ld ldu */
	{ 58, 3, 2, 4, R },				/* lwa */
	{ 61, 3, 0, 16, W }, { 61, 7, 1, 16, R },	/* stfdp lxv */
	{ 61, 3, 2, 8, W }, { 61, 3, 3, 4, W },		/* stxsd stxssp */
	{ 61, 7, 5, 16, W },				/* stxv */
	{ 62, 3, 0, 8, W }, { 62, 3, 1, 8, W },		/* std stdu */
	{ 62, 3, 2, 16, W }				/* stq */
};

/* By the primary opcode of what follows a prefix of the first type. */
static const struct { uint8_t opcode, size, how; } prefixed[] = {
	{ 41, 4, R }, { 42, 8, R }, { 43, 4, R },	/* plwa plxsd plxssp */
	{ 46, 8, W }, { 47, 4, W },			/* pstxsd pstxssp */
	{ 50, 16, R }, { 51, 16, R },			/* plxv */
	{ 54, 16, W }, { 55, 16, W },			/* pstxv */
	{ 56, 16, R }, { 57, 8, R }, { 58, 32, R },	/* plq pld plxvp */
	{ 60, 16, W }, { 61, 8, W }, { 62, 32, W }	/* pstq pstd pstxvp */
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
set_access(struct insn *in, unsigned size, int how)
{
	in->has_memory = 1;
	in->size = size;
	in->is_read = (how & R) != 0;
	in->is_written = (how & W) != 0;
	in->is_aligned_down = (how & D) != 0;
}

/* Register 0 as a base is none: the other one is all. */
static void
set_registers(struct insn *in, uint32_t code, int has_index)
{
	in->base = (int)(code >> 16 & 31);
	if (has_index)
		in->index = (int)(code >> 11 & 31);
	if (in->base == 0) {
		in->base = in->index;
		in->index = INSN_NONE;
	}
}

/* tw and td, with the name of the one that always traps. */
static int
decode_trap(uint32_t code, struct insn *in)
{
	uint32_t kind = code >> 1 & 0x3ff;

	in->special = code == 0x7fe00008 ? "trap" :
	    code >> 26 == 2 ? "tdi" : code >> 26 == 3 ? "twi" :
	    code >> 26 != INDEXED ? NULL : kind == 4 ? "tw" :
	    kind == 68 ? "td" : NULL;
	return in->special == NULL ? -1 : 0;
}

static int
decode_indexed(uint32_t code, struct insn *in)
{
	uint32_t kind = code >> 1 & 0x3ff;
	size_t i = BISECT_BELOW(indexed, COUNT(indexed), code, kind);

	if (i == COUNT(indexed) || indexed[i].code != kind)
		return decode_trap(code, in);
	set_access(in, indexed[i].size, indexed[i].how);
	set_registers(in, code, (indexed[i].how & B) == 0);
	/* lswi and stswi have a number where others have the index. */
	if (kind == 597 || kind == 725) {
		in->size = code >> 11 & 31;
		if (in->size == 0)
			in->size = 32;
	}
	return 0;
}

static int
decode_narrow(uint32_t code, struct insn *in)
{
	for (size_t i = 0; i < COUNT(narrow); i++) {
		if (narrow[i].opcode != code >> 26 ||
		    narrow[i].bits != (code & narrow[i].mask))
			continue;
		set_access(in, narrow[i].size, narrow[i].how);
		set_registers(in, code, 0);
		/* Of vectors the bit above is the register's. */
		in->displacement = code_signed(code & (narrow[i].mask == 3 ?
		    0xfffc : 0xfff0), 16);
		return 0;
	}
	return decode_trap(code, in);
}

static int
decode_plain(uint32_t code, struct insn *in)
{
	uint32_t opcode = code >> 26;

	set_access(in, plain[opcode - 32].size, plain[opcode - 32].how);
	/* lmw and stmw: the words from that register to the last one. */
	if (in->size == 0)
		in->size = 4 * (32 - (code >> 21 & 31));
	set_registers(in, code, 0);
	in->displacement = code_signed(code & 0xffff, 16);
	return 0;
}

/* The prefix has more bits of the displacement. */
static int
decode_prefixed(uint32_t prefix, uint32_t code, struct insn *in)
{
	uint32_t opcode = code >> 26, type = prefix >> 24 & 3;
	size_t i = 0;

	in->length = 8;
	if (type == 2 && opcode >= 32 && opcode < 32 + COUNT(plain) &&
	    plain[opcode - 32].size != 0)
		decode_plain(code, in);
	else if (type == 0) {
		while (i < COUNT(prefixed) && prefixed[i].opcode != opcode)
			i++;
		if (i == COUNT(prefixed))
			return -1;
		set_access(in, prefixed[i].size, prefixed[i].how);
		set_registers(in, code, 0);
	} else
		return -1;
	in->displacement = code_signed((uint64_t)(prefix & 0x3ffff) << 16 |
	    (code & 0xffff), 34);
	if ((prefix >> 20 & 1) != 0)
		in->base = INSN_PC;
	return 0;
}

int
insn_ppc_decode(uint32_t code, uint32_t second, struct insn *in)
{
	uint32_t opcode = code >> 26;

	in->length = 4;
	if (opcode == INDEXED)
		return decode_indexed(code, in);
	if (opcode == PREFIX)
		return decode_prefixed(code, second, in);
	return opcode >= 32 && opcode < 32 + COUNT(plain) ?
	    decode_plain(code, in) : decode_narrow(code, in);
}
