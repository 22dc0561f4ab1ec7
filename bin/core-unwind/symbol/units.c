/* SPDX-License-Identifier: ISC */
#include "symbol/units.h"

#include <dwarf.h>

#include <stdlib.h>

#include "bisect.h"
#include "module/dwp.h"
#include "module/excerpt.h"
#include "module/module.h"
#include "symbol/skeleton.h"
#include "symbol/splitunit.h"
#include "xalloc.h"

#define UNITS_MAX ((size_t)1 << 20)
#define NESTED_MAX 64
#define EXCERPTS_MAX 8
#define HALVES_SIZE_MAX ((uint64_t)256 << 20)	/* copied of packages */

/* Addresses of one compilation unit. */
struct range {
	Dwarf_Addr start, end;
	Dwarf_Off die;
};

/* A split unit, by its ID, and its half of a package, if there is one. */
struct half {
	uint64_t id;
	int is_there;
	Dwarf_Die die;
};

struct units {
	int has_ranges;
	struct range *range;
	size_t count, cap;
	Dwarf *excerpt[EXCERPTS_MAX];	/* excerpt.h */
	size_t nexcerpts, tries;
	int dwp_tried;
	struct dwp *dwp;		/* packages of split debug data */
	struct half *half;
	size_t nhalves, halves_cap;
	uint64_t halves_size;
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
join_half(struct units *u, const struct skeleton *skeleton, Dwarf_Die *die)
{
	struct dwp_half half;
	uint64_t size;

	if (dwp_find(u->dwp, skeleton->id, &half) == -1)
		return -1;
	size = half.section[DWP_INFO].size + half.section[DWP_ABBREV].size;
	if (size > HALVES_SIZE_MAX - u->halves_size)
		return -1;
	u->halves_size += size;
	return splitunit_join(skeleton, &half, die);
}

/* The half of the skeleton that UNIT is, from a package, in *DIE. */
static int
find_in_packages(struct modules *ms, struct module *m, Dwarf_Die *unit,
    Dwarf_Die *die)
{
	struct units *u = units_of(m);
	struct skeleton skeleton;
	struct half *half;

	if (!u->dwp_tried)
		u->dwp = dwp_open(ms, m);
	u->dwp_tried = 1;
	if (u->dwp == NULL || skeleton_read(unit, &skeleton) == -1)
		return -1;
	for (size_t i = 0; i < u->nhalves; i++)
		if (u->half[i].id == skeleton.id) {
			*die = u->half[i].die;
			return u->half[i].is_there ? 0 : -1;
		}
	xgrow(&u->half, &u->halves_cap, u->nhalves, sizeof *u->half);
	half = &u->half[u->nhalves++];
	half->id = skeleton.id;
	half->is_there = join_half(u, &skeleton, &half->die) == 0;
	*die = half->die;
	return half->is_there ? 0 : -1;
}

static void
say_split(struct module *m, Dwarf_Die *unit)
{
	const struct units *u = m->units;
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr(unit, DW_AT_dwo_name,
	    &attr) != NULL ? &attr : dwarf_attr(unit, DW_AT_GNU_dwo_name,
	    &attr));

	if (name == NULL)
		name = "the .dwo file";
	if (u->dwp == NULL)
		m->missing = xasprintf("%s: its debug data is split, and %s is "
		    "not found beside it, nor where it was compiled, nor is "
		    "there a .dwp file", m->path, name);
	else
		m->missing = xasprintf("%s: its debug data is split, and %s is "
		    "not found beside it, nor where it was compiled, nor in "
		    "%s, which is damaged or of another build", m->path, name,
		    dwp_path(u->dwp));
}

/* libdw looks for the .dwo beside the file, and where it was compiled. */
static void
find_split(struct modules *ms, struct module *m, struct unit *unit)
{
	Dwarf_Half version;
	uint8_t type = 0;

	if (dwarf_cu_info(unit->lines.cu, &version, &type, NULL, &unit->die,
	    NULL, NULL, NULL) == 0 && type == DW_UT_skeleton &&
	    unit->die.addr != NULL)
		return;
	if (type == DW_UT_skeleton &&
	    find_in_packages(ms, m, &unit->lines, &unit->die) == 0)
		return;
	unit->die = unit->lines;
	if (type == DW_UT_skeleton && m->missing == NULL)
		say_split(m, &unit->lines);
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
	find_split(ms, m, unit);
	return 0;
}
