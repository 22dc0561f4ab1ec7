/* SPDX-License-Identifier: ISC */
/*
 * Where a variable is in one frame, and its bytes: in memory, in registers, in
 * pieces of both, computed, or gone (DWARF 5, section 2.6).
 */
#ifndef CORE_UNWIND_LOCATION_H
#define CORE_UNWIND_LOCATION_H

#include <elfutils/libdw.h>

#include <stddef.h>
#include <stdint.h>

#include "frame/unwind.h"
#include "module/module.h"
#include "target/target.h"

/* A frame, as an expression sees it. */
struct scene {
	struct modules *modules;
	struct module *module;
	const struct thread *thread;
	const struct stack *stack;
	size_t index;			/* in STACK */
	Dwarf_Die function;		/* the one that was not inlined */
	Dwarf_Addr pc;			/* where to look: as the file has it */
	/* The DWARF of the function at another frame's pc, for what its callee
	   was passed. Returns 0, or -1. */
	int (*function_at)(void *arg, uint64_t address, struct module **m,
	    Dwarf_Die *function);
	void *arg;
};

enum byte_state {
	BYTE_KNOWN, BYTE_OPTIMIZED_OUT, BYTE_NOT_SAVED, BYTE_UNAVAILABLE,
	BYTE_SYNTHETIC
};

#define VALUE_MAX 65536			/* bytes of one that are looked at */

struct value {
	unsigned char *bytes;		/* in the process's order */
	size_t len;
	unsigned char *state;		/* enum byte_state of each; NULL: all
					   are known */
	unsigned char *unknown;		/* of a byte that is not known, the bits
					   that are not: those of NULL, all */
	int is_gone;			/* no place is said for it */
	int has_address;
	uint64_t address;
	int is_unreadable;		/* memory is not there, from: */
	uint64_t bad_address;
	int is_implicit;		/* a pointer to this, there is none: */
	Dwarf_Die pointed;
	uint64_t offset;		/* in POINTED */
};

/* Nothing is known of LEN bytes but STATE. */
void value_make(struct value *v, size_t len, enum byte_state state);
void value_release(struct value *v);

/* LEN bytes of memory at ADDRESS. */
void value_at(const struct scene *s, uint64_t address, size_t len,
    struct value *v);

/* The variable or parameter DIE, of SIZE bytes, as it is in S. */
void location_read(const struct scene *s, Dwarf_Die *die, size_t size,
    struct value *v);

/*
 * What a parameter was when S was called, if the caller's DWARF tells. Returns
 * 0, or -1.
 */
int location_read_entry(const struct scene *s, Dwarf_Die *die, size_t size,
    struct value *v);

/*
 * A number that an attribute (DW_AT_upper_bound, DW_AT_data_member_location)
 * holds as a constant, an expression, or the variable that has it. OBJECT is
 * on the expression's stack from the start, when not NULL. Returns 0, or -1.
 */
int location_number(const struct scene *s, Dwarf_Die *die, unsigned attribute,
    const uint64_t *object, uint64_t *value);

#endif
