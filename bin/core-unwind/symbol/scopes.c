/* SPDX-License-Identifier: ISC */
#include "symbol/scopes.h"

#include <dwarf.h>

#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "xalloc.h"

#define DEPTH_MAX 128			/* a tree that lies is no reason to die */
#define RANGES_MAX 4096

struct walk {
	const Dwarf_Addr *address;
	size_t count;
	struct scopes *found;
	size_t wanted;			/* addresses without a function yet */
	int everywhere;			/* in functions that do not match too */
	volatile const int *expired;
};

/* The first of the addresses that is not below START. */
static size_t
first_at(const struct walk *w, Dwarf_Addr start)
{
	return bisect_below(w->address, w->count, sizeof *w->address, 0,
	    start);
}

/*
 * Is DIE around one of the addresses whose innermost scope is at LEVEL by now?
 * Among siblings only one can be, or the tree lies: the first counts.
 */
static int
is_around(struct walk *w, Dwarf_Die *die, size_t level)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	int any = 0, n = 0;

	while (n++ < RANGES_MAX &&
	    (at = dwarf_ranges(die, at, &base, &start, &end)) > 0)
		for (size_t i = first_at(w, start);
		    i < w->count && w->address[i] < end; i++) {
			struct scopes *s = &w->found[i];

			if (s->count != level)
				continue;
			xgrow(&s->die, &s->cap, s->count, sizeof *s->die);
			s->die[s->count++] = *die;
			w->wanted -= level == 0;
			any = 1;
		}
	return any;
}

static void
walk(struct walk *w, Dwarf_Die *parent, size_t level, int depth)
{
	Dwarf_Die die;

	if (depth >= DEPTH_MAX || dwarf_child(parent, &die) != 0)
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_namespace:
		case DW_TAG_module:
		case DW_TAG_class_type:
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			if (level == 0)
				walk(w, &die, 0, depth + 1);
			break;
		case DW_TAG_subprogram:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_lexical_block:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
		case DW_TAG_with_stmt:
		case DW_TAG_entry_point:
			if (is_around(w, &die, level))
				walk(w, &die, level + 1, depth + 1);
			else if (w->everywhere && level == 0)
				walk(w, &die, 0, depth + 1);
			break;
		default:
			break;
		}
	} while ((level > 0 || w->wanted > 0) && !*w->expired &&
	    dwarf_siblingof(&die, &die) == 0);
}

void
scopes_find(Dwarf_Die *unit, const Dwarf_Addr *address, size_t count,
    struct scopes *found, volatile const int *expired)
{
	struct walk w = {
		.address = address, .count = count, .found = found,
		.wanted = count, .expired = expired
	};

	memset(found, 0, count * sizeof *found);
	walk(&w, unit, 0, 0);
	/* A function within a function (GNU C, Ada, Fortran) may lie anywhere. */
	w.everywhere = 1;
	if (w.wanted > 0)
		walk(&w, unit, 0, 0);
	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; n < found[i].count / 2; n++) {
			Dwarf_Die *a = &found[i].die[n];
			Dwarf_Die *b = &found[i].die[found[i].count - 1 - n];
			Dwarf_Die die = *a;

			*a = *b;
			*b = die;
		}
}

void
scopes_release(struct scopes *scopes)
{
	free(scopes->die);
}
