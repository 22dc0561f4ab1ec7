/* SPDX-License-Identifier: ISC */
#include "symbol/typeunit.h"

#include <dwarf.h>
#include <gelf.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "module/dwo.h"
#include "module/dwp.h"
#include "module/image.h"
#include "module/reader.h"
#include "xalloc.h"

#define SERVED_MAX 16384		/* each some 10 kB of libdw's */
#define SIGNATURE 8

struct type {
	uint64_t signature;
	int is_there;
	Dwarf_Die die;
};

struct typeunits {
	const struct dwp *packages;	/* one of these, */
	const struct dwo *file;
	Elf *elf;			/* or what is not looked at yet */
	struct type *type;		/* by signature */
	size_t count, cap;
};

/* Whose references lead where, in the order of their addresses. */
struct served {
	uint64_t dwarf;
	struct typeunits *types;
};

/* libdw has no room for it in what it hands to those who read types. */
static struct {
	struct served *served;
	size_t count, cap;
	size_t opened;			/* units */
} all;

static struct typeunits *
types_for(Dwarf *dw)
{
	uint64_t key = (uintptr_t)dw;
	size_t i = BISECT_BELOW(all.served, all.count, dwarf, key);

	return i < all.count && all.served[i].dwarf == key ?
	    all.served[i].types : NULL;
}

void
typeunits_serve(struct typeunits *types, Dwarf *dw)
{
	uint64_t key = (uintptr_t)dw;
	size_t i = BISECT_BELOW(all.served, all.count, dwarf, key);

	if (all.count == SERVED_MAX)
		return;
	xgrow(&all.served, &all.cap, all.count, sizeof *all.served);
	memmove(all.served + i + 1, all.served + i,
	    (all.count - i) * sizeof *all.served);
	all.count++;
	all.served[i].dwarf = key;
	all.served[i].types = types;
}

struct typeunits *
typeunits_of_packages(const struct dwp *packages)
{
	struct typeunits *t = xcalloc(1, sizeof *t);

	t->packages = packages;
	return t;
}

struct typeunits *
typeunits_of_file(const struct dwo *file)
{
	struct typeunits *t = xcalloc(1, sizeof *t);

	t->file = file;
	return t;
}

void
typeunits_serve_itself(Dwarf *dw)
{
	struct typeunits *t;

	if (types_for(dw) != NULL || all.count == SERVED_MAX)
		return;
	t = xcalloc(1, sizeof *t);
	t->elf = dwarf_getelf(dw);
	typeunits_serve(t, dw);
}

static int
find_unit(struct typeunits *t, uint64_t signature, struct dwp_half *half)
{
	if (t->packages != NULL)
		return dwp_type(t->packages, signature, half);
	if (t->file == NULL && t->elf != NULL)
		t->file = dwo_of(t->elf);
	return t->file == NULL ? -1 : dwo_type(t->file, signature, half);
}

/* Where in UNIT, or what begins there, its type is; 0 when it is damaged. */
static uint64_t
type_offset(const struct dwp_section *unit, int version, uint64_t signature)
{
	struct reader r = { .at = unit->data, .end = unit->data + unit->size };
	size_t offset_size;
	uint64_t length = reader_length(&r, &offset_size), its_version, offset;

	if (length > (size_t)(r.end - r.at))
		return 0;
	r.end = r.at + length;
	its_version = reader_take(&r, 2);
	if (version == 5 && (its_version != 5 ||
	    reader_take(&r, 1) != DW_UT_split_type))
		return 0;
	if (version < 5 && its_version != 4)
		return 0;
	/* The size of an address and where its abbreviations are; before 5 the
	   other way round. */
	reader_take(&r, 1);
	reader_take(&r, offset_size);
	if (reader_take(&r, SIGNATURE) != signature)
		return 0;
	offset = reader_take(&r, offset_size);
	return r.failed || offset < (size_t)(r.at - unit->data) ||
	    offset >= (size_t)(r.end - unit->data) ? 0 : offset;
}

