/* SPDX-License-Identifier: ISC */
#include "symbol/split.h"

#include <dwarf.h>

#include <stdlib.h>

#include "module/dwp.h"
#include "module/module.h"
#include "symbol/skeleton.h"
#include "symbol/splitunit.h"
#include "xalloc.h"

#define COPIED_MAX ((uint64_t)256 << 20)

/* A split unit, by its ID, and its half of a package, if there is one. */
struct half {
	uint64_t id;
	int is_there;
	Dwarf_Die die;
};

struct split {
	struct dwp *dwp;		/* the packages, or NULL */
	struct half *half;
	size_t count, cap;
	uint64_t copied;		/* bytes of packages */
};

static int
join_half(struct split *s, const struct skeleton *skeleton, Dwarf_Die *die)
{
	struct dwp_half half;
	uint64_t size;

	if (dwp_find(s->dwp, skeleton->id, &half) == -1)
		return -1;
	size = half.section[DWP_INFO].size + half.section[DWP_ABBREV].size;
	if (size > COPIED_MAX - s->copied)
		return -1;
	s->copied += size;
	return splitunit_join(skeleton, &half, die);
}

/* The half of the skeleton that LINES is, from a package, in *DIE. */
static int
find_in_packages(struct split *s, Dwarf_Die *lines, Dwarf_Die *die)
{
	struct skeleton skeleton;
	struct half *half;

	if (s->dwp == NULL || skeleton_read(lines, &skeleton) == -1)
		return -1;
	for (size_t i = 0; i < s->count; i++)
		if (s->half[i].id == skeleton.id) {
			*die = s->half[i].die;
			return s->half[i].is_there ? 0 : -1;
		}
	xgrow(&s->half, &s->cap, s->count, sizeof *s->half);
	half = &s->half[s->count++];
	half->id = skeleton.id;
	half->is_there = join_half(s, &skeleton, &half->die) == 0;
	*die = half->die;
	return half->is_there ? 0 : -1;
}

static void
say_missing(const struct split *s, struct module *m, Dwarf_Die *lines)
{
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr(lines, DW_AT_dwo_name,
	    &attr) != NULL ? &attr : dwarf_attr(lines, DW_AT_GNU_dwo_name,
	    &attr));

	if (name == NULL)
		name = "the .dwo file";
	if (s->dwp == NULL)
		m->missing = xasprintf("%s: its debug data is split, and %s is "
		    "not found beside it, nor where it was compiled, nor is "
		    "there a .dwp file", m->path, name);
	else
		m->missing = xasprintf("%s: its debug data is split, and %s is "
		    "not found beside it, nor where it was compiled, nor in "
		    "%s, which is damaged or of another build", m->path, name,
		    dwp_path(s->dwp));
}

void
split_find(struct modules *ms, struct module *m, struct split **split,
    Dwarf_Die *lines, Dwarf_Die *die)
{
	Dwarf_Half version;
	uint8_t type = 0;

	/* libdw looks for the .dwo beside the file, and where it was compiled. */
	if (dwarf_cu_info(lines->cu, &version, &type, NULL, die, NULL, NULL,
	    NULL) == 0 && type == DW_UT_skeleton && die->addr != NULL)
		return;
	*die = *lines;
	if (type != DW_UT_skeleton)
		return;
	if (*split == NULL) {
		*split = xcalloc(1, sizeof **split);
		(*split)->dwp = dwp_open(ms, m);
	}
	if (find_in_packages(*split, lines, die) == 0)
		return;
	*die = *lines;
	if (m->missing == NULL)
		say_missing(*split, m, lines);
}
