/* SPDX-License-Identifier: ISC */
/* DWARF expressions (DWARF 5, section 2.5) over a frame's registers. */
#ifndef CORE_UNWIND_EXPR_H
#define CORE_UNWIND_EXPR_H

#include <elfutils/libdw.h>

#include <stdint.h>

#include "target/target.h"

enum expr_result {
	EXPR_DONE = 0,
	EXPR_WRONG = -1,		/* an operation that has no place here,
					   or a loop without end */
	EXPR_NO_REGISTER = -2,		/* a register that is not known */
	EXPR_NO_MEMORY = -3,		/* memory that is not there */
	EXPR_NO_VALUE = -4,		/* what was passed is not known */
	EXPR_NO_STORAGE = -5		/* thread-local, and nobody knows where */
};

/* A base type that a value of the stack may have; SIZE 0: an address. */
struct expr_type {
	uint8_t encoding, size;		/* DW_ATE_* */
};

struct expr_value {
	uint64_t bits;
	struct expr_type type;
};

/*
 * What an expression is evaluated for. SPECIAL is called for operations that
 * the caller alone can do, which leave one value; TYPE for the base type that one
 * names. Both may be NULL; both return an expr_result.
 */
struct expr_env {
	struct target *target;
	const struct registers *registers;
	uint64_t cfa;
	uint64_t bias;			/* of the addresses in it */
	int (*special)(void *arg, const Dwarf_Op *op, uint64_t *value);
	int (*type)(void *arg, const Dwarf_Op *op, struct expr_type *type);
	void *arg;
	const uint64_t *first;		/* on the stack from the start, or NULL;
					   the object's address */
	uint64_t bad_address;		/* set with EXPR_NO_MEMORY */
};

/*
 * The value on top of the stack after OPS ran, in *VALUE; *IS_VALUE says that
 * DW_OP_stack_value ended it, else *VALUE is an address.
 */
enum expr_result expr_run(struct expr_env *env, const Dwarf_Op *ops,
    size_t nops, struct expr_value *value, int *is_value);

/* The same for call frame information. CFA feeds DW_OP_call_frame_cfa. Returns
   0, or -1. */
int expr_evaluate(struct target *t, const struct registers *r, uint64_t cfa,
    const Dwarf_Op *ops, size_t nops, uint64_t *value, int *is_value);

#endif
