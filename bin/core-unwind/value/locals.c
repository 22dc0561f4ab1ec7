/* SPDX-License-Identifier: ISC */
#include "value/locals.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "symbol/around.h"
#include "symbol/dwtype.h"
#include "symbol/typename.h"
#include "value/location.h"
#include "value/printer.h"
#include "value/scalar.h"
#include "xalloc.h"

#define VALUE_TEXT 16384		/* bytes of one value in words */
#define FRAME_TEXT ((size_t)256 << 10)
#define REPORT_TEXT ((size_t)4 << 20)
#define POINTED_TEXT 1024
#define POINTED_DEPTH 3
#define VARIABLES_MAX 1000		/* of a function */
#define FUNCTIONS_MAX 256		/* inlined at one address */
#define BLOCKS_MAX 32			/* without code of their own */
#define ORIGINS_MAX 4000

/* The functions at one physical frame, the innermost first. */
struct at_frame {
	struct variables *function;
	size_t count;
};

struct locals {
	struct thread_locals {
		struct at_frame *frame;
		size_t count;
	} *thread;
	size_t nthreads;
};

struct search {
	struct crash *crash;
	struct dwscopes *scopes;
	struct pointees *pointees;
	struct arounds *arounds;
	volatile const int *expired;
	size_t text;			/* made so far */
	size_t frame_text;		/* of them at this frame */
	int is_cut;
};

static int
function_at(void *arg, uint64_t address, struct module **m,
    Dwarf_Die *function)
{
	const struct search *s = arg;

	return arounds_function(s->arounds, address, m, function);
}

static char *
in_words(struct search *s, struct textbuf *out)
{
	s->text += out->len;
	s->frame_text += out->len;
	return textbuf_take(out);
}

/* The value of TYPE that V holds; V may hold nothing of it. */
static char *
value_text(struct search *s, struct printer *p, Dwarf_Die *type,
    const struct value *v)
{
	struct textbuf out = { .max = VALUE_TEXT };

	p->out = &out;
	print_whole(p, type, v);
	return in_words(s, &out);
}

/* What a pointer leads to, when that is more than its string or its name. */
static char *
pointed_text(struct search *s, struct printer *p, Dwarf_Die *type,
    const struct value *v)
{
	struct textbuf out = { .max = POINTED_TEXT };
	Dwarf_Die peeled = *type, target, inside;
	const struct target *t = s->crash->target;
	uint64_t address, size = print_size(p, type);
	int tag;

	if (dwtype_peel(&peeled) != DW_TAG_pointer_type || v->is_unreadable ||
	    v->state != NULL || size == 0 || size > v->len ||
	    dwtype_of(&peeled, &target) == -1 || dwtype_is_char(&target))
		return NULL;
	inside = target;
	tag = dwtype_peel(&inside);
	if (tag == 0 || tag == DW_TAG_subroutine_type ||
	    tag == DW_TAG_unspecified_type ||
	    dwtype_is_declaration(&inside))
		return NULL;
	address = scalar_unsigned(t, v->bytes, (size_t)size);
	if (address == 0 || print_size(p, &target) == 0)
		return NULL;
	p->out = &out;
	p->depth = PRINT_DEPTH_MAX - POINTED_DEPTH;
	print_memory(p, &target, address);
	p->depth = 0;
	return in_words(s, &out);
}

static void
find_entry(struct search *s, struct printer *p, Dwarf_Die *die,
    Dwarf_Die *type, const struct value *now, struct variable *var)
{
	struct value then;

	if (now->len == 0 || !dwtype_is_scalar(type) ||
	    location_read_entry(p->scene, die, now->len, &then) == -1)
		return;
	var->is_as_at_entry = now->state == NULL && !now->is_unreadable &&
	    memcmp(now->bytes, then.bytes, now->len) == 0;
	p->is_summary = 1;
	var->entry = value_text(s, p, type, &then);
	p->is_summary = 0;
	value_release(&then);
}

static void
describe(struct search *s, const struct scene *scene, Dwarf_Die *die,
    int is_argument, int is_inline, struct variable *var)
{
	struct printer p = {
		.scene = scene, .scopes = s->scopes, .pointees = s->pointees,
		.expired = s->expired
	};
	Dwarf_Die type;
	struct value v;
	uint64_t size;

	if (dwtype_of(die, &type) == -1) {
		/* It may be in a file that several share, which is gone. */
		var->type = xstrdup("?");
		var->value = xstrdup("<error: its type is not there>");
		if (is_argument)
			var->brief = xstrdup(var->value);
		return;
	}
	var->type = typename_of(s->scopes, &type);
	size = print_size(&p, &type);
	location_read(scene, die, size > VALUE_MAX ? VALUE_MAX : (size_t)size,
	    &v);
	var->value = value_text(s, &p, &type, &v);
	var->points_to = pointed_text(s, &p, &type, &v);
	var->has_address = v.has_address;
	var->address = v.address;
	if (is_argument) {
		p.is_summary = 1;
		var->brief = value_text(s, &p, &type, &v);
		p.is_summary = 0;
		if (!is_inline)
			find_entry(s, &p, die, &type, &v, var);
	}
	value_release(&v);
}

