/* SPDX-License-Identifier: ISC */
#include "expr.h"

#include <dwarf.h>

#include "arch.h"

#define STACK_MAX 64
#define STEPS_MAX 1000

struct machine {
	struct target *target;
	const struct registers *registers;
	uint64_t cfa;
	uint64_t stack[STACK_MAX];
	size_t depth;
};

static int
push(struct machine *m, uint64_t v)
{
	if (m->depth >= STACK_MAX)
		return -1;
	if (!m->target->is64)
		v &= UINT32_MAX;
	m->stack[m->depth++] = v;
	return 0;
}

static int
push_register(struct machine *m, uint64_t n, uint64_t offset)
{
	if (n >= MAX_REGISTERS || !m->registers->known[n]) {
		/* x86-64 PLT entries ask for the pc: "register" 16. */
		if (n == m->target->arch->nregisters - 1U &&
		    m->target->arch->lr == NOT_DWARF)
			return push(m, m->registers->pc + offset);
		return -1;
	}
	return push(m, m->registers->value[n] + offset);
}

static int
dereference(struct machine *m, size_t size)
{
	unsigned char b[8];
	uint64_t at;

	if (m->depth == 0)
		return -1;
	at = m->stack[--m->depth];
	if (target_read(m->target, at, b, size) != size)
		return -1;
	switch (size) {
	case 1:
		return push(m, b[0]);
	case 2:
		return push(m, target_u16(m->target, b));
	case 4:
		return push(m, target_u32(m->target, b));
	case 8:
		return push(m, target_u64(m->target, b));
	default:
		return -1;
	}
}

static int
unary(struct machine *m, uint8_t atom, uint64_t number)
{
	uint64_t *top;

	if (m->depth == 0)
		return -1;
	top = &m->stack[m->depth - 1];
	switch (atom) {
	case DW_OP_abs:
		*top = (int64_t)*top < 0 ? 0 - *top : *top;
		return 0;
	case DW_OP_neg:
		*top = 0 - *top;
		return 0;
	case DW_OP_not:
		*top = ~*top;
		return 0;
	case DW_OP_plus_uconst:
		*top += number;
		return 0;
	default:
		return -1;
	}
}

static int
binary(struct machine *m, uint8_t atom)
{
	uint64_t a, b, v;

	if (m->depth < 2)
		return -1;
	b = m->stack[--m->depth];
	a = m->stack[--m->depth];
	switch (atom) {
	case DW_OP_and:
		v = a & b;
		break;
	case DW_OP_div:
		if (b == 0 || (a == (uint64_t)INT64_MIN && b == UINT64_MAX))
			return -1;
		v = (uint64_t)((int64_t)a / (int64_t)b);
		break;
	case DW_OP_minus:
		v = a - b;
		break;
	case DW_OP_mod:
		if (b == 0)
			return -1;
		v = a % b;
		break;
	case DW_OP_mul:
		v = a * b;
		break;
	case DW_OP_or:
		v = a | b;
		break;
	case DW_OP_plus:
		v = a + b;
		break;
	case DW_OP_shl:
		v = b < 64 ? a << b : 0;
		break;
	case DW_OP_shr:
		v = b < 64 ? a >> b : 0;
		break;
	case DW_OP_shra:
		v = b < 64 ? (uint64_t)((int64_t)a >> b) :
		    (int64_t)a < 0 ? UINT64_MAX : 0;
		break;
	case DW_OP_xor:
		v = a ^ b;
		break;
	case DW_OP_le:
		v = (int64_t)a <= (int64_t)b;
		break;
	case DW_OP_ge:
		v = (int64_t)a >= (int64_t)b;
		break;
	case DW_OP_eq:
		v = a == b;
		break;
	case DW_OP_lt:
		v = (int64_t)a < (int64_t)b;
		break;
	case DW_OP_gt:
		v = (int64_t)a > (int64_t)b;
		break;
	case DW_OP_ne:
		v = a != b;
		break;
	default:
		return -1;
	}
	return push(m, v);
}

