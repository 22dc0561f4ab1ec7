/* SPDX-License-Identifier: ISC */
#include "value/location.h"

#include <dwarf.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "target/arch.h"
#include "target/vector.h"
#include "value/passed.h"
#include "value/evaluate.h"
#include "xalloc.h"

#define PIECES_MAX 4096
#define REFERENCES_MAX 8

void
value_make(struct value *v, size_t len, enum byte_state state)
{
	memset(v, 0, sizeof *v);
	v->len = len > VALUE_MAX ? VALUE_MAX : len;
	v->bytes = xcalloc(v->len + 1, 1);
	if (state == BYTE_KNOWN)
		return;
	v->state = xmalloc(v->len + 1);
	memset(v->state, state, v->len + 1);
}

void
value_release(struct value *v)
{
	free(v->bytes);
	free(v->state);
	free(v->unknown);
	memset(v, 0, sizeof *v);
}

void
value_at(const struct scene *s, uint64_t address, size_t len, struct value *v)
{
	size_t n;

	value_make(v, len, BYTE_KNOWN);
	v->has_address = 1;
	v->address = address;
	n = modules_read(s->modules, address, v->bytes, v->len);
	if (n < v->len) {
		v->is_unreadable = 1;
		v->bad_address = address + n;
	}
}

static void
set_states(struct value *v, size_t at, size_t len, enum byte_state state)
{
	if (v->state == NULL && state != BYTE_KNOWN)
		v->state = xcalloc(v->len + 1, 1);
	if (v->state != NULL)
		memset(v->state + at, state, len);
}

/* Copies NBITS from FROM at bit FROM_BIT to TO at bit TO_BIT, in the order
   that the process's bytes have. */
static void
copy_bits(const struct target *t, unsigned char *to, size_t to_bit,
    const unsigned char *from, size_t from_bit, size_t nbits)
{
	int little = target_is_little(t);

	for (size_t i = 0; i < nbits; i++) {
		size_t f = from_bit + i, n = to_bit + i;
		unsigned fs = little ? f % 8 : 7 - f % 8;
		unsigned ts = little ? n % 8 : 7 - n % 8;
		unsigned bit = from[f / 8] >> fs & 1U;

		to[n / 8] = (unsigned char)((to[n / 8] & ~(1U << ts)) |
		    bit << ts);
	}
}

/* A part of a variable that one run of operations tells of. */
struct piece {
	const Dwarf_Op *ops;
	size_t nops;
	size_t to_bit, nbits, from_bit;	/* FROM_BIT: into the source */
};

/* A piece of less than whole bytes: which bits of its first and last one. */
static void
mark_bits(const struct target *t, struct value *v, const struct piece *p,
    enum byte_state state)
{
	int little = target_is_little(t);

	if (v->unknown == NULL) {
		v->unknown = xcalloc(v->len + 1, 1);
		for (size_t i = 0; v->state != NULL && i < v->len; i++)
			v->unknown[i] = v->state[i] == BYTE_KNOWN ? 0 : 0xff;
	}
	for (size_t n = p->to_bit; n < p->to_bit + p->nbits && n / 8 < v->len;
	    n++) {
		unsigned bit = 1U << (little ? n % 8 : 7 - n % 8);

		if (state == BYTE_KNOWN)
			v->unknown[n / 8] &= (unsigned char)~bit;
		else
			v->unknown[n / 8] |= (unsigned char)bit;
	}
}

static void
put_state(const struct scene *s, struct value *v, const struct piece *p,
    enum byte_state state)
{
	size_t first = p->to_bit / 8, last = (p->to_bit + p->nbits + 7) / 8;

	if (v->unknown != NULL || p->to_bit % 8 != 0 || p->nbits % 8 != 0)
		mark_bits(s->modules->target, v, p, state);
	if (last > v->len)
		last = v->len;
	if (last > first)
		set_states(v, first, last - first, state);
}

/* SRC holds LEN bytes for the piece, from its first bit; of what it does not
   reach nothing is known. */