/* One function of a frame, while its variables are collected. */
struct collector {
	struct search *search;
	const struct scene *scene;
	struct variables *to;
	int tag;			/* parameters, or variables */
	int is_inline;
};

static void
add_variable(struct collector *c, Dwarf_Die *die)
{
	struct search *s = c->search;
	const char *name = dwarf_diename(die);
	struct variables *to = c->to;
	struct variable *var;
	Dwarf_Attribute attr;

	if (name == NULL || (dwtype_flag(die, DW_AT_declaration) &&
	    dwarf_attr_integrate(die, DW_AT_location, &attr) == NULL))
		return;
	if (to->count >= VARIABLES_MAX || s->text >= REPORT_TEXT ||
	    s->frame_text >= FRAME_TEXT || *s->expired) {
		s->is_cut = 1;
		return;
	}
	xgrow(&to->item, &to->cap, to->count, sizeof *to->item);
	var = &to->item[to->count++];
	memset(var, 0, sizeof *var);
	var->name = xstrdup(name);
	describe(s, c->scene, die, c->tag == DW_TAG_formal_parameter,
	    c->is_inline, var);
}

static int
has_code(Dwarf_Die *die)
{
	return dwarf_hasattr(die, DW_AT_low_pc) ||
	    dwarf_hasattr(die, DW_AT_ranges) ||
	    dwarf_hasattr(die, DW_AT_abstract_origin);
}

struct origins {
	const void **die;
	size_t count, cap;
};

static int
is_among(const struct origins *o, const void *die)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->die[i] == die)
			return 1;
	return 0;
}

/* What the entries below SCOPE are instances of; those in its blocks too, which
   some compilers do not say of the blocks themselves. */
static void
gather_origins(Dwarf_Die *scope, struct origins *seen, int depth)
{
	Dwarf_Die die, origin;
	Dwarf_Attribute attr;

	if (depth > BLOCKS_MAX || dwarf_child(scope, &die) != 0)
		return;
	do {
		if (seen->count < ORIGINS_MAX &&
		    dwarf_attr(&die, DW_AT_abstract_origin, &attr) != NULL &&
		    dwarf_formref_die(&attr, &origin) != NULL) {
			xgrow(&seen->die, &seen->cap, seen->count,
			    sizeof *seen->die);
			seen->die[seen->count++] = origin.addr;
		}
		if (dwarf_tag(&die) == DW_TAG_lexical_block)
			gather_origins(&die, seen, depth + 1);
	} while (dwarf_siblingof(&die, &die) == 0);
}

static int
has_seen_child(Dwarf_Die *scope, const struct origins *seen)
{
	Dwarf_Die die;

	if (dwarf_child(scope, &die) != 0)
		return 0;
	do {
		if (is_among(seen, die.addr))
			return 1;
	} while (dwarf_siblingof(&die, &die) == 0);
	return 0;
}

static void
collect_children(struct collector *c, Dwarf_Die *scope,
    const struct origins *except, int depth)
{
	Dwarf_Die die;

	if (depth > BLOCKS_MAX || dwarf_child(scope, &die) != 0)
		return;
	do {
		int tag = dwarf_tag(&die);

		if (except != NULL && is_among(except, die.addr))
			continue;
		if (tag == c->tag)
			add_variable(c, &die);
		/* A block without code of its own is a part of this one. */
		else if (tag == DW_TAG_lexical_block && !has_code(&die) &&
		    (except == NULL || !has_seen_child(&die, except)))
			collect_children(c, &die, except, depth + 1);
	} while (dwarf_siblingof(&die, &die) == 0);
}

/*
 * Those of one block or function; and those that its source has, but this
 * instance of it lost.
 */
static void
collect_scope(struct collector *c, Dwarf_Die *scope)
{
	struct origins seen = { 0 };
	Dwarf_Attribute attr;
	Dwarf_Die origin;

	collect_children(c, scope, NULL, 0);
	if (dwarf_attr(scope, DW_AT_abstract_origin, &attr) != NULL &&
	    dwarf_formref_die(&attr, &origin) != NULL) {
		gather_origins(scope, &seen, 0);
		collect_children(c, &origin, &seen, 0);
	}
	free(seen.die);
}

