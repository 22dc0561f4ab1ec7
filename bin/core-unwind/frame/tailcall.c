/* SPDX-License-Identifier: ISC */
#include "frame/tailcall.h"

#include <dwarf.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "frame/calltarget.h"
#include "symbol/around.h"
#include "symbol/callsite.h"
#include "symbol/dwtype.h"
#include "symbol/funcname.h"
#include "target/arch.h"
#include "xalloc.h"

#define CHAIN_MAX 32			/* jumps from one frame to the next */
#define JUMPS_MAX 2000			/* looked at between two frames */
#define ENTRIES_MAX 200000		/* of DWARF, the same */
#define SEARCHES_MAX 500		/* of a report */
#define SLOTS 1021			/* a prime */

/* A function with the tail calls that are in it. */
struct function {
	const void *asked;		/* the entry it was found for */
	struct module *module;
	Dwarf_Die die;
	uint64_t entry;			/* 0: it is not here */
};

struct jump {
	uint64_t pc, lookup;
};

/* From the function that was called to the one that is there. */
struct jumps {
	uint64_t callee, return_pc;	/* what it was searched for */
	size_t count;
	struct jump jump[CHAIN_MAX];	/* innermost first */
};

struct search {
	struct crash *crash;
	struct arounds *arounds;
	volatile const int *expired;
	struct jumps *slot[SLOTS];	/* by hash; the last one found stays */
	struct function *known;
	size_t nknown, known_cap;
	int searches;
};

/* One search. */
struct trail {
	struct search *search;
	const struct symbol *callee;
	char *plain;			/* its name, of a C function */
	struct jump path[CHAIN_MAX];	/* outermost first */
	size_t depth;
	struct jump best[CHAIN_MAX];	/* the first way that led there */
	size_t length, callers, callees;	/* of it all ways share: its
						   beginning, its end */
	int found, jumps, entries, is_vague;
};

static uint64_t
first_address(Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;

	if (dwarf_lowpc(die, &start) == 0 ||
	    dwarf_ranges(die, 0, &base, &start, &end) > 0)
		return start;
	return 0;
}

/* The instance of ORIGIN that has code, in its own unit. */
static int
find_instance(Dwarf_Die *origin, Dwarf_Die *die)
{
	static const unsigned links[] = {
		DW_AT_abstract_origin, DW_AT_specification
	};
	Dwarf_Die unit, target;
	Dwarf_Attribute attr;
	int budget = ENTRIES_MAX;

	if (dwarf_diecu(origin, &unit, NULL, NULL) == NULL ||
	    dwarf_child(&unit, die) != 0)
		return -1;
	do {
		if (dwarf_tag(die) != DW_TAG_subprogram)
			continue;
		for (size_t i = 0; i < 2; i++)
			if (dwarf_attr(die, links[i], &attr) != NULL &&
			    dwarf_formref_die(&attr, &target) != NULL &&
			    target.addr == origin->addr &&
			    first_address(die) != 0)
				return 0;
	} while (budget-- > 0 && dwarf_siblingof(die, die) == 0);
	return -1;
}

/* Is it the code of ORIGIN that is at AT? */
static int
find_at(struct search *s, uint64_t at, Dwarf_Die *origin, struct function *f)
{
	struct module *m;
	Dwarf_Die die;

	if (at == 0 || arounds_function(s->arounds, at, &m, &die) == -1 ||
	    !callsite_same_function(&die, origin))
		return -1;
	f->module = m;
	f->die = die;
	f->entry = first_address(&die) + m->bias;
	return 0;
}

/*
 * The code of ORIGIN, whatever that is: where the jump to it goes (REAL), which
 * may be another file's; here, in its unit, in another one.
 */
static void
find_function(struct search *s, struct module *m, Dwarf_Die *origin,
    uint64_t real, struct function *f)
{
	struct modules *ms = &s->crash->modules;
	const char *name = callsite_linkage_name(origin);

	f->asked = origin->addr;
	f->module = m;
	f->die = *origin;
	if (find_at(s, real, origin, f) == 0 && f->entry == real)
		return;
	f->entry = 0;
	f->module = m;
	f->die = *origin;
	if (first_address(&f->die) != 0 || find_instance(origin, &f->die) == 0)
		f->entry = first_address(&f->die) + m->bias;
	else if (name != NULL && dwtype_flag(origin, DW_AT_external))
		find_at(s, symbols_address(ms, m, name, NULL), origin, f);
}

