/* SPDX-License-Identifier: ISC */
#include "frame/cfi.h"

#include <dwarf.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "frame/expr.h"
#include "module/section.h"
#include "target/arch.h"
#include "xalloc.h"

#define BUCKETS 16384			/* a power of two */
#define RULES_MAX 200000

enum kind {
	RULE_UNDEFINED, RULE_SAME, RULE_AT_CFA, RULE_IS_CFA, RULE_REGISTER,
	RULE_EXPRESSION
};

struct rule {
	uint8_t kind, reg;
	uint16_t nops;
	int64_t offset;
	Dwarf_Op *ops;			/* libdw's, as long as the module */
};

/* What the CFI says about one address, in a form that is quick to apply. */
struct row {
	uint64_t address;
	struct row *next;
	Dwarf_Frame *frame;		/* holds the CFA expression; or NULL */
	struct rule cfa;		/* RULE_REGISTER or RULE_EXPRESSION */
	uint8_t has_rules, signal, ra;
	uint8_t nchanges;
	uint8_t change[MAX_REGISTERS];	/* those with a rule that computes */
	uint8_t stays[MAX_REGISTERS];	/* 1: RULE_SAME */
	struct rule rules[];		/* arch->nregisters */
};

struct cfi_cache {
	struct modules *modules;
	size_t count;
	struct row *bucket[BUCKETS];
};

struct cfi_cache *
cfi_cache_new(struct modules *ms)
{
	struct cfi_cache *cache = xcalloc(1, sizeof *cache);

	cache->modules = ms;
	return cache;
}

static void
forget_all(struct cfi_cache *cache)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct row *row = cache->bucket[i];

		while (row != NULL) {
			struct row *next = row->next;

			free(row->frame);
			free(row);
			row = next;
		}
		cache->bucket[i] = NULL;
	}
	cache->count = 0;
}

void
cfi_cache_free(struct cfi_cache *cache)
{
	forget_all(cache);
	free(cache);
}

static Dwarf_Frame *
find_frame(struct modules *ms, struct module *m, uint64_t address)
{
	Dwarf_Frame *frame;
	uint64_t vaddr = address - m->bias;

	if (!m->cfi_tried) {
		m->cfi_tried = 1;
		m->eh_cfi = dwarf_getcfi_elf(m->elf);
		module_begin_debug_once(ms, m);
	}
	if (m->eh_cfi != NULL &&
	    dwarf_cfi_addrframe(m->eh_cfi, vaddr, &frame) == 0)
		return frame;
	/* Only now: .eh_frame mostly has it, and this one has to be waited for. */
	module_open_debug_once(ms, m);
	if (m->debug_cfi == NULL && (m->inflation == NULL ||
	    section_find(m->dwarf_elf, ".debug_frame") != NULL) &&
	    module_dwarf(m) != NULL)
		m->debug_cfi = dwarf_getcfi(m->dwarf);
	if (m->debug_cfi != NULL &&
	    dwarf_cfi_addrframe(m->debug_cfi, vaddr, &frame) == 0)
		return frame;
	return NULL;
}

/*
 * The shapes that libdw gives the common rules: a register at the CFA plus an
 * offset, the CFA plus an offset itself, another register. Anything else is
 * run as an expression.
 */
