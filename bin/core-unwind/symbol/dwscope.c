/* SPDX-License-Identifier: ISC */
#include "symbol/dwscope.h"

#include <dwarf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

#define DEPTH_MAX 64
#define SCOPES_MAX ((size_t)1 << 20)	/* of all units */
#define NOBODY SIZE_MAX

/*
 * Entries lie in memory in the tree's order: what is inside a scope lies
 * between it and its next sibling. In the order of START within a unit.
 */
struct scope {
	uintptr_t start, end;
	size_t parent;			/* index, or NOBODY */
	int is_function;		/* hides what is around it */
	Dwarf_Die die;
};

struct unit {
	const void *die;
	size_t first, count;
};

struct dwscopes {
	struct scope *scope;
	size_t count, cap;
	struct unit *unit;
	size_t nunits, units_cap;
	char *prefix;
};

struct dwscopes *
dwscopes_new(void)
{
	return xcalloc(1, sizeof(struct dwscopes));
}

void
dwscopes_free(struct dwscopes *s)
{
	free(s->scope);
	free(s->unit);
	free(s->prefix);
	free(s);
}

static int
is_scope(Dwarf_Die *die, int tag, size_t parent)
{
	switch (tag) {
	case DW_TAG_namespace:
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
		return dwarf_haschildren(die) > 0;
	case DW_TAG_subprogram:
		/* The types within are local. A declaration has none. */
		return parent != NOBODY && dwarf_haschildren(die) > 0 &&
		    !dwarf_hasattr(die, DW_AT_declaration);
	default:
		return 0;
	}
}

static void
walk(struct dwscopes *s, Dwarf_Die *within, uintptr_t end, size_t parent,
    int depth)
{
	Dwarf_Die die, next;
	int more = dwarf_child(within, &die) == 0;

	for (; more && s->count < SCOPES_MAX; die = next) {
		int tag = dwarf_tag(&die);
		size_t here = s->count;

		more = dwarf_siblingof(&die, &next) == 0;
		if (!is_scope(&die, tag, parent))
			continue;
		xgrow(&s->scope, &s->cap, s->count, sizeof *s->scope);
		s->scope[s->count++] = (struct scope){
			.start = (uintptr_t)die.addr,
			.end = more ? (uintptr_t)next.addr : end,
			.parent = parent,
			.is_function = tag == DW_TAG_subprogram, .die = die
		};
		if (tag != DW_TAG_subprogram && depth < DEPTH_MAX)
			walk(s, &die, s->scope[here].end, here, depth + 1);
	}
}

static const struct unit *
unit_of(struct dwscopes *s, Dwarf_Die *die)
{
	struct unit *u;
	Dwarf_Die root;

	if (dwarf_diecu(die, &root, NULL, NULL) == NULL)
		return NULL;
	for (size_t i = s->nunits; i > 0; i--)
		if (s->unit[i - 1].die == root.addr)
			return &s->unit[i - 1];
	xgrow(&s->unit, &s->units_cap, s->nunits, sizeof *s->unit);
	u = &s->unit[s->nunits++];
	u->die = root.addr;
	u->first = s->count;
	walk(s, &root, UINTPTR_MAX, NOBODY, 0);
	u->count = s->count - u->first;
	return u;
}

/* The innermost scope of U around ADDRESS, by index. */
static size_t
innermost(const struct dwscopes *s, const struct unit *u, uintptr_t address)
{
	size_t low = u->first, high = u->first + u->count, at;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->scope[mid].start < address)
			low = mid + 1;
		else
			high = mid;
	}
	/* The last one before it holds it, or one of those around that does. */
	at = low == u->first ? NOBODY : low - 1;
	while (at != NOBODY && s->scope[at].end <= address)
		at = s->scope[at].parent;
	return at;
}

/* What is defined elsewhere stands where it was declared. */
static size_t
scope_of(struct dwscopes *s, const Dwarf_Die *die)
{
	Dwarf_Die declared = *die, other;
	Dwarf_Attribute attr;
	const struct unit *u;

	if (dwarf_attr(&declared, DW_AT_specification, &attr) != NULL &&
	    dwarf_formref_die(&attr, &other) != NULL)
		declared = other;
	u = unit_of(s, &declared);
	return u == NULL ? NOBODY : innermost(s, u, (uintptr_t)declared.addr);
}

const char *
dwscopes_prefix(struct dwscopes *s, Dwarf_Die *die)
{
	size_t at = scope_of(s, die);

	free(s->prefix);
	s->prefix = xstrdup("");
	for (int i = 0; i < DEPTH_MAX && at != NOBODY &&
	    !s->scope[at].is_function; i++) {
		Dwarf_Die scope = s->scope[at].die;
		const char *name = dwarf_diename(&scope);
		char *longer;

		if (name == NULL && dwarf_tag(&scope) == DW_TAG_namespace)
			name = "(anonymous namespace)";
		longer = xasprintf("%s%s%s", name == NULL ? "" : name,
		    name == NULL ? "" : "::", s->prefix);
		free(s->prefix);
		s->prefix = longer;
		at = scope_of(s, &scope);
	}
	return s->prefix;
}