static struct function
function_of(struct search *s, struct module *m, Dwarf_Die *origin,
    uint64_t real)
{
	for (size_t i = s->nknown; i > 0; i--)
		if (s->known[i - 1].asked == origin->addr)
			return s->known[i - 1];
	xgrow(&s->known, &s->known_cap, s->nknown, sizeof *s->known);
	memset(&s->known[s->nknown], 0, sizeof *s->known);
	find_function(s, m, origin, real, &s->known[s->nknown]);
	return s->known[s->nknown++];
}

static int
is_callee(const struct trail *t, Dwarf_Die *die)
{
	const char *name = callsite_linkage_name(die);

	return name != NULL && ((t->callee->elf_name != NULL &&
	    strcmp(name, t->callee->elf_name) == 0) ||
	    (t->plain != NULL && strcmp(name, t->plain) == 0));
}

/* A way was found: what does it share with the others? */
static void
take_way(struct trail *t)
{
	size_t same = 0;

	if (!t->found) {
		memcpy(t->best, t->path, t->depth * sizeof *t->path);
		t->length = t->callers = t->callees = t->depth;
		t->found = 1;
		return;
	}
	while (same < t->callers && same < t->depth &&
	    t->path[same].pc == t->best[same].pc)
		same++;
	t->callers = same;
	for (same = 0; same < t->callees && same < t->depth &&
	    t->path[t->depth - 1 - same].pc ==
	    t->best[t->length - 1 - same].pc; same++)
		;
	t->callees = same;
}

struct visit {
	struct trail *trail;
	struct module *module;
	uint64_t entry;			/* of the function with the jumps */
};

static void follow(struct trail *t, struct module *m, Dwarf_Die *function);

/* LLVM tells of POWER's jumps twice, once as if they were where they end. */
static int
is_ghost(struct modules *ms, uint64_t pc, uint64_t to)
{
	return ms->target->arch->machine == EM_PPC64 &&
	    calltarget_jump(ms, pc - 4, 0) == to &&
	    calltarget_jump(ms, pc, 0) != to;
}

static int
try_jump(void *arg, Dwarf_Die *site)
{
	const struct visit *v = arg;
	struct trail *t = v->trail;
	struct modules *ms = &t->search->crash->modules;
	struct jump j;
	struct function to;
	Dwarf_Die origin;
	uint64_t real;
	int is_after;

	if (!callsite_is_tail(site))
		return 0;
	t->is_vague = t->jumps++ >= JUMPS_MAX || t->depth >= CHAIN_MAX ||
	    callsite_pc(site, &j.pc, &is_after) == -1 ||
	    callsite_callee(site, &origin) == -1 || *t->search->expired;
	if (t->is_vague)
		return 1;
	j.pc += v->module->bias;
	j.lookup = j.pc - (is_after ? 1 : 0);
	for (size_t i = 0; i < t->depth; i++)
		if (t->path[i].pc == j.pc)
			return 0;
	real = calltarget_jump(ms, j.pc, is_after);
	if (real != 0)
		real = calltarget_beyond(ms, real, v->entry);
	if (is_callee(t, &origin) || real == t->callee->function_start)
		to.entry = t->callee->function_start;
	else
		to = function_of(t->search, v->module, &origin, real);
	if (is_ghost(ms, j.pc, to.entry))
		return 0;
	t->path[t->depth++] = j;
	if (to.entry == 0)
		t->is_vague = 1;
	else if (to.entry == t->callee->function_start)
		take_way(t);
	else
		follow(t, to.module, &to.die);
	t->depth--;
	return t->is_vague;
}

/* All the jumps out of FUNCTION; it has to say that it knows them all. */
static void
follow(struct trail *t, struct module *m, Dwarf_Die *function)
{
	struct visit v = { t, m, first_address(function) + m->bias };

	if (callsite_has_all(function))
		callsite_each(function, CALLSITE_LEVELS, &t->entries, try_jump,
		    &v);
	else
		t->is_vague = 1;
	t->is_vague |= t->entries <= 0;
}

static void
search_jumps(struct search *s, uint64_t called, uint64_t from,
    const struct symbol *callee, struct jumps *to)
{
	struct trail t = {
		.search = s, .callee = callee, .entries = ENTRIES_MAX
	};
	struct module *m;
	Dwarf_Die function;

	if (s->searches++ >= SEARCHES_MAX)
		return;
	if (arounds_function(s->arounds, called, &m, &function) == -1)
		called = calltarget_beyond(&s->crash->modules, called, from);
	if (arounds_function(s->arounds, called, &m, &function) == -1 ||
	    first_address(&function) + m->bias != called)
		return;
	if (callee->elf_name != NULL &&
	    strncmp(callee->elf_name, "_Z", 2) != 0)
		t.plain = funcname_plain(callee->elf_name);
	if (!is_callee(&t, &function))
		follow(&t, m, &function);
	free(t.plain);
	if (t.is_vague || !t.found)
		return;
	/* The end of the way, then its beginning, from the inside. */
	if (t.callers + t.callees > t.length)
		t.callees = t.length - t.callers;
	for (size_t i = 0; i < t.callees; i++)
		to->jump[to->count++] = t.best[t.length - 1 - i];
	for (size_t i = t.callers; i > 0; i--)
		to->jump[to->count++] = t.best[i - 1];
}

