/* SPDX-License-Identifier: ISC */
#include "frame/exprtype.h"

#include <dwarf.h>
#include <math.h>
#include <string.h>

static int
is_signed(struct expr_type type)
{
	return type.encoding == DW_ATE_signed ||
	    type.encoding == DW_ATE_signed_char;
}

uint64_t
exprtype_extend(const struct expr_value *v)
{
	unsigned unused;

	if (v->type.size == 0 || v->type.size >= 8)
		return v->bits;
	unused = 64 - 8U * v->type.size;
	if (is_signed(v->type))
		return (uint64_t)((int64_t)(v->bits << unused) >> unused);
	return v->bits << unused >> unused;
}

static double
to_double(const struct expr_value *v)
{
	uint32_t half = (uint32_t)v->bits;
	double d;
	float f;

	if (v->type.encoding != DW_ATE_float)
		return is_signed(v->type) ? (double)(int64_t)exprtype_extend(v)
		    : (double)exprtype_extend(v);
	if (v->type.size == sizeof f) {
		memcpy(&f, &half, sizeof f);
		return f;
	}
	memcpy(&d, &v->bits, sizeof d);
	return d;
}

/* V's type says which of the two sizes. */
static void
from_double(struct expr_value *v, double d)
{
	uint32_t half;
	float f;

	if (v->type.size == sizeof d) {
		memcpy(&v->bits, &d, sizeof d);
		return;
	}
	/* Too large for a float is infinite there: IEEE 754 has it so. */
	f = d > 3.5e38 ? __builtin_inff() : d < -3.5e38 ? -__builtin_inff() :
	    (float)d;
	memcpy(&half, &f, sizeof half);
	v->bits = half;
}

int
exprtype_convert(struct expr_value *v, struct expr_type to, int reinterpret)
{
	double d;

	if (to.size > 8 || (to.encoding == DW_ATE_float && to.size != 4 &&
	    to.size != 8))
		return EXPR_WRONG;
	if (reinterpret || (to.encoding != DW_ATE_float &&
	    v->type.encoding != DW_ATE_float)) {
		v->bits = exprtype_extend(v);
		v->type = to;
		v->bits = exprtype_extend(v);
		return EXPR_DONE;
	}
	d = to_double(v);
	v->type = to;
	if (to.encoding == DW_ATE_float)
		from_double(v, d);
	else if (d > -9.2e18 && d < 9.2e18)
		v->bits = (uint64_t)(int64_t)d;
	else
		return EXPR_WRONG;
	return EXPR_DONE;
}

int
exprtype_unary(struct expr_value *v, uint8_t atom)
{
	double d = to_double(v);

	if (atom != DW_OP_neg && atom != DW_OP_abs)
		return EXPR_WRONG;
	from_double(v, atom == DW_OP_neg || d < 0 ? -d : d);
	return EXPR_DONE;
}

int
exprtype_binary(struct expr_value *v, uint8_t atom)
{
	double a = to_double(&v[0]), b = to_double(&v[1]);

	switch (atom) {
	case DW_OP_plus:
		from_double(v, a + b);
		return EXPR_DONE;
	case DW_OP_minus:
		from_double(v, a - b);
		return EXPR_DONE;
	case DW_OP_mul:
		from_double(v, a * b);
		return EXPR_DONE;
	case DW_OP_div:
		from_double(v, b != 0 ? a / b : a == 0 || a != a ?
		    __builtin_nan("") : (a > 0) == !signbit(b) ?
		    __builtin_inf() : -__builtin_inf());
		return EXPR_DONE;
	default:
		break;
	}
	switch (atom) {
	case DW_OP_eq:
		v->bits = a == b;
		break;
	case DW_OP_ne:
		v->bits = a != b;
		break;
	case DW_OP_lt:
		v->bits = a < b;
		break;
	case DW_OP_le:
		v->bits = a <= b;
		break;
	case DW_OP_gt:
		v->bits = a > b;
		break;
	case DW_OP_ge:
		v->bits = a >= b;
		break;
	default:
		return EXPR_WRONG;
	}
	v->type = (struct expr_type){ 0, 0 };
	return EXPR_DONE;
}