static int
shuffle(struct machine *m, uint8_t atom, uint64_t number)
{
	uint64_t *top = m->stack + m->depth, v;

	switch (atom) {
	case DW_OP_dup:
		return m->depth < 1 ? -1 : push(m, top[-1]);
	case DW_OP_drop:
		if (m->depth < 1)
			return -1;
		m->depth--;
		return 0;
	case DW_OP_over:
		return m->depth < 2 ? -1 : push(m, top[-2]);
	case DW_OP_pick:
		return number >= m->depth ? -1 : push(m, top[-1 - (int)number]);
	case DW_OP_swap:
		if (m->depth < 2)
			return -1;
		v = top[-1];
		top[-1] = top[-2];
		top[-2] = v;
		return 0;
	case DW_OP_rot:
		if (m->depth < 3)
			return -1;
		v = top[-1];
		top[-1] = top[-2];
		top[-2] = top[-3];
		top[-3] = v;
		return 0;
	default:
		return -1;
	}
}

/* One operation that neither branches nor ends. */
static int
run(struct machine *m, const Dwarf_Op *op)
{
	uint8_t atom = op->atom;

	if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
		return push(m, atom - DW_OP_lit0);
	if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
		return push_register(m, atom - DW_OP_breg0, op->number);
	switch (atom) {
	case DW_OP_nop:
		return 0;
	case DW_OP_addr:
	case DW_OP_const1u: case DW_OP_const1s: case DW_OP_const2u:
	case DW_OP_const2s: case DW_OP_const4u: case DW_OP_const4s:
	case DW_OP_const8u: case DW_OP_const8s: case DW_OP_constu:
	case DW_OP_consts:
		return push(m, op->number);
	case DW_OP_bregx:
		return push_register(m, op->number, op->number2);
	case DW_OP_call_frame_cfa:
		return push(m, m->cfa);
	case DW_OP_deref:
		return dereference(m, m->target->is64 ? 8 : 4);
	case DW_OP_deref_size:
		return dereference(m, op->number);
	case DW_OP_abs: case DW_OP_neg: case DW_OP_not: case DW_OP_plus_uconst:
		return unary(m, atom, op->number);
	case DW_OP_dup: case DW_OP_drop: case DW_OP_over: case DW_OP_pick:
	case DW_OP_swap: case DW_OP_rot:
		return shuffle(m, atom, op->number);
	default:
		return binary(m, atom);
	}
}

/* The operation a branch at index I leads to; libdw keeps byte offsets. */
static int
branch(const Dwarf_Op *ops, size_t nops, size_t i, size_t *to)
{
	/* The operand counts from the end of the 3 bytes of DW_OP_bra/skip. */
	uint64_t want = ops[i].offset + 3 + (uint64_t)(int64_t)(int16_t)
	    ops[i].number;

	for (size_t n = 0; n < nops; n++) {
		if (ops[n].offset == want) {
			*to = n;
			return 0;
		}
	}
	return -1;
}

int
expr_evaluate(struct target *t, const struct registers *r, uint64_t cfa,
    const Dwarf_Op *ops, size_t nops, uint64_t *value, int *is_value)
{
	struct machine m = { .target = t, .registers = r, .cfa = cfa };
	size_t i = 0;

	*is_value = 0;
	for (int steps = 0; i < nops; steps++) {
		const Dwarf_Op *op = &ops[i];

		if (steps >= STEPS_MAX)
			return -1;
		if (op->atom == DW_OP_stack_value) {
			*is_value = 1;
			break;
		}
		if (op->atom == DW_OP_skip || op->atom == DW_OP_bra) {
			if (op->atom == DW_OP_bra && m.depth == 0)
				return -1;
			if (op->atom == DW_OP_skip || m.stack[--m.depth] != 0) {
				if (branch(ops, nops, i, &i) == -1)
					return -1;
			} else
				i++;
			continue;
		}
		if (run(&m, op) == -1)
			return -1;
		i++;
	}
	if (m.depth == 0)
		return -1;
	*value = m.stack[m.depth - 1];
	return 0;
}
