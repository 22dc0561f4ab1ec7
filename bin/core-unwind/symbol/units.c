/* SPDX-License-Identifier: ISC */
#include "symbol/units.h"

#include <dwarf.h>

#include <stdlib.h>

#include "bisect.h"
#include "module/excerpt.h"
#include "module/module.h"
#include "symbol/split.h"
#include "xalloc.h"

#define UNITS_MAX ((size_t)1 << 20)
#define NESTED_MAX 64
#define EXCERPTS_MAX 8

/* Addresses of one compilation unit. */
struct range {
	Dwarf_Addr start, end;
	Dwarf_Off die;
};

struct units {
	int has_ranges;
	struct range *range;
	size_t count, cap;
	Dwarf *excerpt[EXCERPTS_MAX];	/* excerpt.h */
	size_t nexcerpts, tries;
	struct split *split;		/* once asked for: split.h */
};

static int
by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* clang writes no .debug_aranges: ask every unit for its ranges, once. */
static void
read_ranges(struct units *u, Dwarf *dw)
{
	Dwarf_Off off = 0, next;
	size_t header, n = 0;

	while (n++ < UNITS_MAX && dwarf_nextcu(dw, off, &next, &header, NULL,
	    NULL, NULL) == 0) {
		Dwarf_Die die;
		Dwarf_Addr base, start, end;
		ptrdiff_t at = 0;

		if (dwarf_offdie(dw, off + header, &die) != NULL) {
			while ((at = dwarf_ranges(&die, at, &base, &start,
			    &end)) > 0) {
				xgrow(&u->range, &u->cap, u->count,
				    sizeof *u->range);
				u->range[u->count].start = start;
				u->range[u->count].end = end;
				u->range[u->count++].die = off + header;
			}
		}
		if (next <= off)
			break;
		off = next;
	}
	if (u->count > 0)
		qsort(u->range, u->count, sizeof *u->range, by_start);
}

static struct units *
units_of(struct module *m)
{
	if (m->units == NULL)
		m->units = xcalloc(1, sizeof *m->units);
	return m->units;
}

static int
find_by_ranges(struct module *m, Dwarf_Addr address, Dwarf_Die *die)
{
	struct units *u = units_of(m);
	size_t i;

	if (!u->has_ranges)
		read_ranges(u, m->dwarf);
	u->has_ranges = 1;
	/* Ranges of different units may nest: look back a little. */
	i = BISECT_NOT_ABOVE(u->range, u->count, start, address);
	for (size_t tries = 0; i > 0 && tries < NESTED_MAX; i--, tries++)
		if (address < u->range[i - 1].end)
			return dwarf_offdie(m->dwarf, u->range[i - 1].die,
			    die) != NULL ? 0 : -1;
	return -1;
}

static int
find_in_excerpts(struct module *m, Dwarf_Addr address, Dwarf_Die *die)
{
	const struct units *u = units_of(m);

	for (size_t i = 0; i < u->nexcerpts; i++)
		if (dwarf_addrdie(u->excerpt[i], address, die) != NULL)
			return 0;
	return -1;
}

void
units_want(struct module *m, const Dwarf_Addr *address, size_t count)
{
	struct units *u = units_of(m);
	Dwarf_Addr *missed;
	Dwarf_Die die;
	Dwarf *dw;
	size_t n = 0;

	if (m->inflation == NULL || u->tries == EXCERPTS_MAX)
		return;
	missed = xreallocarray(NULL, count, sizeof *missed);
	for (size_t i = 0; i < count; i++)
		if (find_in_excerpts(m, address[i], &die) == -1)
			missed[n++] = address[i];
	if (n > 0) {
		u->tries++;
		dw = excerpt_make(m->inflation, missed, n);
		if (dw != NULL)
			u->excerpt[u->nexcerpts++] = dw;
	}
	free(missed);
}

int
units_find(struct modules *ms, struct module *m, Dwarf_Addr address,
    struct unit *unit)
{
	if (find_in_excerpts(m, address, &unit->lines) == -1 &&
	    (module_dwarf(m) == NULL ||
	    (dwarf_addrdie(m->dwarf, address, &unit->lines) == NULL &&
	    find_by_ranges(m, address, &unit->lines) == -1)))
		return -1;
	split_find(ms, m, &units_of(m)->split, unit);
	return 0;
}