static void
put_piece(const struct scene *s, struct value *v, const struct piece *p,
    const unsigned char *src, size_t len)
{
	size_t nbits = p->nbits;

	if (len > VALUE_MAX || p->from_bit >= len * 8 ||
	    nbits > len * 8 - p->from_bit)
		put_state(s, v, p, BYTE_OPTIMIZED_OUT);
	if (len > VALUE_MAX || p->from_bit >= len * 8)
		return;
	if (nbits > len * 8 - p->from_bit) {
		struct piece known = *p;

		known.nbits = nbits = len * 8 - p->from_bit;
		put_state(s, v, &known, BYTE_KNOWN);
	}
	if (p->to_bit % 8 == 0 && p->from_bit % 8 == 0 && nbits % 8 == 0)
		memcpy(v->bytes + p->to_bit / 8, src + p->from_bit / 8,
		    nbits / 8);
	else
		copy_bits(s->modules->target, v->bytes, p->to_bit, src,
		    p->from_bit, nbits);
}

static enum byte_state
state_of(enum expr_result result)
{
	switch (result) {
	case EXPR_NO_REGISTER:
		return BYTE_NOT_SAVED;
	case EXPR_NO_STORAGE:
		return BYTE_UNAVAILABLE;
	default:
		return BYTE_OPTIMIZED_OUT;
	}
}

static int
register_number(const Dwarf_Op *op, uint64_t *number)
{
	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31)
		*number = op->atom - DW_OP_reg0;
	else if (op->atom == DW_OP_regx)
		*number = op->number;
	else
		return -1;
	return 0;
}

/* A word of the process as its memory would hold it. */
static size_t
to_bytes(const struct target *t, uint64_t value, size_t size,
    unsigned char *bytes)
{
	int little = target_is_little(t);

	if (size > 8)
		size = 8;
	for (size_t i = 0; i < size; i++)
		bytes[little ? i : size - 1 - i] =
		    (unsigned char)(value >> 8 * i);
	return size;
}

static void
read_register(const struct scene *s, struct value *v, const struct piece *p,
    uint64_t number)
{
	const struct target *t = s->modules->target;
	const struct registers *r = &s->stack->activation[s->index].registers;
	unsigned char bytes[VECTOR_MAX];
	size_t len;

	/* POWER and s390 number those of floating point among the others. */
	if (s->index == 0 && vector_register(t, s->thread, number, bytes,
	    &len) == 0) {
		put_piece(s, v, p, bytes, len);
		return;
	}
	if (number >= MAX_REGISTERS || number >= t->arch->nregisters ||
	    !r->known[number]) {
		put_state(s, v, p, s->index == 0 ? BYTE_UNAVAILABLE :
		    BYTE_NOT_SAVED);
		return;
	}
	/* The low end of the register, in either byte order; but s390 has the
	   short ones of floating point at the high end. */
	len = (p->nbits + 7) / 8;
	if (p->from_bit != 0 || len > t->arch->word ||
	    (t->arch->machine == EM_S390 && number >= 16 && number < 32))
		len = t->arch->word;
	len = to_bytes(t, r->value[number], len, bytes);
	put_piece(s, v, p, bytes, len);
}

static void
read_memory(const struct scene *s, struct value *v, const struct piece *p,
    uint64_t address)
{
	size_t len = (p->from_bit + p->nbits + 7) / 8, n;
	unsigned char *bytes = xcalloc(len + 1, 1);

	n = modules_read(s->modules, address, bytes, len);
	if (n < len && !v->is_unreadable) {
		v->is_unreadable = 1;
		v->bad_address = address + n;
	}
	put_piece(s, v, p, bytes, len);
	if (p->to_bit == 0 && p->nbits == v->len * 8) {
		v->has_address = 1;
		v->address = address;
	}
	free(bytes);
}

static void
read_implicit(const struct scene *s, Dwarf_Attribute *attr, struct value *v,
    const struct piece *p)
{
	put_state(s, v, p, BYTE_SYNTHETIC);
	if (p->to_bit != 0 || p->nbits != v->len * 8 ||
	    p->ops[0].number2 > VALUE_MAX ||
	    dwarf_getlocation_die(attr, p->ops, &v->pointed) != 0)
		return;
	v->is_implicit = 1;
	v->offset = p->ops[0].number2;
}

