/* SPDX-License-Identifier: ISC */
#include "target/insn_s390.h"

#include "bisect.h"
#include "target/code.h"

/*
 * R, W	it is read, written
 * X	it has an index
 * Y	its displacement has 20 bits, not 12
 * N	so many bytes for each register of a range
 * K	a byte for each bit of a mask
 * L	the length, less one, is in the second byte
 * H	the same in the upper half of that byte
 * E	1, 2, 4 or 8, as the fifth byte says
 * S	a second operand is read
 * P	both addresses are in registers alone
 * Q	the same of those with an operation code of two bytes
 * A	the address is relative to the instruction's
 */
enum {
	R = 1, W = 2, X = 4, Y = 8, N = 16, K = 32, L = 64, H = 128, E = 256,
	S = 512, P = 1024, Q = 2048, A = 4096,
	RW = R | W, RX = R | X, WX = W | X, RY = R | X | Y, WY = W | X | Y,
	RL = R | A, WL = W | A, RN = R | N, WN = W | N,
	SWL = S | W | L, SRWL = S | R | W | L, SWH = S | W | H,
	SRWH = S | R | W | H
};

/* By the first byte, and where that is not all, whatever else tells. */
static const struct row {
	uint64_t code;			/* in their order: bisect.h */
	uint16_t how;
	uint8_t size;			/* 0: not known */
} rows[] = {
	/* mvcl, clcl; sth, stc, ic, ex, lh, ch, ah, sh, mh, cvd, cvb */
	{ 0x0e00, S | W | P, 0 }, { 0x0f00, S | R | P, 0 },
	{ 0x4000, WX, 2 }, { 0x4200, WX, 1 }, { 0x4300, RX, 1 },
	{ 0x4400, RX, 2 }, { 0x4800, RX, 2 }, { 0x4900, RX, 2 },
	{ 0x4a00, RX, 2 }, { 0x4b00, RX, 2 }, { 0x4c00, RX, 2 },
	{ 0x4e00, WX, 8 }, { 0x4f00, RX, 8 },
	/* st, n, cl, o, x, l, c, a, s, m, d, al, sl */
	{ 0x5000, WX, 4 }, { 0x5400, RX, 4 }, { 0x5500, RX, 4 },
	{ 0x5600, RX, 4 }, { 0x5700, RX, 4 }, { 0x5800, RX, 4 },
	{ 0x5900, RX, 4 }, { 0x5a00, RX, 4 }, { 0x5b00, RX, 4 },
	{ 0x5c00, RX, 4 }, { 0x5d00, RX, 4 }, { 0x5e00, RX, 4 },
	{ 0x5f00, RX, 4 },
	/* std, mxd, ld, cd, ad, sd, md, dd, aw, sw */
	{ 0x6000, WX, 8 }, { 0x6700, RX, 8 }, { 0x6800, RX, 8 },
	{ 0x6900, RX, 8 }, { 0x6a00, RX, 8 }, { 0x6b00, RX, 8 },
	{ 0x6c00, RX, 8 }, { 0x6d00, RX, 8 }, { 0x6e00, RX, 8 },
	{ 0x6f00, RX, 8 },
	/* ste, ms, le, ce, ae, se, mde, de, au, su */
	{ 0x7000, WX, 4 }, { 0x7100, RX, 4 }, { 0x7800, RX, 4 },
	{ 0x7900, RX, 4 }, { 0x7a00, RX, 4 }, { 0x7b00, RX, 4 },
	{ 0x7c00, RX, 4 }, { 0x7d00, RX, 4 }, { 0x7e00, RX, 4 },
	{ 0x7f00, RX, 4 },
	/* stm, tm, mvi, ts, ni, cli, oi, xi, lm, lam, stam */
	{ 0x9000, WN, 4 }, { 0x9100, R, 1 }, { 0x9200, W, 1 },
	{ 0x9300, RW, 1 }, { 0x9400, RW, 1 }, { 0x9500, R, 1 },
	{ 0x9600, RW, 1 }, { 0x9700, RW, 1 }, { 0x9800, RN, 4 },
	{ 0x9a00, RN, 4 }, { 0x9b00, WN, 4 },
	/* mvcle, clcle */
	{ 0xa800, S | W | P, 0 }, { 0xa900, S | R | P, 0 },
	/* stck, cksm, mvst, cuse, clst, srst, stcke, stckf, stfpc, lfpc, cu21,
	   cu12, stfle */
	{ 0xb205, W, 8 }, { 0xb241, S | P | Q, 0 }, { 0xb255, S | W | P | Q, 0 },
	{ 0xb257, S | R | P | Q, 0 }, { 0xb25d, S | R | P | Q, 0 },
	{ 0xb25e, S | P | Q, 0 }, { 0xb278, W, 16 }, { 0xb27c, W, 8 },
	{ 0xb29c, W, 4 }, { 0xb29d, R, 4 }, { 0xb2a6, S | W | P | Q, 0 },
	{ 0xb2a7, S | W | P | Q, 0 }, { 0xb2b0, W, 0 },
	/* cu14, cu24, cu41, cu42, srstu */
	{ 0xb9b0, S | W | P | Q, 0 }, { 0xb9b1, S | W | P | Q, 0 },
	{ 0xb9b2, S | W | P | Q, 0 }, { 0xb9b3, S | W | P | Q, 0 },
	{ 0xb9be, S | P | Q, 0 },
	/* cs, cds, clm, stcm, icm */
	{ 0xba00, RW, 4 }, { 0xbb00, RW, 8 }, { 0xbd00, R | K, 0 },
	{ 0xbe00, W | K, 0 }, { 0xbf00, R | K, 0 },
	/* llhrl, lghrl, lhrl, llghrl, sthrl, lgrl, stgrl, lgfrl, lrl, llgfrl,
	   strl */
	{ 0xc402, RL, 2 }, { 0xc404, RL, 2 }, { 0xc405, RL, 2 },
	{ 0xc406, RL, 2 }, { 0xc407, WL, 2 }, { 0xc408, RL, 8 },
	{ 0xc40b, WL, 8 }, { 0xc40c, RL, 4 }, { 0xc40d, RL, 4 },
	{ 0xc40e, RL, 4 }, { 0xc40f, WL, 4 },
	/* exrl, cghrl, chrl, clghrl, clhrl, cgrl, clgrl, cgfrl, crl, clgfrl,
	   clrl; lpd, lpdg */
	{ 0xc600, RL, 2 }, { 0xc604, RL, 2 }, { 0xc605, RL, 2 },
	{ 0xc606, RL, 2 }, { 0xc607, RL, 2 }, { 0xc608, RL, 8 },
	{ 0xc60a, RL, 8 }, { 0xc60c, RL, 4 }, { 0xc60d, RL, 4 },
	{ 0xc60e, RL, 4 }, { 0xc60f, RL, 4 },
	{ 0xc804, R | S, 4 }, { 0xc805, R | S, 8 },
	/* mvn, mvc, mvz, nc, clc, oc, xc, tr, trt, ed, edmk */
	{ 0xd100, SRWL, 0 }, { 0xd200, SWL, 0 }, { 0xd300, SRWL, 0 },
	{ 0xd400, SRWL, 0 }, { 0xd500, S | R | L, 0 }, { 0xd600, SRWL, 0 },
	{ 0xd700, SRWL, 0 }, { 0xdc00, SRWL, 0 }, { 0xdd00, S | R | L, 0 },
	{ 0xde00, SRWL, 0 }, { 0xdf00, SRWL, 0 },
	/* ltg, lg, cvby, ag, sg, alg, slg, msg, dsg, cvbg, lrvg */
	{ 0xe302, RY, 8 }, { 0xe304, RY, 8 }, { 0xe306, RY, 8 },
	{ 0xe308, RY, 8 }, { 0xe309, RY, 8 }, { 0xe30a, RY, 8 },
	{ 0xe30b, RY, 8 }, { 0xe30c, RY, 8 }, { 0xe30d, RY, 8 },
	{ 0xe30e, RY, 16 }, { 0xe30f, RY, 8 },
	/* lt, lgf, lgh, llgf, llgt, agf, sgf, algf, slgf, msgf, dsgf, lrv,
	   lrvh */
	{ 0xe312, RY, 4 }, { 0xe314, RY, 4 }, { 0xe315, RY, 2 },
	{ 0xe316, RY, 4 }, { 0xe317, RY, 4 }, { 0xe318, RY, 4 },
	{ 0xe319, RY, 4 }, { 0xe31a, RY, 4 }, { 0xe31b, RY, 4 },
	{ 0xe31c, RY, 4 }, { 0xe31d, RY, 4 }, { 0xe31e, RY, 4 },
	{ 0xe31f, RY, 2 },
	/* cg, clg, stg, ntstg, cvdy, lzrg, cvdg, strvg */
	{ 0xe320, RY, 8 }, { 0xe321, RY, 8 }, { 0xe324, WY, 8 },
	{ 0xe325, WY, 8 }, { 0xe326, WY, 8 }, { 0xe32a, RY, 8 },
	{ 0xe32e, WY, 16 }, { 0xe32f, WY, 8 },
	/* cgf, clgf, ltgf, cgh, agh, sgh, llzrgf, lzrf, mgh, strv, strvh */
	{ 0xe330, RY, 4 }, { 0xe331, RY, 4 }, { 0xe332, RY, 4 },
	{ 0xe334, RY, 2 }, { 0xe338, RY, 2 }, { 0xe339, RY, 2 },
	{ 0xe33a, RY, 4 }, { 0xe33b, RY, 4 }, { 0xe33c, RY, 2 },
	{ 0xe33e, WY, 4 }, { 0xe33f, WY, 2 },
	/* bic; sty, msy, msc, ny, cly, oy, xy, ly, cy, ay, sy, mfy, aly, sly */
	{ 0xe347, RY, 8 }, { 0xe350, WY, 4 }, { 0xe351, RY, 4 },
	{ 0xe353, RY, 4 }, { 0xe354, RY, 4 }, { 0xe355, RY, 4 },
	{ 0xe356, RY, 4 }, { 0xe357, RY, 4 }, { 0xe358, RY, 4 },
	{ 0xe359, RY, 4 }, { 0xe35a, RY, 4 }, { 0xe35b, RY, 4 },
	{ 0xe35c, RY, 4 }, { 0xe35e, RY, 4 }, { 0xe35f, RY, 4 },
	/* sthy, stcy, icy, lb, lgb, lhy, chy, ahy, shy, mhy */
	{ 0xe370, WY, 2 }, { 0xe372, WY, 1 }, { 0xe373, RY, 1 },
	{ 0xe376, RY, 1 }, { 0xe377, RY, 1 }, { 0xe378, RY, 2 },
	{ 0xe379, RY, 2 }, { 0xe37a, RY, 2 }, { 0xe37b, RY, 2 },
	{ 0xe37c, RY, 2 },
	/* ng, og, xg, msgc, mg, lgat, mlg, dlg, alcg, slbg, stpq, lpq */
	{ 0xe380, RY, 8 }, { 0xe381, RY, 8 }, { 0xe382, RY, 8 },
	{ 0xe383, RY, 8 }, { 0xe384, RY, 8 }, { 0xe385, RY, 8 },
	{ 0xe386, RY, 8 }, { 0xe387, RY, 8 }, { 0xe388, RY, 8 },
	{ 0xe389, RY, 8 }, { 0xe38e, WY, 16 }, { 0xe38f, RY, 16 },
	/* llgc, llgh, llc, llh, ml, dl, alc, slb, llgtat, llgfat, lat */
	{ 0xe390, RY, 1 }, { 0xe391, RY, 2 }, { 0xe394, RY, 1 },
	{ 0xe395, RY, 2 }, { 0xe396, RY, 4 }, { 0xe397, RY, 4 },
	{ 0xe398, RY, 4 }, { 0xe399, RY, 4 }, { 0xe39c, RY, 4 },
	{ 0xe39d, RY, 4 }, { 0xe39f, RY, 4 },
	/* lbh, llch, stch, lhh, llhh, sthh, lfhat, lfh, stfh, chf, clhf */
	{ 0xe3c0, RY, 1 }, { 0xe3c2, RY, 1 }, { 0xe3c3, WY, 1 },
	{ 0xe3c4, RY, 2 }, { 0xe3c6, RY, 2 }, { 0xe3c7, WY, 2 },
	{ 0xe3c8, RY, 4 }, { 0xe3ca, RY, 4 }, { 0xe3cb, WY, 4 },
	{ 0xe3cd, RY, 4 }, { 0xe3cf, RY, 4 },
	/* mvhhi, mvghi, mvhi, chhsi, clhhsi, cghsi, clghsi, chsi, clfhsi */
	{ 0xe544, W, 2 }, { 0xe548, W, 8 }, { 0xe54c, W, 4 },
	{ 0xe554, R, 2 }, { 0xe555, R, 2 }, { 0xe558, R, 8 },
	{ 0xe559, R, 8 }, { 0xe55c, R, 4 }, { 0xe55d, R, 4 },
	/* vlebrh, vlebrg, vlebrf, vllebrz, vlbrrep, vlbr, vler, vstebrh,
	   vstebrg, vstebrf, vstbr, vster */
	{ 0xe601, RX, 2 }, { 0xe602, RX, 8 }, { 0xe603, RX, 4 },
	{ 0xe604, RX | E, 0 }, { 0xe605, RX | E, 0 }, { 0xe606, RX, 16 },
	{ 0xe607, RX, 16 }, { 0xe609, WX, 2 }, { 0xe60a, WX, 8 },
	{ 0xe60b, WX, 4 }, { 0xe60e, WX, 16 }, { 0xe60f, WX, 16 },
	/* vpkz, vlrl, vlrlr, vupkz, vstrl, vstrlr */
	{ 0xe634, R, 0 }, { 0xe635, R, 0 }, { 0xe637, R, 0 },
	{ 0xe63c, W, 0 }, { 0xe63d, W, 0 }, { 0xe63f, W, 0 },
	/* vleb, vleh, vleg, vlef, vllez, vlrep, vl, vlbb, vsteb, vsteh, vsteg,
	   vstef, vst, vlm, vll, vstm, vstl */
	{ 0xe700, RX, 1 }, { 0xe701, RX, 2 }, { 0xe702, RX, 8 },
	{ 0xe703, RX, 4 }, { 0xe704, RX | E, 0 }, { 0xe705, RX | E, 0 },
	{ 0xe706, RX, 16 }, { 0xe707, RX, 0 }, { 0xe708, WX, 1 },
	{ 0xe709, WX, 2 }, { 0xe70a, WX, 8 }, { 0xe70b, WX, 4 },
	{ 0xe70e, WX, 16 }, { 0xe736, RN, 16 }, { 0xe737, R, 0 },
	{ 0xe73e, WN, 16 }, { 0xe73f, W, 0 },
	/* mvcin */
	{ 0xe800, SWL, 0 },
	/* lmg, csy, clmh, clmy, clt, stmg, stmh, clgt, stcmh, stcmy, csg, cdsy,
	   cdsg */
	{ 0xeb04, RN | Y, 8 }, { 0xeb14, RW | Y, 4 }, { 0xeb20, R | K | Y, 0 },
	{ 0xeb21, R | K | Y, 0 }, { 0xeb23, R | Y, 4 }, { 0xeb24, WN | Y, 8 },
	{ 0xeb26, WN | Y, 4 }, { 0xeb2b, R | Y, 8 }, { 0xeb2c, W | K | Y, 0 },
	{ 0xeb2d, W | K | Y, 0 }, { 0xeb30, RW | Y, 8 }, { 0xeb31, RW | Y, 8 },
	{ 0xeb3e, RW | Y, 16 },
	/* tmy, mviy, niy, cliy, oiy, xiy, asi, alsi, agsi, algsi */
	{ 0xeb51, R | Y, 1 }, { 0xeb52, W | Y, 1 }, { 0xeb54, RW | Y, 1 },
	{ 0xeb55, R | Y, 1 }, { 0xeb56, RW | Y, 1 }, { 0xeb57, RW | Y, 1 },
	{ 0xeb6a, RW | Y, 4 }, { 0xeb6e, RW | Y, 4 }, { 0xeb7a, RW | Y, 8 },
	{ 0xeb7e, RW | Y, 8 },
	/* icmh, icmy, mvclu, clclu, stmy, lmh, lmy, lamy, stamy */
	{ 0xeb80, R | K | Y, 0 }, { 0xeb81, R | K | Y, 0 },
	{ 0xeb8e, S | W | P, 0 }, { 0xeb8f, S | R | P, 0 },
	{ 0xeb90, WN | Y, 4 }, { 0xeb96, RN | Y, 4 }, { 0xeb98, RN | Y, 4 },
	{ 0xeb9a, RN | Y, 4 }, { 0xeb9b, WN | Y, 4 },
	/* locfh, stocfh, locg, stocg; lang, laog, laxg, laag, laalg; loc, stoc;
	   lan, lao, lax, laa, laal */
	{ 0xebe0, R | Y, 4 }, { 0xebe1, W | Y, 4 }, { 0xebe2, R | Y, 8 },
	{ 0xebe3, W | Y, 8 }, { 0xebe4, RW | Y, 8 }, { 0xebe6, RW | Y, 8 },
	{ 0xebe7, RW | Y, 8 }, { 0xebe8, RW | Y, 8 }, { 0xebea, RW | Y, 8 },
	{ 0xebf2, R | Y, 4 }, { 0xebf3, W | Y, 4 }, { 0xebf4, RW | Y, 4 },
	{ 0xebf6, RW | Y, 4 }, { 0xebf7, RW | Y, 4 }, { 0xebf8, RW | Y, 4 },
	{ 0xebfa, RW | Y, 4 },
	/* ldeb, lxdb, lxeb, mxdb, keb, ceb, aeb, seb, mdeb, deb, maeb, mseb */
	{ 0xed04, RX, 4 }, { 0xed05, RX, 8 }, { 0xed06, RX, 4 },
	{ 0xed07, RX, 8 }, { 0xed08, RX, 4 }, { 0xed09, RX, 4 },
	{ 0xed0a, RX, 4 }, { 0xed0b, RX, 4 }, { 0xed0c, RX, 4 },
	{ 0xed0d, RX, 4 }, { 0xed0e, RX, 4 }, { 0xed0f, RX, 4 },
	/* sqeb, sqdb, meeb, kdb, cdb, adb, sdb, mdb, ddb, madb, msdb */
	{ 0xed14, RX, 4 }, { 0xed15, RX, 8 }, { 0xed17, RX, 4 },
	{ 0xed18, RX, 8 }, { 0xed19, RX, 8 }, { 0xed1a, RX, 8 },
	{ 0xed1b, RX, 8 }, { 0xed1c, RX, 8 }, { 0xed1d, RX, 8 },
	{ 0xed1e, RX, 8 }, { 0xed1f, RX, 8 },
	/* lde, lxd, lxe, sqe, sqd, mee; ley, ldy, stey, stdy */
	{ 0xed24, RX, 4 }, { 0xed25, RX, 8 }, { 0xed26, RX, 4 },
	{ 0xed34, RX, 4 }, { 0xed35, RX, 8 }, { 0xed37, RX, 4 },
	{ 0xed64, RY, 4 }, { 0xed65, RY, 8 }, { 0xed66, WY, 4 },
	{ 0xed67, WY, 8 },
	/* srp, mvo, pack, unpk, zap, cp, ap, sp, mp, dp */
	{ 0xf000, RW | H, 0 }, { 0xf100, SWH, 0 }, { 0xf200, SWH, 0 },
	{ 0xf300, SWH, 0 }, { 0xf800, SWH, 0 }, { 0xf900, S | R | H, 0 },
	{ 0xfa00, SRWH, 0 }, { 0xfb00, SRWH, 0 }, { 0xfc00, SRWH, 0 },
	{ 0xfd00, SRWH, 0 }
};

