/* SPDX-License-Identifier: ISC */
#include "frame/expr.h"

#include <dwarf.h>

#include "frame/exprtype.h"
#include "target/arch.h"

#define STACK_MAX 64
#define STEPS_MAX 1000

struct machine {
	struct expr_env *env;
	struct expr_value stack[STACK_MAX];
	size_t depth;
};

static int
push_typed(struct machine *m, uint64_t bits, struct expr_type type)
{
	if (m->depth >= STACK_MAX)
		return EXPR_WRONG;
	if (type.size == 0 && !m->env->target->is64)
		bits &= UINT32_MAX;
	m->stack[m->depth].type = type;
	m->stack[m->depth++].bits = bits;
	return 0;
}

static int
push(struct machine *m, uint64_t v)
{
	return push_typed(m, v, (struct expr_type){ 0, 0 });
}

static int
push_register(struct machine *m, uint64_t n, uint64_t offset)
{
	const struct registers *r = m->env->registers;

	if (n >= MAX_REGISTERS || !r->known[n]) {
		/* x86-64 PLT entries ask for the pc: "register" 16. */
		if (n == m->env->target->arch->nregisters - 1U &&
		    m->env->target->arch->lr == NOT_DWARF)
			return push(m, r->pc + offset);
		return EXPR_NO_REGISTER;
	}
	return push(m, r->value[n] + offset);
}

static int
dereference(struct machine *m, size_t size, struct expr_type type)
{
	struct target *t = m->env->target;
	unsigned char b[8];
	uint64_t at;

	if (m->depth == 0 || (size != 1 && size != 2 && size != 4 && size != 8))
		return EXPR_WRONG;
	at = m->stack[--m->depth].bits;
	if (target_read(t, at, b, size) != size) {
		m->env->bad_address = at;
		return EXPR_NO_MEMORY;
	}
	return push_typed(m, size == 1 ? b[0] : size == 2 ? target_u16(t, b) :
	    size == 4 ? target_u32(t, b) : target_u64(t, b), type);
}

static int
unary(struct machine *m, uint8_t atom, uint64_t number)
{
	struct expr_value *top;

	if (m->depth == 0)
		return EXPR_WRONG;
	top = &m->stack[m->depth - 1];
	if (top->type.encoding == DW_ATE_float)
		return exprtype_unary(top, atom);
	switch (atom) {
	case DW_OP_abs:
		if ((int64_t)exprtype_extend(top) < 0)
			top->bits = 0 - top->bits;
		return 0;
	case DW_OP_neg:
		top->bits = 0 - top->bits;
		return 0;
	case DW_OP_not:
		top->bits = ~top->bits;
		return 0;
	case DW_OP_plus_uconst:
		top->bits += number;
		return 0;
	default:
		return EXPR_WRONG;
	}
}

static int
binary(struct machine *m, uint8_t atom)
{
	struct expr_type type;
	uint64_t a, b, v;

	if (m->depth < 2)
		return -1;
	m->depth -= 2;
	type = m->stack[m->depth].type;
	if (type.encoding == DW_ATE_float) {
		m->depth++;
		return exprtype_binary(&m->stack[m->depth - 1], atom);
	}
	a = exprtype_extend(&m->stack[m->depth]);
	b = exprtype_extend(&m->stack[m->depth + 1]);
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
	if (atom >= DW_OP_eq && atom <= DW_OP_ne)
		return push(m, v);
	return push_typed(m, v, type);
}

