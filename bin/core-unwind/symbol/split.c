/* SPDX-License-Identifier: ISC */
#include "symbol/split.h"

#include <dwarf.h>

#include <stdlib.h>
#include <string.h>

#include "module/dwo.h"
#include "module/dwp.h"
#include "module/module.h"
#include "symbol/skeleton.h"
#include "symbol/splitunit.h"
#include "symbol/typeunit.h"
#include "symbol/units.h"
#include "xalloc.h"

#define COPIED_MAX ((uint64_t)256 << 20)
#define PLACES 3

/* A split unit, by its ID, and its half, if it is there. */
struct half {
	uint64_t id;
	int is_there;
	Dwarf_Die die;
};

struct split {
	struct dwp *dwp;		/* the packages, or NULL */
	struct typeunits *types;	/* those in them */
	struct half *half;
	size_t count, cap;
	uint64_t copied;		/* bytes of the halves */
};

static int
join(struct split *s, const struct skeleton *skeleton,
    const struct dwp_half *from, struct half *half)
{
	uint64_t size = from->section[DWP_INFO].size +
	    from->section[DWP_ABBREV].size;

	if (size > COPIED_MAX - s->copied)
		return -1;
	s->copied += size;
	return splitunit_join(skeleton, from, &half->die);
}

static int
find_in_packages(struct split *s, const struct skeleton *skeleton,
    struct half *half)
{
	struct dwp_half from;

	if (s->dwp == NULL ||
	    dwp_find(s->dwp, skeleton->id, &from) == -1 ||
	    join(s, skeleton, &from, half) == -1)
		return -1;
	if (s->types == NULL)
		s->types = typeunits_of_packages(s->dwp);
	typeunits_serve(s->types, dwarf_cu_getdwarf(half->die.cu));
	return 0;
}

static const char *
string_of(Dwarf_Die *lines, unsigned name, unsigned gnu_name)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr(lines, name, &attr) != NULL ?
	    &attr : dwarf_attr(lines, gnu_name, &attr));
}

static const char *
dwo_name(Dwarf_Die *lines)
{
	return string_of(lines, DW_AT_dwo_name, DW_AT_GNU_dwo_name);
}

/* The Ith place where the file of LINES may lie; NULL when there is no such. */
static char *
place(const struct modules *ms, const struct module *m, Dwarf_Die *lines,
    int i)
{
	const char *name = dwo_name(lines), *root = ms->options->sysroot;
	const char *compiled = string_of(lines, DW_AT_comp_dir, 0);
	const char *from = m->debug_path != NULL ? m->debug_path :
	    m->file_path, *slash = from == NULL ? NULL : strrchr(from, '/');

	if (name == NULL)
		return NULL;
	if (i == 0)
		return name[0] == '/' || slash == NULL ? NULL :
		    xasprintf("%.*s/%s", (int)(slash - from), from, name);
	if (i == 1 && root == NULL)
		return NULL;
	root = i == 1 ? root : "";
	if (name[0] == '/')
		return xasprintf("%s%s", root, name);
	return compiled == NULL || compiled[0] != '/' ? NULL :
	    xasprintf("%s%s/%s", root, compiled, name);
}

static int
find_in_file(struct split *s, const char *path,
    const struct skeleton *skeleton, struct half *half)
{
	struct dwo *file = dwo_open(path);
	struct dwp_half from;

	for (size_t i = 0; file != NULL && dwo_unit(file, i, &from) == 0; i++)
		if (join(s, skeleton, &from, half) == 0) {
			typeunits_serve(typeunits_of_file(file),
			    dwarf_cu_getdwarf(half->die.cu));
			return 0;
		}
	if (file != NULL)
		dwo_close(file);
	return -1;
}

static int
find_in_files(const struct modules *ms, const struct module *m,
    struct split *s, Dwarf_Die *lines, const struct skeleton *skeleton,
    struct half *half)
{
	int found = -1;

	for (int i = 0; i < PLACES && found == -1 &&
	    !ms->options->no_files; i++) {
		char *path = place(ms, m, lines, i);

		if (path != NULL)
			found = find_in_file(s, path, skeleton, half);
		free(path);
	}
	return found;
}

/* The half of the skeleton that LINES is, or NULL. */
static const struct half *
find_half(const struct modules *ms, const struct module *m, struct split *s,
    Dwarf_Die *lines)
{
	struct skeleton skeleton;
	struct half *half;

	if (skeleton_read(lines, &skeleton) == -1)
		return NULL;
	for (size_t i = 0; i < s->count; i++)
		if (s->half[i].id == skeleton.id)
			return s->half[i].is_there ? &s->half[i] : NULL;
	xgrow(&s->half, &s->cap, s->count, sizeof *s->half);
	half = &s->half[s->count++];
	half->id = skeleton.id;
	half->is_there =
	    find_in_files(ms, m, s, lines, &skeleton, half) == 0 ||
	    find_in_packages(s, &skeleton, half) == 0;
	return half->is_there ? half : NULL;
}

static void
say_missing(const struct split *s, struct module *m, Dwarf_Die *lines)
{
	const char *name = dwo_name(lines);

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

/*
 * libdw looks for the .dwo beside the file, and where it was compiled, and sees
 * the first section of each name in it.
 */
static int
is_found_by_libdw(Dwarf_Die *lines, Dwarf_Die *die, uint8_t *type)
{
	Dwarf_Half version;

	return dwarf_cu_info(lines->cu, &version, type, NULL, die, NULL, NULL,
	    NULL) == 0 && *type == DW_UT_skeleton && die->addr != NULL;
}

void
split_find(struct modules *ms, struct module *m, struct split **split,
    struct unit *unit)
{
	const struct half *half;
	uint8_t type = 0;

	if (is_found_by_libdw(&unit->lines, &unit->die, &type)) {
		typeunits_serve_itself(dwarf_cu_getdwarf(unit->die.cu));
		return;
	}
	unit->die = unit->lines;
	if (type != DW_UT_skeleton)
		return;
	if (*split == NULL) {
		*split = xcalloc(1, sizeof **split);
		(*split)->dwp = dwp_open(ms, m);
	}
	half = find_half(ms, m, *split, &unit->lines);
	if (half != NULL)
		unit->die = half->die;
	else if (m->missing == NULL)
		say_missing(*split, m, &unit->lines);
}
