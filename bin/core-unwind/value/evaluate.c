/* SPDX-License-Identifier: ISC */
#include "value/evaluate.h"

#include <dwarf.h>

#include "symbol/dwtype.h"
#include "target/arch.h"
#include "target/vector.h"
#include "value/passed.h"
#include "symbol/tls.h"

/* A frame's base may ask for what was passed, which asks for a base … */
#define NESTED_MAX 16

struct nest {
	const struct scene *scene;
	Dwarf_Attribute *attr;
};

static int nested;

static int
frame_base(const struct scene *s, uint64_t *value)
{
	Dwarf_Die function = s->function;
	const struct registers *r = &s->stack->activation[s->index].registers;
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	struct expr_value top;
	size_t nops;
	uint64_t bad, n;
	int is_value, result;

	if (function.addr == NULL || dwarf_attr_integrate(&function,
	    DW_AT_frame_base, &attr) == NULL || dwarf_getlocation_addr(&attr,
	    s->pc, &ops, &nops, 1) != 1 || nops == 0)
		return EXPR_WRONG;
	if (nops == 1 && ((ops[0].atom >= DW_OP_reg0 &&
	    ops[0].atom <= DW_OP_reg31) || ops[0].atom == DW_OP_regx)) {
		n = ops[0].atom == DW_OP_regx ? ops[0].number :
		    (uint64_t)(ops[0].atom - DW_OP_reg0);
		if (n >= MAX_REGISTERS || !r->known[n])
			return EXPR_NO_REGISTER;
		*value = r->value[n];
		return EXPR_DONE;
	}
	result = evaluate(s, &attr, ops, nops, NULL, &top, &is_value, &bad);
	if (result == EXPR_DONE)
		*value = top.bits;
	return result;
}

/* What the operand of DW_OP_entry_value was when the function was called. */
static int
entry_value(const struct nest *n, const Dwarf_Op *op, uint64_t *value)
{
	Dwarf_Attribute inner;
	Dwarf_Op *ops;
	size_t nops;

	if (dwarf_getlocation_attr(n->attr, op, &inner) != 0 ||
	    dwarf_getlocation(&inner, &ops, &nops) != 0 || nops != 1)
		return EXPR_WRONG;
	if (ops[0].atom >= DW_OP_reg0 && ops[0].atom <= DW_OP_reg31)
		return passed_register(n->scene, ops[0].atom - DW_OP_reg0,
		    value);
	if (ops[0].atom == DW_OP_regx ||
	    ops[0].atom == DW_OP_regval_type ||
	    ops[0].atom == DW_OP_GNU_regval_type)
		return passed_register(n->scene, ops[0].number, value);
	return EXPR_NO_VALUE;
}

/* An address or a number by its index in the unit's table. */
static int
indexed(const struct nest *n, const Dwarf_Op *op, uint64_t *value)
{
	Dwarf_Attribute result;
	Dwarf_Addr address;
	Dwarf_Word number;

	if (dwarf_getlocation_attr(n->attr, op, &result) != 0)
		return EXPR_WRONG;
	if (op->atom == DW_OP_addrx || op->atom == DW_OP_GNU_addr_index) {
		if (dwarf_formaddr(&result, &address) != 0)
			return EXPR_WRONG;
		*value = address + n->scene->module->bias;
		return EXPR_DONE;
	}
	if (dwarf_formudata(&result, &number) == 0)
		*value = number;
	else if (dwarf_formaddr(&result, &address) == 0)
		*value = address;
	else
		return EXPR_WRONG;
	return EXPR_DONE;
}

/* A constant with a base type: up to 8 bytes of it. */
static int
typed_constant(const struct nest *n, const Dwarf_Op *op, uint64_t *value)
{
	const struct target *t = n->scene->modules->target;
	Dwarf_Attribute attr;
	Dwarf_Block block;

	if (dwarf_getlocation_attr(n->attr, op, &attr) != 0 ||
	    dwarf_formblock(&attr, &block) != 0)
		return EXPR_WRONG;
	switch (block.length) {
	case 1:
		*value = block.data[0];
		return EXPR_DONE;
	case 2:
		*value = target_u16(t, block.data);
		return EXPR_DONE;
	case 4:
		*value = target_u32(t, block.data);
		return EXPR_DONE;
	case 8:
		*value = target_u64(t, block.data);
		return EXPR_DONE;
	default:
		return EXPR_WRONG;
	}
}

static int
special(void *arg, const Dwarf_Op *op, uint64_t *value)
{
	const struct nest *n = arg;
	const struct scene *s = n->scene;
	unsigned char bytes[VECTOR_MAX];
	Dwarf_Die parameter;
	uint64_t base;
	size_t len;
	int result;

	switch (op->atom) {
	case DW_OP_fbreg:
		result = frame_base(s, &base);
		if (result == EXPR_DONE)
			*value = base + op->number;
		return result;
	case DW_OP_entry_value: case DW_OP_GNU_entry_value:
		return entry_value(n, op, value);
	case DW_OP_regval_type: case DW_OP_GNU_regval_type:
		if (s->index != 0 || vector_register(s->modules->target,
		    s->thread, op->number, bytes, &len) == -1 || len < 8)
			return EXPR_NO_REGISTER;
		*value = target_u64(s->modules->target, bytes);
		return EXPR_DONE;
	case DW_OP_GNU_parameter_ref:
		if (dwarf_getlocation_die(n->attr, op, &parameter) != 0)
			return EXPR_WRONG;
		return passed_parameter(s, &parameter, value);
	case DW_OP_const_type: case DW_OP_GNU_const_type:
		return typed_constant(n, op, value);
	case DW_OP_form_tls_address: case DW_OP_GNU_push_tls_address:
		return tls_address(s->modules, s->module, s->thread,
		    op->number, value) == 0 ? EXPR_DONE :
		    EXPR_NO_STORAGE;
	default:
		return indexed(n, op, value);
	}
}

static int
base_type(void *arg, const Dwarf_Op *op, struct expr_type *type)
{
	const struct nest *n = arg;
	uint64_t size;
	Dwarf_Die die;

	if (dwarf_getlocation_die(n->attr, op, &die) != 0 ||
	    dwtype_number(&die, DW_AT_byte_size, &size) == -1 || size > 16)
		return EXPR_WRONG;
	type->encoding = (uint8_t)dwtype_encoding(&die);
	type->size = (uint8_t)size;
	return EXPR_DONE;
}

enum expr_result
evaluate(const struct scene *s, Dwarf_Attribute *attr, const Dwarf_Op *ops,
    size_t nops, const uint64_t *object, struct expr_value *value,
    int *is_value, uint64_t *bad)
{
	const struct activation *a = &s->stack->activation[s->index];
	struct nest n = { s, attr };
	struct expr_env env = {
		.target = s->modules->target, .registers = &a->registers,
		.cfa = a->cfa, .bias = s->module->bias, .special = special,
		.type = base_type, .arg = &n, .first = object
	};
	enum expr_result result;

	if (nested >= NESTED_MAX)
		return EXPR_WRONG;
	for (size_t i = 0; !a->has_cfa && i < nops; i++)
		if (ops[i].atom == DW_OP_call_frame_cfa)
			return EXPR_NO_REGISTER;
	nested++;
	result = expr_run(&env, ops, nops, value, is_value);
	nested--;
	*bad = env.bad_address;
	return result;
}