/* What is between the frame F and that of its caller. */
static const struct jumps *
jumps_between(struct search *s, const struct frame *f, const struct frame *up)
{
	struct modules *ms = &s->crash->modules;
	const struct symbol *callee = symbols_get(s->crash->symbols,
	    f->lookup);
	const struct symbol *caller = symbols_get(s->crash->symbols,
	    up->lookup);
	uint64_t called, from = caller == NULL ? 0 : caller->function_start;
	struct jumps **slot;

	if (up->trust != TRUST_CFI || f->is_trampoline || up->is_trampoline ||
	    callee == NULL || callee->function_start == 0)
		return NULL;
	slot = &s->slot[(callee->function_start ^ up->pc * 31) % SLOTS];
	if (*slot != NULL && (*slot)->callee == callee->function_start &&
	    (*slot)->return_pc == up->pc)
		return *slot;
	if (*slot == NULL)
		*slot = xmalloc(sizeof **slot);
	(*slot)->callee = callee->function_start;
	(*slot)->return_pc = up->pc;
	(*slot)->count = 0;
	called = calltarget_of(ms, up->pc);
	if (called != 0 && called != callee->function_start &&
	    calltarget_beyond(ms, called, from) != callee->function_start)
		search_jumps(s, called, from, callee, *slot);
	return *slot;
}

static void
add_frame(struct stack *to, const struct stack *from, size_t n)
{
	xgrow(&to->frame, &to->cap, to->count, sizeof *to->frame);
	to->frame[to->count++] = from->frame[n];
	if (n >= from->nactivations)
		return;
	xgrow(&to->activation, &to->activations_cap, to->nactivations,
	    sizeof *to->activation);
	to->activation[to->nactivations++] = from->activation[n];
}

/* Of what it had in registers nothing is left. */
static void
add_jump(struct stack *to, const struct jump *j, const struct frame *up)
{
	xgrow(&to->frame, &to->cap, to->count, sizeof *to->frame);
	to->frame[to->count] = *up;
	to->frame[to->count].pc = j->pc;
	to->frame[to->count].lookup = j->lookup;
	to->frame[to->count].is_tail_call = 1;
	if (to->nactivations == to->count) {
		xgrow(&to->activation, &to->activations_cap, to->nactivations,
		    sizeof *to->activation);
		memset(&to->activation[to->nactivations++], 0,
		    sizeof *to->activation);
	}
	to->count++;
}

static void
fill_stack(struct search *s, struct stack *old)
{
	struct stack new = *old;
	size_t added = 0;

	new.frame = NULL;
	new.activation = NULL;
	new.count = new.cap = new.nactivations = new.activations_cap = 0;
	for (size_t n = 0; n < old->count; n++) {
		const struct jumps *c = NULL;

		if (n > 0 && !(old->omitted > 0 && n == old->omitted_after))
			c = jumps_between(s, &old->frame[n - 1],
			    &old->frame[n]);
		for (size_t i = 0; c != NULL && i < c->count; i++, added++) {
			add_jump(&new, &c->jump[i], &old->frame[n]);
			symbols_want(s->crash->symbols, c->jump[i].lookup);
		}
		if (old->omitted > 0 && n == old->omitted_after)
			new.omitted_after = new.count;
		add_frame(&new, old, n);
	}
	if (added == 0) {
		stack_release(&new);
		return;
	}
	stack_release(old);
	*old = new;
}

void
tailcall_find(struct crash *c, volatile const int *expired)
{
	struct search s = {
		.crash = c, .arounds = arounds_new(&c->modules, expired),
		.expired = expired
	};

	for (size_t i = 0; i < c->target->nthreads && !*expired; i++)
		if (c->stacks[i].count > 0)
			fill_stack(&s, &c->stacks[i]);
	symbols_resolve(c->symbols, expired);
	for (size_t i = 0; i < SLOTS; i++)
		free(s.slot[i]);
	free(s.known);
	arounds_free(s.arounds);
}
