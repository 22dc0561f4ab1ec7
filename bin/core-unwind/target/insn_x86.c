/* SPDX-License-Identifier: ISC */
#include "target/insn_x86.h"

#include <string.h>

enum { R = 1, W = 2, RW = 3 };

struct decoder {
	const unsigned char *p, *end;
	int is64, rex, operand16, rep;	/* rep: 0, 0xf2 or 0xf3 */
	int vex_l;			/* vector length bit, -1 no VEX */
	struct insn *insn;
};

static int
next(struct decoder *d)
{
	return d->p < d->end ? *d->p++ : -1;
}

static int64_t
immediate(struct decoder *d, size_t n)
{
	uint64_t v = 0;

	if ((size_t)(d->end - d->p) < n) {
		d->p = d->end;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)d->p[i] << 8 * i;
	d->p += n;
	if (n == 1)
		return (int8_t)v;
	if (n == 4)
		return (int32_t)v;
	return (int64_t)v;
}

static unsigned
operand_size(const struct decoder *d)
{
	return (d->rex & 8) != 0 ? 8 : d->operand16 ? 2 : 4;
}

/* The ModRM byte and what follows it. Returns its reg field, or -1. */
static int
modrm(struct decoder *d, int access, unsigned size)
{
	struct insn *in = d->insn;
	int b = next(d), mod, rm, reg;

	if (b == -1)
		return -1;
	mod = b >> 6;
	reg = b >> 3 & 7;
	rm = b & 7;
	if (mod == 3) {
		in->operand = rm | (d->rex & 1) << 3;
		return reg;
	}
	in->has_memory = access != 0;
	in->is_read = access & R;
	in->is_written = (access & W) != 0;
	in->size = size;
	in->base = rm | (d->rex & 1) << 3;
	if (rm == 4) {
		int sib = next(d), index;

		if (sib == -1)
			return -1;
		in->scale = 1U << (sib >> 6);
		index = (sib >> 3 & 7) | (d->rex & 2) << 2;
		in->index = index == 4 ? INSN_NONE : index;
		in->base = (sib & 7) | (d->rex & 1) << 3;
		if ((sib & 7) == 5 && mod == 0) {
			in->base = INSN_NONE;
			in->displacement = immediate(d, 4);
		}
	} else if (rm == 5 && mod == 0) {
		in->base = d->is64 ? INSN_RIP : INSN_NONE;
		in->displacement = immediate(d, 4);
	}
	if (mod == 1)
		in->displacement = immediate(d, 1);
	else if (mod == 2)
		in->displacement = immediate(d, 4);
	return reg;
}

/* Registers by hardware number: 4 is the stack pointer, 6 rsi, 7 rdi. */
static void
implied(struct insn *in, int base, int access, unsigned size, int64_t at,
    const char *special)
{
	in->has_memory = 1;
	in->is_read = access & R;
	in->is_written = (access & W) != 0;
	in->base = base;
	in->size = size;
	in->displacement = at;
	in->special = special;
}

static unsigned
vector_size(const struct decoder *d)
{
	if (d->vex_l == 1)
		return 32;
	return d->rep == 0xf3 ? 4 : d->rep == 0xf2 ? 8 : 16;
}

