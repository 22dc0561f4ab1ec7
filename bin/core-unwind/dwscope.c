/* SPDX-License-Identifier: ISC */
#include "dwscope.h"

#include <dwarf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

#define DEPTH_MAX 64
#define ENTRIES_MAX ((size_t)1 << 22)
#define NOBODY SIZE_MAX

/* In the order of the tree, so by address within a unit. */
struct entry {
	const void *die;		/* libdw's own address of it */
	size_t parent;			/* index, or NOBODY */
	Dwarf_Die scope;
};

struct unit {
	const void *die;
	size_t first, count;
};

struct dwscopes {
	struct entry *entry;
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
	free(s->entry);
	free(s->unit);
	free(s->prefix);
	free(s);
}

static int
is_scope(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_class_type ||
	    tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
	    tag == DW_TAG_enumeration_type;
}

static void
walk(struct dwscopes *s, Dwarf_Die *parent, size_t parent_index, int depth)
{
	Dwarf_Die die;

	if (depth >= DEPTH_MAX || dwarf_child(parent, &die) != 0)
		return;
	do {
		int tag = dwarf_tag(&die);
		size_t here = s->count;

		if (here >= ENTRIES_MAX)
			return;
		if (!is_scope(tag) && (parent_index == NOBODY ||
		    (tag != DW_TAG_typedef && tag != DW_TAG_member &&
		    tag != DW_TAG_variable && tag != DW_TAG_subprogram)))
			continue;
		xgrow(&s->entry, &s->cap, s->count, sizeof *s->entry);
		s->entry[s->count++] = (struct entry){
			.die = die.addr, .parent = parent_index, .scope = die
		};
		if (is_scope(tag) && tag != DW_TAG_enumeration_type)
			walk(s, &die, here, depth + 1);
	} while (dwarf_siblingof(&die, &die) == 0);
}

static const struct unit *
unit_of(struct dwscopes *s, Dwarf_Die *die)
{
	Dwarf_Die root;

	if (dwarf_diecu(die, &root, NULL, NULL) == NULL)
		return NULL;
	for (size_t i = s->nunits; i > 0; i--)
		if (s->unit[i - 1].die == root.addr)
			return &s->unit[i - 1];
	xgrow(&s->unit, &s->units_cap, s->nunits, sizeof *s->unit);
	s->unit[s->nunits].die = root.addr;
	s->unit[s->nunits].first = s->count;
	walk(s, &root, NOBODY, 0);
	s->unit[s->nunits].count = s->count - s->unit[s->nunits].first;
	return &s->unit[s->nunits++];
}

static const struct entry *
find(const struct dwscopes *s, const struct unit *u, const void *die)
{
	size_t low = u->first, high = u->first + u->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if ((uintptr_t)s->entry[mid].die < (uintptr_t)die)
			low = mid + 1;
		else
			high = mid;
	}
	return low < u->first + u->count && s->entry[low].die == die ?
	    &s->entry[low] : NULL;
}

/* The scope that DIE stands in, by index; what is defined elsewhere stands where
   it was declared. */
static size_t
scope_of(struct dwscopes *s, const Dwarf_Die *die)
{
	Dwarf_Die declared = *die, other;
	Dwarf_Attribute attr;
	const struct unit *u;
	const struct entry *e;

	if (dwarf_attr(&declared, DW_AT_specification, &attr) != NULL &&
	    dwarf_formref_die(&attr, &other) != NULL)
		declared = other;
	u = unit_of(s, &declared);
	e = u == NULL ? NULL : find(s, u, declared.addr);
	return e == NULL ? NOBODY : e->parent;
}

const char *
dwscopes_prefix(struct dwscopes *s, Dwarf_Die *die)
{
	size_t at = scope_of(s, die);

	free(s->prefix);
	s->prefix = xstrdup("");
	for (int i = 0; i < DEPTH_MAX && at != NOBODY; i++) {
		Dwarf_Die scope = s->entry[at].scope;
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