static void
translate(struct rule *rule, Dwarf_Op *ops, size_t nops, const Dwarf_Op *mem)
{
	size_t n = nops;

	if (nops == 0) {
		rule->kind = ops == mem ? RULE_UNDEFINED : RULE_SAME;
		return;
	}
	rule->kind = RULE_EXPRESSION;
	if (ops[0].atom == DW_OP_call_frame_cfa) {
		int is_value = ops[n - 1].atom == DW_OP_stack_value;

		n -= (size_t)is_value;
		if (n == 1 || (n == 2 && ops[1].atom == DW_OP_plus_uconst)) {
			rule->kind = is_value ? RULE_IS_CFA : RULE_AT_CFA;
			rule->offset = n == 2 ? (int64_t)ops[1].number : 0;
			return;
		}
	} else if (nops == 1 && ops[0].atom == DW_OP_regx &&
	    ops[0].number < MAX_REGISTERS) {
		rule->kind = RULE_REGISTER;
		rule->reg = (uint8_t)ops[0].number;
		return;
	} else if (nops == 1 && ops[0].atom >= DW_OP_reg0 &&
	    ops[0].atom <= DW_OP_reg31) {
		rule->kind = RULE_REGISTER;
		rule->reg = (uint8_t)(ops[0].atom - DW_OP_reg0);
		return;
	}
	rule->nops = nops <= UINT16_MAX ? (uint16_t)nops : 0;
	/* Short ones stand in MEM, which does not last. */
	rule->ops = xreallocarray(NULL, nops, sizeof *ops);
	memcpy(rule->ops, ops, nops * sizeof *ops);
}

/*
 * Of a register without a rule libdw 0.188 tells what the psABI says of calls,
 * but of x86-64 it takes %rax (0) for the one that is kept, instead of %rbx (3).
 */
static void
mend_default(const struct arch *a, int number, struct rule *rule)
{
	if (a->machine != EM_X86_64)
		return;
	if (number == 0 && rule->kind == RULE_SAME)
		rule->kind = RULE_UNDEFINED;
	if (number == 3 && rule->kind == RULE_UNDEFINED)
		rule->kind = RULE_SAME;
}

static int
translate_cfa(struct row *row)
{
	Dwarf_Op *ops;
	size_t nops;

	if (dwarf_frame_cfa(row->frame, &ops, &nops) != 0 || nops == 0 ||
	    nops > UINT16_MAX)
		return -1;
	row->cfa.kind = RULE_EXPRESSION;
	row->cfa.ops = ops;
	row->cfa.nops = (uint16_t)nops;
	if (nops != 1)
		return 0;
	if (ops[0].atom == DW_OP_bregx && ops[0].number < MAX_REGISTERS) {
		row->cfa.kind = RULE_REGISTER;
		row->cfa.reg = (uint8_t)ops[0].number;
		row->cfa.offset = (int64_t)ops[0].number2;
	} else if (ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31) {
		row->cfa.kind = RULE_REGISTER;
		row->cfa.reg = (uint8_t)(ops[0].atom - DW_OP_breg0);
		row->cfa.offset = (int64_t)ops[0].number;
	}
	return 0;
}

static struct row *
make_row(struct cfi_cache *cache, uint64_t address)
{
	struct modules *ms = cache->modules;
	const struct arch *a = ms->target->arch;
	struct module *m = modules_at(ms, address);
	struct row *row = xcalloc(1, sizeof *row +
	    a->nregisters * sizeof row->rules[0]);
	bool signal = false;
	int ra;

	row->address = address;
	if (m == NULL || module_open(ms, m) == -1)
		return row;
	row->frame = find_frame(ms, m, address);
	if (row->frame == NULL)
		return row;
	ra = dwarf_frame_info(row->frame, NULL, NULL, &signal);
	if (ra < 0 || ra >= MAX_REGISTERS || ra >= a->nregisters ||
	    translate_cfa(row) == -1)
		return row;
	row->ra = (uint8_t)ra;
	row->signal = signal;
	for (int i = 0; i < a->nregisters; i++) {
		Dwarf_Op mem[3], *ops;
		size_t nops;

		if (dwarf_frame_register(row->frame, i, mem, &ops, &nops) == 0)
			translate(&row->rules[i], ops, nops, mem);
		mend_default(a, i, &row->rules[i]);
		if (row->rules[i].kind == RULE_SAME)
			row->stays[i] = 1;
		else if (row->rules[i].kind != RULE_UNDEFINED)
			row->change[row->nchanges++] = (uint8_t)i;
	}
	row->has_rules = 1;
	return row;
}