/* Opcodes after 0f. */
static int
decode_0f(struct decoder *d)
{
	struct insn *in = d->insn;
	unsigned size = operand_size(d);
	int op = next(d), reg;

	if (op == -1)
		return -1;
	switch (op) {
	case 0x0b:
		in->special = "ud2";
		return 0;
	case 0xb9: case 0xff:
		in->special = "ud";
		return 0;
	case 0x05:
		in->special = "syscall";
		return 0;
	case 0x0d: case 0x18: case 0x19: case 0x1a: case 0x1b: case 0x1c:
	case 0x1d: case 0x1e: case 0x1f:
		return modrm(d, 0, 0) == -1 ? -1 : 0;
	case 0x10: case 0x28: case 0x12: case 0x16:
		return modrm(d, R, op == 0x12 || op == 0x16 ? 8 :
		    op == 0x28 && d->vex_l != 1 ? 16 : vector_size(d)) == -1 ?
		    -1 : 0;
	case 0x11: case 0x29: case 0x2b: case 0x13: case 0x17:
		return modrm(d, W, op == 0x13 || op == 0x17 ? 8 :
		    op == 0x29 && d->vex_l != 1 ? 16 : vector_size(d)) == -1 ?
		    -1 : 0;
	case 0x6f:
		return modrm(d, R, d->vex_l == 1 ? 32 :
		    d->operand16 || d->rep ? 16 : 8) == -1 ? -1 : 0;
	case 0x7f: case 0xe7:
		return modrm(d, W, d->vex_l == 1 ? 32 :
		    d->operand16 || d->rep ? 16 : 8) == -1 ? -1 : 0;
	case 0x6e:
		return modrm(d, R, (d->rex & 8) != 0 ? 8 : 4) == -1 ? -1 : 0;
	case 0x7e:
		return modrm(d, d->rep == 0xf3 ? R : W, d->rep == 0xf3 ||
		    (d->rex & 8) != 0 ? 8 : 4) == -1 ? -1 : 0;
	case 0xd6:
		return modrm(d, W, 8) == -1 ? -1 : 0;
	case 0xb6: case 0xbe:
		return modrm(d, R, 1) == -1 ? -1 : 0;
	case 0xb7: case 0xbf:
		return modrm(d, R, 2) == -1 ? -1 : 0;
	case 0xab: case 0xb1: case 0xb3: case 0xbb: case 0xc1:
		return modrm(d, RW, size) == -1 ? -1 : 0;
	case 0xb0: case 0xc0:
		return modrm(d, RW, 1) == -1 ? -1 : 0;
	case 0xba:
		reg = modrm(d, R, size);
		in->is_written = reg > 4;
		return reg == -1 ? -1 : 0;
	case 0xc7:
		reg = modrm(d, RW, (d->rex & 8) != 0 ? 16 : 8);
		return reg == 1 ? 0 : -1;
	case 0xc3:
		return modrm(d, W, size) == -1 ? -1 : 0;
	}
	if (op >= 0x90 && op <= 0x9f)
		return modrm(d, W, 1) == -1 ? -1 : 0;
	if ((op >= 0x40 && op <= 0x4f) || op == 0xaf || op == 0xa3 ||
	    op == 0xbc || op == 0xbd || op == 0xb8)
		return modrm(d, R, size) == -1 ? -1 : 0;
	if (op >= 0x50 && op <= 0xfe && (op < 0x80 || op > 0x8f) &&
	    (op < 0xa0 || op > 0xaf) && op < 0xfe)
		return modrm(d, R, vector_size(d)) == -1 ? -1 : 0;
	return -1;
}

/* Groups whose reg field chooses the operation. */
static int
decode_group(struct decoder *d, int op)
{
	struct insn *in = d->insn;
	unsigned size = (op & 1) != 0 ? operand_size(d) : 1;
	int reg = modrm(d, RW, size);

	if (reg == -1)
		return -1;
	in->size = size;
	switch (op) {
	case 0x80: case 0x81: case 0x83:
		in->is_written &= reg != 7;		/* cmp */
		break;
	case 0xf6: case 0xf7:
		in->is_written &= reg == 2 || reg == 3;	/* not, neg */
		/* ah, ch, dh and bh, without a REX prefix. */
		if (op == 0xf6 && d->rex == 0 && in->operand >= 4)
			in->operand = INSN_NONE;
		in->is_division = reg >= 6;
		if (reg >= 6)
			in->special = reg == 6 ? "div" : "idiv";
		break;
	case 0xfe: case 0xff:
		if (reg >= 2) {
			in->is_written = 0;
			in->size = d->is64 ? 8 : 4;
			in->special = reg == 2 ? "call" : reg == 4 ? "jmp" :
			    reg == 6 ? "push" : NULL;
		}
		if (reg == 2 && !in->has_memory)
			implied(in, 4, W, d->is64 ? 8 : 4,
			    d->is64 ? -8 : -4, "call");
		break;
	case 0xc6: case 0xc7: case 0x8f:
		in->is_read = 0;
		break;
	}
	return 0;
}