/* The function whose own scope is SCOPES[LAST], its blocks from FIRST on. */
static void
collect_function(struct search *s, const struct scene *scene,
    Dwarf_Die *scopes, size_t first, size_t last, struct variables *to)
{
	struct collector c = {
		.search = s, .scene = scene, .to = to,
		.tag = DW_TAG_formal_parameter,
		.is_inline = dwarf_tag(&scopes[last]) ==
		    DW_TAG_inlined_subroutine
	};

	collect_scope(&c, &scopes[last]);
	to->arguments = to->count;
	c.tag = DW_TAG_variable;
	for (size_t i = first; i <= last; i++)
		collect_scope(&c, &scopes[i]);
}

static int
is_function(int tag)
{
	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

static void
find_frame(struct search *s, size_t thread, size_t n, struct at_frame *to)
{
	const struct stack *stack = &s->crash->stacks[thread];
	uint64_t lookup = stack->frame[n].lookup;
	struct scene scene = {
		.modules = &s->crash->modules,
		.thread = &s->crash->target->threads[thread], .stack = stack,
		.index = n, .function_at = function_at, .arg = s
	};
	const struct scopes *found = arounds_at(s->arounds, lookup,
	    &scene.module);
	struct scopes scopes;
	size_t first = 0;

	s->frame_text = 0;
	if (found == NULL || found->count == 0)
		return;
	/* The list they are in may move. */
	scopes = *found;
	scene.pc = lookup - scene.module->bias;
	for (size_t i = scopes.count; i > 0; i--)
		if (dwarf_tag(&scopes.die[i - 1]) == DW_TAG_subprogram)
			scene.function = scopes.die[i - 1];
	for (size_t i = 0; i < scopes.count && to->count < FUNCTIONS_MAX;
	    i++) {
		int tag = dwarf_tag(&scopes.die[i]);

		if (!is_function(tag))
			continue;
		to->function = xreallocarray(to->function, to->count + 1,
		    sizeof *to->function);
		memset(&to->function[to->count], 0, sizeof *to->function);
		collect_function(s, &scene, scopes.die, first, i,
		    &to->function[to->count++]);
		first = i + 1;
		if (tag == DW_TAG_subprogram)
			break;
	}
}

struct locals *
locals_find(struct crash *c, volatile const int *expired)
{
	struct search s = {
		.crash = c, .scopes = dwscopes_new(),
		.pointees = pointees_new(&c->modules),
		.arounds = arounds_new(&c->modules, expired),
		.expired = expired
	};
	struct locals *l = xcalloc(1, sizeof *l);

	l->nthreads = c->target->nthreads;
	l->thread = xcalloc(l->nthreads + 1, sizeof *l->thread);
	for (size_t i = 0; i < l->nthreads; i++) {
		size_t n = c->stacks[i].nactivations;

		if (n == 0)
			continue;
		l->thread[i].frame = xcalloc(n, sizeof *l->thread[i].frame);
		l->thread[i].count = n;
		for (size_t k = 0; k < n && !*expired; k++)
			find_frame(&s, i, k, &l->thread[i].frame[k]);
		if (n >= LOCALS_FRAMES && c->stacks[i].count > n)
			s.is_cut = 1;
	}
	if (s.is_cut)
		strings_add(&c->target->missing, "not all variables are told: "
		    "there are more than a report holds");
	arounds_free(s.arounds);
	dwscopes_free(s.scopes);
	pointees_free(s.pointees);
	return l;
}

static void
free_variables(struct variables *v)
{
	for (size_t i = 0; i < v->count; i++) {
		free(v->item[i].name);
		free(v->item[i].type);
		free(v->item[i].value);
		free(v->item[i].brief);
		free(v->item[i].entry);
		free(v->item[i].points_to);
	}
	free(v->item);
}

void
locals_free(struct locals *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->nthreads; i++) {
		for (size_t n = 0; n < l->thread[i].count; n++) {
			struct at_frame *f = &l->thread[i].frame[n];

			for (size_t k = 0; k < f->count; k++)
				free_variables(&f->function[k]);
			free(f->function);
		}
		free(l->thread[i].frame);
	}
	free(l->thread);
	free(l);
}

const struct variables *
locals_of(const struct locals *l, size_t i, size_t n, size_t k)
{
	if (l == NULL || n >= l->thread[i].count ||
	    k >= l->thread[i].frame[n].count)
		return NULL;
	return &l->thread[i].frame[n].function[k];
}
