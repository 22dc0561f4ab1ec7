/* SPDX-License-Identifier: ISC */
#include "value/passed.h"

#include <dwarf.h>
#include <string.h>

#include "frame/calltarget.h"
#include "symbol/callsite.h"
#include "value/evaluate.h"

#define SITES_MAX 100000
#define TAIL_CALLS_MAX 200
#define TAIL_LEVELS 4			/* in each of these */

struct wanted {
	Dwarf_Addr return_pc;
	Dwarf_Die site;
};

static int
matches(void *arg, Dwarf_Die *site)
{
	struct wanted *w = arg;
	Dwarf_Addr pc;
	int is_after;

	if (callsite_pc(site, &pc, &is_after) == -1 || pc != w->return_pc)
		return 0;
	w->site = *site;
	return 1;
}

struct tail {
	const struct scene *scene;
	int budget, calls, is_found;
};

/*
 * A function that may have come to itself again by a jump was passed something
 * else by then than its caller's call says.
 */
static int
may_return_to(void *arg, Dwarf_Die *site)
{
	struct tail *t = arg;
	Dwarf_Die to, self = t->scene->function;

	if (!callsite_is_tail(site))
		return 0;
	if (t->calls++ >= TAIL_CALLS_MAX || callsite_callee(site, &to) == -1 ||
	    callsite_same_function(&to, &self))
		t->is_found = 1;
	else
		callsite_each(&to, TAIL_LEVELS, &t->budget, may_return_to, t);
	return t->is_found;
}

static int
may_call_itself(const struct scene *s)
{
	struct tail t = { .scene = s, .budget = SITES_MAX };
	Dwarf_Die function = s->function;

	callsite_each(&function, CALLSITE_LEVELS, &t.budget, may_return_to, &t);
	return t.is_found || t.budget <= 0;
}

/* What is asked for: a register, or a parameter when that is not NULL. */
struct passed {
	uint64_t number;
	const void *parameter;		/* libdw's address of it */
};

static int
is_passed(Dwarf_Die *die, const struct passed *what)
{
	Dwarf_Attribute attr;
	Dwarf_Die parameter;
	Dwarf_Op *ops;
	size_t n;

	if (what->parameter != NULL)
		return (dwarf_attr(die, DW_AT_call_parameter, &attr) != NULL ||
		    dwarf_attr(die, DW_AT_abstract_origin, &attr) != NULL) &&
		    dwarf_formref_die(&attr, &parameter) != NULL &&
		    parameter.addr == what->parameter;
	return dwarf_attr(die, DW_AT_location, &attr) != NULL &&
	    dwarf_getlocation(&attr, &ops, &n) == 0 && n == 1 &&
	    (ops[0].atom == DW_OP_regx ? ops[0].number == what->number :
	    what->number < 32 && ops[0].atom == DW_OP_reg0 + what->number);
}

static int
find_parameter(Dwarf_Die *site, const struct passed *what,
    Dwarf_Attribute *value)
{
	Dwarf_Die die;

	if (dwarf_child(site, &die) != 0)
		return -1;
	do {
		if (!is_passed(&die, what))
			continue;
		return dwarf_attr(&die, DW_AT_call_value, value) != NULL ||
		    dwarf_attr(&die, DW_AT_GNU_call_site_value, value) !=
		    NULL ? 0 : -1;
	} while (dwarf_siblingof(&die, &die) == 0);
	return -1;
}

/*
 * Is it the function of S that SITE, in CALLER, calls? Where that is computed,
 * it may have been another one, which ended in a jump.
 */
static int
calls(const struct scene *caller, Dwarf_Die *site, const struct scene *s)
{
	Dwarf_Die to, self = s->function, from = caller->function;
	Dwarf_Attribute attr;
	Dwarf_Addr entry, begin;
	Dwarf_Op *ops;
	struct expr_value top;
	uint64_t bad, called;
	size_t nops;
	int is_value;

	if (callsite_callee(site, &to) == 0 &&
	    callsite_same_function(&to, &self))
		return 1;
	if (dwarf_entrypc(&self, &entry) != 0)
		return 0;
	entry += s->module->bias;
	/* It may have several names. */
	called = callsite_is_tail(site) ? 0 : calltarget_of(s->modules,
	    caller->stack->frame[caller->index].pc);
	begin = dwarf_entrypc(&from, &begin) != 0 ? 0 :
	    begin + caller->module->bias;
	if (called != 0 &&
	    calltarget_beyond(s->modules, called, begin) == entry)
		return 1;
	return (dwarf_attr(site, DW_AT_call_target, &attr) != NULL ||
	    dwarf_attr(site, DW_AT_GNU_call_site_target, &attr) != NULL) &&
	    dwarf_getlocation(&attr, &ops, &nops) == 0 && nops > 0 &&
	    evaluate(caller, &attr, ops, nops, NULL, &top, &is_value,
	    &bad) == EXPR_DONE && top.bits == entry;
}

static enum expr_result
find_value(const struct scene *s, const struct passed *what, uint64_t *value)
{
	struct scene caller = *s;
	struct wanted want = { 0 };
	const struct frame *f;
	int budget = SITES_MAX, is_value;
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	struct expr_value top;
	enum expr_result result;
	uint64_t bad;
	size_t nops;

	caller.index++;
	if (caller.index >= s->stack->nactivations)
		return EXPR_NO_VALUE;
	f = &s->stack->frame[caller.index];
	if (f->is_trampoline || f->trust != TRUST_CFI ||
	    s->stack->frame[s->index].is_trampoline ||
	    s->function_at(s->arg, f->lookup, &caller.module,
	    &caller.function) == -1)
		return EXPR_NO_VALUE;
	caller.pc = f->lookup - caller.module->bias;
	want.return_pc = f->pc - caller.module->bias;
	if (!callsite_each(&caller.function, CALLSITE_LEVELS, &budget, matches,
	    &want) ||
	    !calls(&caller, &want.site, s) ||
	    find_parameter(&want.site, what, &attr) == -1 ||
	    dwarf_getlocation(&attr, &ops, &nops) != 0 || nops == 0 ||
	    may_call_itself(s))
		return EXPR_NO_VALUE;
	result = evaluate(&caller, &attr, ops, nops, NULL, &top, &is_value,
	    &bad);
	if (result != EXPR_DONE)
		return result;
	*value = top.bits;
	return EXPR_DONE;
}

enum expr_result
passed_register(const struct scene *s, uint64_t number, uint64_t *value)
{
	const struct passed what = { number, NULL };

	return find_value(s, &what, value);
}

enum expr_result
passed_parameter(const struct scene *s, Dwarf_Die *parameter,
    uint64_t *value)
{
	const struct passed what = { 0, parameter->addr };

	return find_value(s, &what, value);
}