static int
decode_one(struct decoder *d, int op)
{
	struct insn *in = d->insn;
	unsigned size = (op & 1) != 0 ? operand_size(d) : 1;
	unsigned word = d->is64 ? 8 : 4;

	if (op < 0x40 && (op & 7) < 4) {
		int to_memory = (op & 2) == 0;
		int is_cmp = op >= 0x38;

		return modrm(d, to_memory && !is_cmp ? RW : R, size) == -1 ?
		    -1 : 0;
	}
	if (op >= 0x50 && op <= 0x57) {
		implied(in, 4, W, word, -(int64_t)word, "push");
		return 0;
	}
	if (op >= 0x58 && op <= 0x5f) {
		implied(in, 4, R, word, 0, "pop");
		return 0;
	}
	switch (op) {
	case 0x63:
		return modrm(d, R, 4) == -1 ? -1 : 0;
	case 0x68: case 0x6a:
		implied(in, 4, W, word, -(int64_t)word, "push");
		return 0;
	case 0x69: case 0x6b: case 0x85: case 0x8b:
		return modrm(d, R, operand_size(d)) == -1 ? -1 : 0;
	case 0x84: case 0x8a:
		return modrm(d, R, 1) == -1 ? -1 : 0;
	case 0x86: case 0x87:
		return modrm(d, RW, size) == -1 ? -1 : 0;
	case 0x88: case 0x89:
		return modrm(d, W, size) == -1 ? -1 : 0;
	case 0x8d: case 0x90:
		return op == 0x90 || modrm(d, 0, 0) != -1 ? 0 : -1;
	case 0x80: case 0x81: case 0x83: case 0x8f: case 0xc0: case 0xc1:
	case 0xc6: case 0xc7: case 0xd0: case 0xd1: case 0xd2: case 0xd3:
	case 0xf6: case 0xf7: case 0xfe: case 0xff:
		return decode_group(d, op);
	case 0xa4: case 0xa5:
		implied(in, 7, W, size, 0, "movs");
		in->source = 6;
		return 0;
	case 0xaa: case 0xab:
		implied(in, 7, W, size, 0, "stos");
		return 0;
	case 0xac: case 0xad:
		implied(in, 6, R, size, 0, "lods");
		return 0;
	case 0xa6: case 0xa7:
		implied(in, 6, R, size, 0, "cmps");
		return 0;
	case 0xae: case 0xaf:
		implied(in, 7, R, size, 0, "scas");
		return 0;
	case 0xc2: case 0xc3:
		implied(in, 4, R, word, 0, "ret");
		return 0;
	case 0xc9:
		implied(in, 5, R, word, 0, "leave");
		return 0;
	case 0xe8:
		implied(in, 4, W, word, -(int64_t)word, "call");
		return 0;
	case 0xcc:
		in->special = "int3";
		return 0;
	case 0xf4:
		in->special = "hlt";
		return 0;
	case 0xfa: case 0xfb:
		in->special = op == 0xfa ? "cli" : "sti";
		return 0;
	case 0xe4: case 0xe5: case 0xec: case 0xed:
		in->special = "in";
		return 0;
	case 0xe6: case 0xe7: case 0xee: case 0xef:
		in->special = "out";
		return 0;
	case 0xcd:
		in->special = next(d) == -1 ? NULL : "int";
		return 0;
	case 0xd8: case 0xd9: case 0xda: case 0xdb: case 0xdc: case 0xdd:
	case 0xde: case 0xdf:
		return modrm(d, R, 0) == -1 ? -1 : 0;
	}
	return -1;
}

static int
decode_vex(struct decoder *d, int op)
{
	int b = next(d), map = 1, pp;

	if (b == -1)
		return -1;
	/* The bits are kept inverted; R is not needed. */
	if (op == 0xc4) {
		d->rex |= ((~b >> 5) & 3) & 3;
		map = b & 0x1f;
		b = next(d);
		if (b == -1)
			return -1;
		d->rex |= (b & 0x80) != 0 ? 8 : 0;
	}
	pp = b & 3;
	d->vex_l = b >> 2 & 1;
	d->operand16 = pp == 1;
	d->rep = pp == 2 ? 0xf3 : pp == 3 ? 0xf2 : 0;
	if (map == 1)
		return decode_0f(d);
	/* 0f 38 and 0f 3a: nearly all read; broadcasts read less. */
	if (next(d) == -1)
		return -1;
	return modrm(d, R, 0) == -1 ? -1 : 0;
}

