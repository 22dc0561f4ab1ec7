/* SPDX-License-Identifier: ISC */
#include "callsite.h"

#include <dwarf.h>
#include <string.h>

#include "dwtype.h"
#include "evaluate.h"

#define DEPTH_MAX 64			/* of blocks and inlined calls */
#define SITES_MAX 100000
#define TAIL_CALLS_MAX 200

static int
is_call_site(int tag)
{
	return tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site;
}

/* Calls VISIT for each call site below PARENT until it returns nonzero. */
static int
each_site(Dwarf_Die *parent, int depth, int *budget,
    int (*visit)(void *arg, Dwarf_Die *site), void *arg)
{
	Dwarf_Die die;

	if (depth >= DEPTH_MAX || dwarf_child(parent, &die) != 0)
		return 0;
	do {
		int tag = dwarf_tag(&die);

		if ((*budget)-- <= 0)
			return 0;
		if (is_call_site(tag)) {
			if (visit(arg, &die))
				return 1;
		} else if ((tag == DW_TAG_lexical_block ||
		    tag == DW_TAG_inlined_subroutine) &&
		    each_site(&die, depth + 1, budget, visit, arg))
			return 1;
	} while (dwarf_siblingof(&die, &die) == 0);
	return 0;
}

struct wanted {
	Dwarf_Addr return_pc;
	Dwarf_Die site;
};

static int
matches(void *arg, Dwarf_Die *site)
{
	struct wanted *w = arg;
	Dwarf_Attribute attr;
	Dwarf_Addr pc;

	if (dwarf_attr(site, dwarf_tag(site) == DW_TAG_call_site ?
	    DW_AT_call_return_pc : DW_AT_low_pc, &attr) == NULL ||
	    dwarf_formaddr(&attr, &pc) != 0 || pc != w->return_pc)
		return 0;
	w->site = *site;
	return 1;
}

static int
is_tail_call(Dwarf_Die *site)
{
	return dwtype_flag(site, DW_AT_call_tail_call) ||
	    dwtype_flag(site, DW_AT_GNU_tail_call);
}

/* The function that SITE calls, when it is said. */
static int
callee(Dwarf_Die *site, Dwarf_Die *function)
{
	Dwarf_Attribute attr;

	return (dwarf_attr(site, DW_AT_call_origin, &attr) != NULL ||
	    dwarf_attr(site, DW_AT_abstract_origin, &attr) != NULL) &&
	    dwarf_formref_die(&attr, function) != NULL ? 0 : -1;
}

static const char *
linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attr;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attr) != NULL ||
	    dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attr) !=
	    NULL || dwarf_attr_integrate(die, DW_AT_name, &attr) != NULL)
		return dwarf_formstring(&attr);
	return NULL;
}

static int
same_function(Dwarf_Die *a, Dwarf_Die *b)
{
	const char *x = linkage_name(a), *y = linkage_name(b);

	return x != NULL && y != NULL && strcmp(x, y) == 0;
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

	if (!is_tail_call(site))
		return 0;
	if (t->calls++ >= TAIL_CALLS_MAX || callee(site, &to) == -1 ||
	    same_function(&to, &self))
		t->is_found = 1;
	else
		each_site(&to, DEPTH_MAX - 4, &t->budget, may_return_to, t);
	return t->is_found;
}

static int
may_call_itself(const struct scene *s)
{
	struct tail t = { .scene = s, .budget = SITES_MAX };
	Dwarf_Die function = s->function;

	each_site(&function, 0, &t.budget, may_return_to, &t);
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

static enum expr_result
find_value(const struct scene *s, const struct passed *what, uint64_t *value)
{
	struct scene caller = *s;
	struct wanted want = { 0 };
	const struct frame *f;
	int budget = SITES_MAX, is_value;
	Dwarf_Attribute attr;
	Dwarf_Die to, self = s->function;
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
	if (!each_site(&caller.function, 0, &budget, matches, &want) ||
	    (callee(&want.site, &to) == 0 && !same_function(&to, &self)) ||
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
callsite_value(const struct scene *s, uint64_t number, uint64_t *value)
{
	const struct passed what = { number, NULL };

	return find_value(s, &what, value);
}

enum expr_result
callsite_parameter(const struct scene *s, Dwarf_Die *parameter,
    uint64_t *value)
{
	const struct passed what = { 0, parameter->addr };

	return find_value(s, &what, value);
}
