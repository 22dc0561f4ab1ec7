/* SPDX-License-Identifier: ISC */
#include "symbol/sourceline.h"

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <stdlib.h>
#include <string.h>

#include "module/module.h"
#include "symbol/demangle.h"
#include "symbol/dwscope.h"
#include "symbol/linetable.h"
#include "symbol/localname.h"
#include "symbol/scopes.h"
#include "symbol/units.h"
#include "xalloc.h"

#define INLINES_MAX 256

/* DIE, or what it is an instance of: that one stands in its namespace. */
static Dwarf_Die
declaration(Dwarf_Die die)
{
	static const unsigned links[] = {
		DW_AT_abstract_origin, DW_AT_specification
	};
	Dwarf_Attribute attr;
	Dwarf_Die next;

	for (int depth = 0; depth < 8; depth++) {
		size_t i;

		for (i = 0; i < 2; i++)
			if (dwarf_attr(&die, links[i], &attr) != NULL &&
			    dwarf_formref_die(&attr, &next) != NULL)
				break;
		if (i == 2)
			break;
		die = next;
	}
	return die;
}

static char *function_name(struct dwscopes *, Dwarf_Die *);

/* "main::shelf::" before NAME, as its linkage name would have it; or NULL. */
static char *
local_name(struct dwscopes *s, Dwarf_Die *die, const char *name)
{
	struct localname l;
	char *text, *longer;

	if (localname_find(die, &l) == -1)
		return NULL;
	text = function_name(s, &l.function);
	for (int i = 0; text != NULL && i <= l.count; i++) {
		const char *part = i == l.count ? name :
		    dwarf_diename(&l.inside[i]);

		if (part == NULL)
			part = strcmp(name, "operator()") == 0 ? "{lambda}" :
			    "{unnamed type}";
		longer = xasprintf("%s::%s", text, part);
		free(text);
		text = longer;
	}
	return text;
}

static char *
function_name(struct dwscopes *s, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die here;
	const char *name = NULL;
	char *text;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attr) != NULL ||
	    dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attr) != NULL)
		name = dwarf_formstring(&attr);
	if (name != NULL)
		return demangle(name);
	if (dwarf_attr_integrate(die, DW_AT_name, &attr) != NULL)
		name = dwarf_formstring(&attr);
	if (name == NULL)
		return NULL;
	/* What has internal linkage has no linkage name: its scopes tell. */
	here = declaration(*die);
	text = local_name(s, &here, name);
	return text != NULL ? text :
	    xasprintf("%s%s", dwscopes_prefix(s, &here), name);
}

/*
 * Where the inlined call DIE was made from. The files of a split unit are those
 * of its skeleton (DWARF 5, 7.3.2.2); the table in a .dwo is for types, and
 * clang's has others.
 */
static void
call_site(struct unit *unit, Dwarf_Die *die, struct location *l)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	Dwarf_Files *files;
	size_t nfiles;

	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attr),
	    &value) == 0 && dwarf_getsrcfiles(&unit->lines, &files,
	    &nfiles) == 0 && value < nfiles) {
		const char *name = dwarf_filesrc(files, value, NULL, NULL);

		l->file = name == NULL ? NULL : xstrdup(name);
	}
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attr),
	    &value) == 0 && value <= INT32_MAX)
		l->line = (int)value;
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_column, &attr),
	    &value) == 0 && value <= INT32_MAX)
		l->column = (int)value;
}

static void
source_line(Dwarf_Die *unit, Dwarf_Addr address, struct location *l)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, address);
	const char *file;

	if (line == NULL)
		return;
	file = dwarf_linesrc(line, NULL, NULL);
	l->file = file == NULL ? NULL : xstrdup(file);
	dwarf_lineno(line, &l->line);
	dwarf_linecol(line, &l->column);
}

/* What libdw would not read with care is not asked for, and M misses it. */
static void
drop_damaged(struct module *m, struct unit *unit)
{
	static const Dwarf_Die none;

	if (!linetable_is_damaged(&unit->lines))
		return;
	unit->lines = none;
	if (m->missing == NULL)
		m->missing = xasprintf("%s: a line table in its debug data is "
		    "damaged", m->path);
}

/*
 * SCOPES are those around the address, innermost first. Each inlined call
 * becomes a location, and tells where it was called from: that is the line of
 * the location after it.
 */
static void
locate(struct dwscopes *s, struct symbol *sym, uint64_t bias,
    struct unit *unit, const struct scopes *scopes)
{
	struct location here = { 0 };
	size_t cap = 0;

	source_line(&unit->lines, sym->address - bias, &here);
	for (size_t i = 0; i < scopes->count && sym->count < INLINES_MAX; i++) {
		Dwarf_Die *die = &scopes->die[i];
		int tag = dwarf_tag(die);
		Dwarf_Addr start;

		if (tag != DW_TAG_inlined_subroutine &&
		    tag != DW_TAG_subprogram)
			continue;
		here.function = function_name(s, die);
		here.is_inline = tag == DW_TAG_inlined_subroutine;
		xgrow(&sym->location, &cap, sym->count, sizeof here);
		sym->location[sym->count++] = here;
		memset(&here, 0, sizeof here);
		if (tag == DW_TAG_subprogram) {
			if (sym->function_start == 0 &&
			    dwarf_entrypc(die, &start) == 0)
				sym->function_start = start + bias;
			return;
		}
		call_site(unit, die, &here);
	}
	/* No function around it: assembly has lines, but no DIE. */
	if (here.file != NULL || here.line != 0) {
		xgrow(&sym->location, &cap, sym->count, sizeof here);
		sym->location[sym->count++] = here;
	}
}

/* SYMS, COUNT of them, are all of UNIT. */
static void
resolve_unit(struct dwscopes *s, struct module *m, struct unit *unit,
    struct symbol *syms, size_t count, volatile const int *expired)
{
	Dwarf_Addr *address = xreallocarray(NULL, count, sizeof *address);
	struct scopes *found = xreallocarray(NULL, count, sizeof *found);

	for (size_t i = 0; i < count; i++)
		address[i] = syms[i].address - m->bias;
	drop_damaged(m, unit);
	scopes_find(&unit->die, address, count, found, expired);
	for (size_t i = 0; i < count; i++) {
		locate(s, &syms[i], m->bias, unit, &found[i]);
		scopes_release(&found[i]);
	}
	free(found);
	free(address);
}

static void
want_units(struct module *m, const struct symbol *syms, size_t count)
{
	Dwarf_Addr *address = xreallocarray(NULL, count, sizeof *address);

	for (size_t i = 0; i < count; i++)
		address[i] = syms[i].address - m->bias;
	units_want(m, address, count);
	free(address);
}

void
sourceline_resolve(struct modules *ms, struct module *m, struct symbol *syms,
    size_t count, volatile const int *expired)
{
	struct dwscopes *s;
	struct unit unit, next;
	size_t i = 0, last;

	if (m->dwarf_elf == NULL)
		return;
	want_units(m, syms, count);
	s = dwscopes_new();
	while (i < count && !*expired) {
		if (units_find(ms, m, syms[i].address - m->bias, &unit) == -1) {
			i++;
			continue;
		}
		/* They are in order: those of a unit mostly stand together. */
		for (last = i + 1; last < count && units_find(ms, m,
		    syms[last].address - m->bias, &next) == 0 &&
		    next.die.addr == unit.die.addr; last++)
			;
		resolve_unit(s, m, &unit, syms + i, last - i, expired);
		i = last;
	}
	dwscopes_free(s);
}