/* Those of registers alone, DR to DSGFR, have the divisor in the last half
   byte. */
static const struct division {
	uint16_t code;
	uint8_t size;
	const char *name;
} divisions[] = {
	{ 0x1d00, 4, "dr" }, { 0x5d00, 0, "d" },
	{ 0xb90d, 8, "dsgr" }, { 0xb91d, 4, "dsgfr" },
	{ 0xb987, 8, "dlgr" }, { 0xb997, 4, "dlr" },
	{ 0xe30d, 0, "dsg" }, { 0xe31d, 0, "dsgf" },
	{ 0xe387, 0, "dlg" }, { 0xe397, 0, "dl" }
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { EX = 0x4400, EXRL = 0xc600, VLM = 0xe736, VSTM = 0xe73e };

/* The first two bits tell the length. */
static size_t
length_of(unsigned char first)
{
	return first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
}

/* The operation code, wherever the rest of it is. */
static unsigned
code_of(const unsigned char *code)
{
	switch (code[0]) {
	case 0xb2: case 0xb9: case 0xe5:
		return (unsigned)code[0] << 8 | code[1];
	case 0xc4: case 0xc6: case 0xc8:
		return (unsigned)code[0] << 8 | (code[1] & 15);
	case 0xe3: case 0xe6: case 0xe7: case 0xeb: case 0xed:
		return (unsigned)code[0] << 8 | code[5];
	default:
		return (unsigned)code[0] << 8;
	}
}

static const struct row *
find_row(unsigned code)
{
	size_t i = BISECT_BELOW(rows, COUNT(rows), code, code);

	return i < COUNT(rows) && rows[i].code == code ? &rows[i] : NULL;
}

/* As a base or an index, register 0 is none. */
static int
address_register(unsigned n)
{
	return (n & 15) == 0 ? INSN_NONE : (int)(n & 15);
}

static int64_t
displacement_of(const unsigned char *at)
{
	return (at[0] & 15) << 8 | at[1];
}

/* Where the operand is, and the second one. */
static void
set_address(const unsigned char *code, unsigned how, struct insn *in)
{
	in->base = address_register(code[2] >> 4);
	in->displacement = displacement_of(code + 2);
	if ((how & Y) != 0)
		in->displacement |= (int64_t)(int8_t)code[4] * 4096;
	if ((how & X) != 0)
		in->index = address_register(code[1]);
	if (in->base == INSN_NONE) {
		in->base = in->index;
		in->index = INSN_NONE;
	}
	if ((how & S) != 0) {
		in->source = address_register(code[4] >> 4);
		in->source_displacement = displacement_of(code + 4);
	}
}

static void
set_relative(const unsigned char *code, struct insn *in)
{
	in->base = INSN_PC;
	in->displacement = 2 * code_signed(code_word(code + 2, 0), 32);
}

/* Two registers, which are not 0 for being register 0. Where the first one is no
   address, the second is all. */
static void
set_pair(unsigned registers, struct insn *in)
{
	in->base = (int)(registers >> 4);
	in->source = (int)(registers & 15);
	if (!in->is_read && !in->is_written) {
		in->base = in->source;
		in->source = INSN_NONE;
		in->is_read = 1;
	}
}

/* How many registers, from the first to the last, around the end. */
static unsigned
range(const unsigned char *code, int is_vector)
{
	unsigned first = code[1] >> 4, last = code[1] & 15;

	if (!is_vector)
		return ((last - first) & 15) + 1;
	first |= (code[4] & 8) << 1;
	last |= (code[4] & 4) << 2;
	return ((last - first) & 31) + 1;
}

static unsigned
size_of(const unsigned char *code, const struct row *r)
{
	/* Zeroes around a word are one more kind of vllez. */
	static const uint8_t elements[16] = { 1, 2, 4, 8, 0, 0, 4 };
	unsigned size = 0;

	if ((r->how & N) != 0)
		return r->size *
		    range(code, r->code == VLM || r->code == VSTM);
	if ((r->how & K) != 0) {
		for (unsigned mask = code[1] & 15; mask != 0; mask >>= 1)
			size += mask & 1;
		return size;
	}
	if ((r->how & L) != 0)
		return code[1] + 1U;
	if ((r->how & H) != 0)
		return (code[1] >> 4) + 1U;
	if ((r->how & E) != 0)
		return elements[code[4] >> 4];
	return r->size;
}

static int
decode_memory(const unsigned char *code, const struct row *r, struct insn *in)
{
	in->has_memory = 1;
	in->is_read = (r->how & R) != 0;
	in->is_written = (r->how & W) != 0;
	in->size = size_of(code, r);
	if ((r->how & P) != 0)
		set_pair(code[(r->how & Q) != 0 ? 3 : 1], in);
	else if ((r->how & A) != 0)
		set_relative(code, in);
	else
		set_address(code, r->how, in);
	if (r->code == EX || r->code == EXRL) {
		in->is_executed = 1;
		in->operand = address_register(code[1] >> 4);
	}
	return 0;
}

int
insn_s390_decode(const unsigned char *code, size_t len, struct insn *in)
{
	const struct row *r;
	unsigned operation;
	int rc = -1;

	in->length = length_of(code[0]);
	if (len < in->length)
		return -1;
	/* A jump into its own second half is what compilers make of a trap. */
	if (code[0] == 0 && code[1] == 1) {
		in->special = "0x0001";
		return 0;
	}
	operation = code_of(code);
	r = find_row(operation);
	if (r != NULL)
		rc = decode_memory(code, r, in);
	for (size_t i = 0; i < COUNT(divisions); i++) {
		if (divisions[i].code != operation)
			continue;
		in->is_division = 1;
		in->special = divisions[i].name;
		if (divisions[i].size == 0)
			return 0;
		in->operand = code[in->length - 1] & 15;
		in->size = divisions[i].size;
		return 0;
	}
	return rc;
}