static const struct row *
find_row(struct cfi_cache *cache, uint64_t address)
{
	size_t i = (size_t)((address ^ address >> 14) & (BUCKETS - 1));
	struct row *row;

	for (row = cache->bucket[i]; row != NULL; row = row->next)
		if (row->address == address)
			return row;
	if (cache->count >= RULES_MAX)
		forget_all(cache);
	row = make_row(cache, address);
	row->next = cache->bucket[i];
	cache->bucket[i] = row;
	cache->count++;
	return row;
}

/* Returns 0, -1 when it is unknown, -2 when memory is not there. */
static int
apply(struct target *t, const struct rule *rule, const struct registers *in,
    uint64_t cfa, uint64_t *value)
{
	int is_value;

	switch (rule->kind) {
	case RULE_AT_CFA:
		return target_slot(t, cfa + (uint64_t)rule->offset, value) ==
		    0 ? 0 : -2;
	case RULE_IS_CFA:
		*value = cfa + (uint64_t)rule->offset;
		return 0;
	case RULE_REGISTER:
		*value = in->value[rule->reg];
		return in->known[rule->reg] ? 0 : -1;
	case RULE_EXPRESSION:
		if (expr_evaluate(t, in, cfa, rule->ops, rule->nops, value,
		    &is_value) == -1)
			return -1;
		return is_value || target_slot(t, *value, value) == 0 ? 0 : -2;
	default:
		return -1;
	}
}

static int
find_cfa(struct target *t, const struct row *row, const struct registers *in,
    uint64_t *cfa)
{
	int is_value;

	if (row->cfa.kind == RULE_EXPRESSION)
		return expr_evaluate(t, in, 0, row->cfa.ops, row->cfa.nops,
		    cfa, &is_value);
	if (!in->known[row->cfa.reg])
		return -1;
	*cfa = in->value[row->cfa.reg] + (uint64_t)row->cfa.offset;
	if (!t->is64)
		*cfa &= UINT32_MAX;
	return 0;
}

enum cfi_result
cfi_step(struct cfi_cache *cache, uint64_t lookup, const struct registers *in,
    struct registers *out, uint64_t *cfa, int *signal)
{
	struct target *t = cache->modules->target;
	const struct arch *a = t->arch;
	const struct row *row = find_row(cache, lookup);
	const struct rule *ra;
	uint64_t pc;

	if (!row->has_rules)
		return CFI_NONE;
	if (find_cfa(t, row, in, cfa) == -1)
		return CFI_UNREADABLE;
	*signal = row->signal;
	ra = &row->rules[row->ra];
	if (ra->kind == RULE_UNDEFINED)
		return CFI_OUTERMOST;
	memcpy(out->value, in->value, a->nregisters * sizeof in->value[0]);
	for (int i = 0; i < a->nregisters; i++)
		out->known[i] = in->known[i] & row->stays[i];
	for (int n = 0; n < row->nchanges; n++) {
		int i = row->change[n];

		out->known[i] = apply(t, &row->rules[i], in, *cfa,
		    &out->value[i]) == 0;
	}
	/* Where the stack pointer has no rule of its own, or one that leads to
	   what is not in the core, the CFA is what it was before the call (each
	   psABI but s390's, whose callers leave room for the registers between
	   the two). */
	if (row->rules[a->sp].kind == RULE_SAME || !out->known[a->sp]) {
		out->value[a->sp] = *cfa - (a->machine != EM_S390 ? 0 :
		    t->is64 ? 160 : 96);
		out->known[a->sp] = 1;
	}
	if (!out->known[row->ra])
		return CFI_UNREADABLE;
	pc = out->value[row->ra];
	out->pc = pc == 0 ? 0 : (pc + a->after_call) & t->address_mask;
	return CFI_STEPPED;
}