/* The type at OFFSET in the unit that HALF is. */
static int
open_unit(const struct dwp_half *half, uint64_t offset, Dwarf_Die *die)
{
	static const char none[8];	/* libdw wants one */
	const struct dwp_section *from = half->section;
	int is5 = half->version == 5;
	const struct image_section section[] = {
		{ ".debug_info", is5 ? from[DWP_INFO].data :
		    (const void *)none, is5 ? from[DWP_INFO].size :
		    sizeof none },
		{ ".debug_types", from[DWP_TYPES].data,
		    is5 ? 0 : from[DWP_TYPES].size },
		{ ".debug_abbrev", from[DWP_ABBREV].data,
		    from[DWP_ABBREV].size },
		{ ".debug_str_offsets", from[DWP_STR_OFFSETS].data,
		    from[DWP_STR_OFFSETS].size },
		{ ".debug_str", half->strings.data, half->strings.size }
	};
	Dwarf *dw = image_dwarf(section, sizeof section / sizeof section[0]);
	Elf *elf;

	if (dw == NULL)
		return -1;
	if ((is5 ? dwarf_offdie(dw, offset, die) :
	    dwarf_offdie_types(dw, offset, die)) != NULL)
		return 0;
	elf = dwarf_getelf(dw);
	dwarf_end(dw);
	elf_end(elf);
	return -1;
}

static int
read_unit(struct typeunits *t, uint64_t signature, Dwarf_Die *die)
{
	struct dwp_half half;
	const struct dwp_section *unit;
	uint64_t offset;

	if (find_unit(t, signature, &half) == -1)
		return -1;
	unit = &half.section[half.version == 5 ? DWP_INFO : DWP_TYPES];
	offset = type_offset(unit, half.version, signature);
	if (offset == 0 || all.opened == SERVED_MAX)
		return -1;
	all.opened++;
	if (open_unit(&half, offset, die) == -1)
		return -1;
	typeunits_serve(t, dwarf_cu_getdwarf(die->cu));
	return 0;
}

static const struct type *
find_type(struct typeunits *t, uint64_t signature)
{
	size_t i = BISECT_BELOW(t->type, t->count, signature, signature);
	struct type type = { .signature = signature };

	if (i < t->count && t->type[i].signature == signature)
		return &t->type[i];
	if (t->count == SERVED_MAX)
		return NULL;
	type.is_there = read_unit(t, signature, &type.die) == 0;
	xgrow(&t->type, &t->cap, t->count, sizeof *t->type);
	memmove(t->type + i + 1, t->type + i,
	    (t->count++ - i) * sizeof *t->type);
	t->type[i] = type;
	return &t->type[i];
}

/* A section that libdw reads units of, which has AT in it. */
static int
is_around(Elf *elf, Elf_Scn *scn, size_t names, uintptr_t at)
{
	GElf_Shdr sh;
	const char *name = gelf_getshdr(scn, &sh) == NULL ||
	    sh.sh_type == SHT_NOBITS ? NULL :
	    elf_strptr(elf, names, sh.sh_name);
	const Elf_Data *data;
	uintptr_t start;

	if (name == NULL || (strstr(name, "debug_info") == NULL &&
	    strstr(name, "debug_types") == NULL))
		return 0;
	data = elf_getdata(scn, NULL);
	start = data == NULL ? 0 : (uintptr_t)data->d_buf;
	return data != NULL && at >= start && data->d_size >= SIGNATURE &&
	    at - start <= data->d_size - SIGNATURE;
}

/* libdw reads a signature without a look at where its section ends. */
static int
is_whole(const Dwarf_Attribute *attr)
{
	Elf *elf = dwarf_getelf(dwarf_cu_getdwarf(attr->cu));
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) == -1)
		return 0;
	while ((scn = elf_nextscn(elf, scn)) != NULL)
		if (is_around(elf, scn, names, (uintptr_t)attr->valp))
			return 1;
	return 0;
}

Dwarf_Die *
typeunit_die(Dwarf_Attribute *attr, Dwarf_Die *die)
{
	struct typeunits *types;
	const struct type *type;
	uint64_t signature;
	int by_signature = dwarf_whatform(attr) == DW_FORM_ref_sig8;

	if (by_signature && !is_whole(attr))
		return NULL;
	if (dwarf_formref_die(attr, die) != NULL)
		return die;
	if (!by_signature)
		return NULL;
	types = types_for(dwarf_cu_getdwarf(attr->cu));
	if (types == NULL)
		return NULL;
	memcpy(&signature, attr->valp, sizeof signature);
	type = find_type(types, signature);
	if (type == NULL || !type->is_there)
		return NULL;
	*die = type->die;
	return die;
}