/* What one piece's operations lead to. */
static void
read_piece(const struct scene *s, Dwarf_Attribute *attr, struct value *v,
    const struct piece *p)
{
	struct target *t = s->modules->target;
	unsigned char bytes[8];
	struct expr_value top;
	enum expr_result result;
	uint64_t number, bad;
	int is_value;
	size_t size;

	if (p->nops == 0) {
		put_state(s, v, p, BYTE_OPTIMIZED_OUT);
		return;
	}
	if (p->nops == 1 && register_number(p->ops, &number) == 0) {
		read_register(s, v, p, number);
		return;
	}
	if (p->ops[0].atom == DW_OP_implicit_value) {
		Dwarf_Block block;

		if (dwarf_getlocation_implicit_value(attr, p->ops,
		    &block) == 0)
			put_piece(s, v, p, block.data, block.length);
		else
			put_state(s, v, p, BYTE_OPTIMIZED_OUT);
		return;
	}
	if (p->ops[0].atom == DW_OP_implicit_pointer ||
	    p->ops[0].atom == DW_OP_GNU_implicit_pointer) {
		read_implicit(s, attr, v, p);
		return;
	}
	result = evaluate(s, attr, p->ops, p->nops, NULL, &top, &is_value,
	    &bad);
	if (result == EXPR_NO_MEMORY) {
		v->is_unreadable = 1;
		v->bad_address = bad;
	} else if (result != EXPR_DONE)
		put_state(s, v, p, state_of(result));
	else if (is_value) {
		size = p->nbits / 8 == 0 ? 1 : p->nbits / 8;
		size = to_bytes(t, top.bits, size, bytes);
		put_piece(s, v, p, bytes, size);
	} else
		read_memory(s, v, p, top.bits);
}

static void
read_pieces(const struct scene *s, Dwarf_Attribute *attr, Dwarf_Op *ops,
    size_t nops, struct value *v)
{
	size_t first = 0, to = 0, bits = v->len * 8;

	for (size_t i = 0; i < nops && i < PIECES_MAX; i++) {
		struct piece p = { .ops = ops + first, .to_bit = to };

		if (ops[i].atom == DW_OP_piece) {
			p.nbits = ops[i].number > VALUE_MAX ? VALUE_MAX * 8 :
			    ops[i].number * 8;
		} else if (ops[i].atom == DW_OP_bit_piece) {
			p.nbits = ops[i].number > VALUE_MAX * 8 ?
			    VALUE_MAX * 8 : ops[i].number;
			p.from_bit = ops[i].number2 > VALUE_MAX * 8 ?
			    VALUE_MAX * 8 : ops[i].number2;
		} else
			continue;
		p.nops = i - first;
		first = i + 1;
		if (to >= bits)
			return;
		if (p.nbits > bits - to)
			p.nbits = bits - to;
		read_piece(s, attr, v, &p);
		to += p.nbits;
	}
	if (first == 0) {
		struct piece all = { .ops = ops, .nops = nops, .nbits = bits };

		read_piece(s, attr, v, &all);
	} else if (to < bits) {
		struct piece rest = { .to_bit = to, .nbits = bits - to };

		read_piece(s, attr, v, &rest);
	}
}

/* A number of any size. */
static void
put_number(const struct scene *s, struct value *v, uint64_t number,
    int is_negative)
{
	size_t len = v->len < 8 ? v->len : 8;

	if (target_is_little(s->modules->target)) {
		to_bytes(s->modules->target, number, len, v->bytes);
		memset(v->bytes + len, is_negative ? 0xff : 0, v->len - len);
	} else {
		memset(v->bytes, is_negative ? 0xff : 0, v->len - len);
		to_bytes(s->modules->target, number, len,
		    v->bytes + v->len - len);
	}
}