/*
 * What of an EVEX instruction's memory is as long as its vector: by its map,
 * and whether one element may be had for all instead.
 */
static int
evex_is_known(int map, int op, int *may_broadcast)
{
	static const unsigned char whole[3][16] = {
		{ 0x10, 0x11, 0x28, 0x29, 0x2b, 0x64, 0x65, 0x6f, 0x74, 0x75,
		    0x7f, 0xda, 0xde, 0xe7, 0xf8, 0xfc },
		{ 0x26, 0x38, 0x3a, 0x3c, 0x3e },
		{ 0x3e, 0x3f }
	};
	static const unsigned char elements[3][16] = {
		{ 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5c, 0x5e, 0x66, 0x76,
		    0xdb, 0xdf, 0xeb, 0xef, 0xfa, 0xfe },
		{ 0x27, 0x29, 0x39, 0x3b, 0x3d, 0x3f },
		{ 0x1e, 0x1f, 0x25 }
	};

	if (map < 1 || map > 3)
		return 0;
	*may_broadcast = memchr(elements[map - 1], op, 16) != NULL;
	return op != 0 && (*may_broadcast ||
	    memchr(whole[map - 1], op, 16) != NULL);
}

/*
 * Those that libraries handle strings and memory with. An 8-bit displacement
 * counts in vectors, or elements. Another is not decoded.
 */
static int
decode_evex(struct decoder *d)
{
	int p0 = next(d), p1 = next(d), p2 = next(d), op = next(d);
	int map = p0 & 7, pp = p1 & 3, length = p2 >> 5 & 3, broadcast, mod;
	unsigned size = 16U << length;

	if (op == -1 || (p0 & 8) != 0 || (p1 & 4) == 0 || length == 3 ||
	    d->p >= d->end || !evex_is_known(map, op, &broadcast))
		return -1;
	/* Scalars are another matter. */
	if (map == 1 && op < 0x60 && pp > 1)
		return -1;
	d->rex = ((p0 & 0xe0) >> 5 ^ 7) | (p1 & 0x80) >> 4;
	if ((p2 & 0x10) != 0) {
		if (!broadcast)
			return -1;
		size = (p1 & 0x80) != 0 ? 8 : 4;
	}
	mod = *d->p >> 6;
	if (modrm(d, map == 1 && (op == 0x11 || op == 0x29 || op == 0x2b ||
	    op == 0x7f || op == 0xe7) ? W : R, size) == -1)
		return -1;
	if (mod == 1)
		d->insn->displacement *= size;
	return map == 3 && next(d) == -1 ? -1 : 0;
}

int
insn_x86_decode(const unsigned char *code, size_t len, int is64,
    struct insn *insn)
{
	struct decoder d = {
		.p = code, .end = code + len, .is64 = is64, .vex_l = -1,
		.insn = insn
	};
	int op, rc;

	for (;;) {
		op = next(&d);
		if (op == 0x66)
			d.operand16 = 1;
		else if (op == 0xf2 || op == 0xf3)
			d.rep = op;
		else if (op == 0x64 || op == 0x65)
			insn->segment = op == 0x64 ? 'f' : 'g';
		else if (op != 0x2e && op != 0x36 && op != 0x3e &&
		    op != 0x26 && op != 0x67 && op != 0xf0)
			break;
	}
	if (op == -1)
		return -1;
	if (is64 && (op & 0xf0) == 0x40) {
		d.rex = op & 15;
		op = next(&d);
		if (op == -1)
			return -1;
	}
	if (op == 0x0f) {
		if (d.p < d.end && (*d.p == 0x38 || *d.p == 0x3a)) {
			d.p += 2;
			rc = modrm(&d, R, 16) == -1 ? -1 : 0;
		} else
			rc = decode_0f(&d);
	} else if (is64 && (op == 0xc4 || op == 0xc5))
		rc = decode_vex(&d, op);
	else if (is64 && op == 0x62)
		rc = decode_evex(&d);
	else
		rc = decode_one(&d, op);
	insn->length = (size_t)(d.p - code);
	return rc;
}