static int
shuffle(struct machine *m, uint8_t atom, uint64_t number)
{
	struct expr_value *top = m->stack + m->depth, v;

	switch (atom) {
	case DW_OP_dup:
		return m->depth < 1 ? -1 :
		    push_typed(m, top[-1].bits, top[-1].type);
	case DW_OP_drop:
		if (m->depth < 1)
			return -1;
		m->depth--;
		return 0;
	case DW_OP_over:
		return m->depth < 2 ? -1 :
		    push_typed(m, top[-2].bits, top[-2].type);
	case DW_OP_pick:
		if (number >= m->depth)
			return -1;
		v = top[-1 - (int)number];
		return push_typed(m, v.bits, v.type);
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

/* Operations on values that have a type of their own. */
static int
typed(struct machine *m, const Dwarf_Op *op)
{
	struct expr_type type = { 0, 0 };
	int is_convert = op->atom == DW_OP_convert ||
	    op->atom == DW_OP_GNU_convert || op->atom == DW_OP_reinterpret ||
	    op->atom == DW_OP_GNU_reinterpret;
	uint64_t value;
	int result = 0;

	if (m->env->type == NULL || m->env->special == NULL)
		return EXPR_WRONG;
	/* To offset 0 means to an address. */
	if (!is_convert || op->number != 0)
		result = m->env->type(m->env->arg, op, &type);
	if (result != 0)
		return result;
	switch (op->atom) {
	case DW_OP_regval_type: case DW_OP_GNU_regval_type:
	case DW_OP_const_type: case DW_OP_GNU_const_type:
		result = op->atom != DW_OP_const_type &&
		    op->atom != DW_OP_GNU_const_type ?
		    push_register(m, op->number, 0) : EXPR_NO_REGISTER;
		if (result == 0) {
			m->stack[m->depth - 1].type = type;
			return 0;
		}
		result = m->env->special(m->env->arg, op, &value);
		return result != 0 ? result : push_typed(m, value, type);
	case DW_OP_deref_type: case DW_OP_GNU_deref_type:
		return dereference(m, op->number, type);
	default:
		if (m->depth == 0)
			return EXPR_WRONG;
		return exprtype_convert(&m->stack[m->depth - 1], type,
		    op->atom == DW_OP_reinterpret ||
		    op->atom == DW_OP_GNU_reinterpret);
	}
}

static int
special(struct machine *m, const Dwarf_Op *op)
{
	uint64_t value;
	int result = EXPR_WRONG;

	if (op->atom == DW_OP_form_tls_address ||
	    op->atom == DW_OP_GNU_push_tls_address) {
		/* The value it takes is handed over in its operand. */
		Dwarf_Op with = *op;

		if (m->depth == 0)
			return EXPR_WRONG;
		with.number = m->stack[--m->depth].bits;
		if (m->env->special != NULL)
			result = m->env->special(m->env->arg, &with, &value);
	} else if (m->env->special != NULL)
		result = m->env->special(m->env->arg, op, &value);
	return result == 0 ? push(m, value) : result;
}

/* One operation that neither branches nor ends. */
static int
run(struct machine *m, const Dwarf_Op *op)
{
	const struct expr_type address = { 0, 0 };
	uint8_t atom = op->atom;

	if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
		return push(m, atom - DW_OP_lit0);
	if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
		return push_register(m, atom - DW_OP_breg0, op->number);
	switch (atom) {
	case DW_OP_nop: case DW_OP_GNU_uninit:
		return 0;
	case DW_OP_addr:
		return push(m, op->number + m->env->bias);
	case DW_OP_const1u: case DW_OP_const1s: case DW_OP_const2u:
	case DW_OP_const2s: case DW_OP_const4u: case DW_OP_const4s:
	case DW_OP_const8u: case DW_OP_const8s: case DW_OP_constu:
	case DW_OP_consts:
		return push(m, op->number);
	case DW_OP_push_object_address:
		return m->env->first == NULL ? EXPR_WRONG :
		    push(m, *m->env->first);
	case DW_OP_bregx:
		return push_register(m, op->number, op->number2);
	case DW_OP_call_frame_cfa:
		return push(m, m->env->cfa);
	case DW_OP_deref:
		return dereference(m, m->env->target->is64 ? 8 : 4, address);
	case DW_OP_deref_size:
		return dereference(m, op->number, address);
	case DW_OP_abs: case DW_OP_neg: case DW_OP_not: case DW_OP_plus_uconst:
		return unary(m, atom, op->number);
	case DW_OP_dup: case DW_OP_drop: case DW_OP_over: case DW_OP_pick:
	case DW_OP_swap: case DW_OP_rot:
		return shuffle(m, atom, op->number);
	case DW_OP_convert: case DW_OP_GNU_convert: case DW_OP_reinterpret:
	case DW_OP_GNU_reinterpret: case DW_OP_regval_type:
	case DW_OP_GNU_regval_type: case DW_OP_deref_type:
	case DW_OP_GNU_deref_type: case DW_OP_const_type:
	case DW_OP_GNU_const_type:
		return typed(m, op);
	case DW_OP_fbreg: case DW_OP_entry_value: case DW_OP_GNU_entry_value:
	case DW_OP_addrx: case DW_OP_constx: case DW_OP_GNU_addr_index:
	case DW_OP_GNU_const_index: case DW_OP_form_tls_address:
	case DW_OP_GNU_push_tls_address: case DW_OP_GNU_parameter_ref:
		return special(m, op);
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

static int
run_all(struct machine *m, const Dwarf_Op *ops, size_t nops, int *is_value)
{
	size_t i = 0;

	for (int steps = 0; i < nops; steps++) {
		const Dwarf_Op *op = &ops[i];
		int result;

		if (steps >= STEPS_MAX)
			return EXPR_WRONG;
		if (op->atom == DW_OP_stack_value) {
			*is_value = 1;
			break;
		}
		if (op->atom == DW_OP_skip || op->atom == DW_OP_bra) {
			if (op->atom == DW_OP_bra && m->depth == 0)
				return EXPR_WRONG;
			if (op->atom == DW_OP_skip ||
			    m->stack[--m->depth].bits != 0) {
				if (branch(ops, nops, i, &i) == -1)
					return EXPR_WRONG;
			} else
				i++;
			continue;
		}
		result = run(m, op);
		if (result != 0)
			return result;
		i++;
	}
	return m->depth == 0 ? EXPR_WRONG : EXPR_DONE;
}

enum expr_result
expr_run(struct expr_env *env, const Dwarf_Op *ops, size_t nops,
    struct expr_value *value, int *is_value)
{
	struct machine m;
	int result;

	m.env = env;
	m.depth = 0;
	*is_value = 0;
	if (env->first != NULL)
		push(&m, *env->first);
	result = run_all(&m, ops, nops, is_value);
	if (result == EXPR_DONE)
		*value = m.stack[m.depth - 1];
	return result;
}

int
expr_evaluate(struct target *t, const struct registers *r, uint64_t cfa,
    const Dwarf_Op *ops, size_t nops, uint64_t *value, int *is_value)
{
	struct expr_env env = { .target = t, .registers = r, .cfa = cfa };
	struct expr_value top;

	if (expr_run(&env, ops, nops, &top, is_value) != EXPR_DONE)
		return -1;
	*value = top.bits;
	return 0;
}