static void
read_constant(const struct scene *s, Dwarf_Attribute *attr, struct value *v)
{
	const struct piece all = { .nbits = v->len * 8 };
	Dwarf_Word number;
	Dwarf_Sword negative;
	Dwarf_Block block;
	const char *text;

	switch (dwarf_whatform(attr)) {
	case DW_FORM_string: case DW_FORM_strp: case DW_FORM_line_strp:
	case DW_FORM_strx: case DW_FORM_GNU_strp_alt:
		text = dwarf_formstring(attr);
		if (text != NULL)
			put_piece(s, v, &all, (const unsigned char *)text,
			    strlen(text) + 1);
		return;
	case DW_FORM_sdata: case DW_FORM_implicit_const:
		if (dwarf_formsdata(attr, &negative) == 0)
			put_number(s, v, (uint64_t)negative, negative < 0);
		return;
	default:
		if (dwarf_formblock(attr, &block) == 0)
			put_piece(s, v, &all, block.data, block.length);
		else if (dwarf_formudata(attr, &number) == 0)
			put_number(s, v, number, 0);
		else
			set_states(v, 0, v->len, BYTE_OPTIMIZED_OUT);
	}
}

void
location_read(const struct scene *s, Dwarf_Die *die, size_t size,
    struct value *v)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t nops;

	value_make(v, size, BYTE_KNOWN);
	if (dwarf_attr_integrate(die, DW_AT_const_value, &attr) != NULL) {
		read_constant(s, &attr, v);
		return;
	}
	if (dwarf_attr_integrate(die, DW_AT_location, &attr) == NULL ||
	    dwarf_getlocation_addr(&attr, s->pc, &ops, &nops, 1) != 1 ||
	    nops == 0) {
		set_states(v, 0, v->len, BYTE_OPTIMIZED_OUT);
		v->is_gone = 1;
		return;
	}
	read_pieces(s, &attr, ops, nops, v);
}

int
location_read_entry(const struct scene *s, Dwarf_Die *die, size_t size,
    struct value *v)
{
	Dwarf_Die function = s->function;
	Dwarf_Addr entry;
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t nops;
	uint64_t number, value;
	unsigned char bytes[8];
	const struct piece all = { .nbits = size * 8 };

	if (size > 8 || dwarf_entrypc(&function, &entry) != 0 ||
	    dwarf_attr_integrate(die, DW_AT_location, &attr) == NULL ||
	    dwarf_getlocation_addr(&attr, entry, &ops, &nops, 1) != 1 ||
	    nops != 1 || register_number(ops, &number) == -1 ||
	    passed_register(s, number, &value) != EXPR_DONE)
		return -1;
	value_make(v, size, BYTE_KNOWN);
	put_piece(s, v, &all, bytes,
	    to_bytes(s->modules->target, value, size, bytes));
	return 0;
}

/* The number that the variable DIE holds, by its type's size. */
static int
variable_number(const struct scene *s, Dwarf_Die *die, uint64_t *value)
{
	const struct target *t = s->modules->target;
	struct value v;
	Dwarf_Die type;
	int size = -1, known;

	if (dwtype_of(die, &type) == 0 && dwtype_peel(&type) != 0)
		size = dwarf_bytesize(&type);
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return -1;
	location_read(s, die, (size_t)size, &v);
	known = v.state == NULL && !v.is_unreadable;
	*value = size == 1 ? v.bytes[0] : size == 2 ? target_u16(t, v.bytes) :
	    size == 4 ? target_u32(t, v.bytes) : target_u64(t, v.bytes);
	value_release(&v);
	return known ? 0 : -1;
}

int
location_number(const struct scene *s, Dwarf_Die *die, unsigned attribute,
    const uint64_t *object, uint64_t *value)
{
	Dwarf_Attribute attr;
	Dwarf_Die other;
	Dwarf_Op *ops;
	struct expr_value top;
	size_t nops;
	uint64_t bad;
	int is_value;

	if (dwtype_number(die, attribute, value) == 0)
		return 0;
	if (dwarf_attr_integrate(die, attribute, &attr) == NULL)
		return -1;
	if (dwarf_formref_die(&attr, &other) != NULL)
		return variable_number(s, &other, value);
	if (dwarf_getlocation_addr(&attr, s->pc, &ops, &nops, 1) != 1 ||
	    nops == 0 || evaluate(s, &attr, ops, nops, object, &top,
	    &is_value, &bad) != EXPR_DONE)
		return -1;
	*value = top.bits;
	return 0;
}
