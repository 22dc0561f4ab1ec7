/* SPDX-License-Identifier: ISC */
#include "qualify.h"

#include <dwarf.h>

#include <stdint.h>
#include <stdlib.h>

#include "xalloc.h"

#define DEPTH_MAX 64
#define CONTAINERS_MAX ((size_t)1 << 20)	/* of all units */

/*
 * Entries lie in memory in the tree's order: what is inside a container lies
 * between it and its next sibling.
 */
struct container {
	uintptr_t start, end;
	Dwarf_Die die;
};

struct unit {
	const void *die;
	size_t first, count;			/* outer ones before inner ones */
};

struct qualifier {
	struct container *container;
	size_t count, cap;
	struct unit *unit;
	size_t nunits, units_cap;
};

struct qualifier *
qualifier_new(void)
{
	return xcalloc(1, sizeof(struct qualifier));
}

void
qualifier_free(struct qualifier *q)
{
	free(q->container);
	free(q->unit);
	free(q);
}

static int
is_container(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_class_type ||
	    tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

static void
walk(struct qualifier *q, Dwarf_Die *parent, uintptr_t end, int depth)
{
	Dwarf_Die die, next;
	int more = dwarf_child(parent, &die) == 0;

	for (; more && q->count < CONTAINERS_MAX; die = next) {
		size_t here = q->count;

		more = dwarf_siblingof(&die, &next) == 0;
		if (!dwarf_haschildren(&die) || !is_container(dwarf_tag(&die)))
			continue;
		xgrow(&q->container, &q->cap, q->count, sizeof *q->container);
		q->container[q->count++] = (struct container){
			.start = (uintptr_t)die.addr,
			.end = more ? (uintptr_t)next.addr : end, .die = die
		};
		if (depth < DEPTH_MAX)
			walk(q, &die, q->container[here].end, depth + 1);
	}
}

static const struct unit *
unit_of(struct qualifier *q, Dwarf_Die *die)
{
	struct unit *u;
	Dwarf_Die root;

	if (dwarf_diecu(die, &root, NULL, NULL) == NULL)
		return NULL;
	for (size_t i = q->nunits; i > 0; i--)
		if (q->unit[i - 1].die == root.addr)
			return &q->unit[i - 1];
	xgrow(&q->unit, &q->units_cap, q->nunits, sizeof *q->unit);
	u = &q->unit[q->nunits++];
	u->die = root.addr;
	u->first = q->count;
	walk(q, &root, UINTPTR_MAX, 0);
	u->count = q->count - u->first;
	return u;
}

char *
qualifier_name(struct qualifier *q, Dwarf_Die *die, const char *name)
{
	const struct unit *u = unit_of(q, die);
	uintptr_t at = (uintptr_t)die->addr;
	char *full = xstrdup(name);

	for (size_t i = u == NULL ? 0 : u->first + u->count;
	    u != NULL && i > u->first; i--) {
		struct container *c = &q->container[i - 1];
		const char *scope;
		char *longer;

		if (at <= c->start || at >= c->end)
			continue;
		scope = dwarf_diename(&c->die);
		if (scope == NULL && dwarf_tag(&c->die) == DW_TAG_namespace)
			scope = "(anonymous namespace)";
		if (scope == NULL)
			continue;
		longer = xasprintf("%s::%s", scope, full);
		free(full);
		full = longer;
	}
	return full;
}
