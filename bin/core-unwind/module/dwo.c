/* SPDX-License-Identifier: ISC */
#include "module/dwo.h"

#include <dwarf.h>
#include <gelf.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "module/dwp.h"
#include "module/reader.h"
#include "module/section.h"
#include "target/regular.h"
#include "xalloc.h"

#define UNITS_MAX ((size_t)1 << 20)

struct unit {
	uint64_t signature;		/* of a type's */
	const unsigned char *at;
	size_t size;
	int version, is_of_types;	/* in .debug_types.dwo */
};

struct units {
	struct unit *unit;
	size_t count, cap;
};

struct dwo {
	Elf *elf;
	struct units compiled;
	struct units types;		/* in the order of their signatures */
	struct dwp_half rest;		/* what all of them have in common */
};

/* What no unit has a section of its own of, in either version. */
static const struct {
	const char *name;
	int number;
} common[] = {
	{ ".debug_abbrev.dwo", DWP_ABBREV },
	{ ".debug_loc.dwo", DWP_LOCATIONS },
	{ ".debug_loclists.dwo", DWP_LOCATIONS },
	{ ".debug_str_offsets.dwo", DWP_STR_OFFSETS },
	{ ".debug_rnglists.dwo", DWP_RNGLISTS }
};

/* The unit at *R, which goes on behind it. Returns -1 when it is broken. */
static int
read_unit(struct dwo *d, struct reader *r, int is_of_types)
{
	struct unit u = { .at = r->at, .is_of_types = is_of_types };
	struct units *to = is_of_types ? &d->types : &d->compiled;
	struct reader in = *r;
	size_t offset_size;
	uint64_t length = reader_length(&in, &offset_size), type = 0;

	if (in.failed || length > (size_t)(in.end - in.at))
		return -1;
	r->at = in.end = in.at + length;
	u.size = (size_t)(in.end - u.at);
	u.version = (int)reader_take(&in, 2);
	if (u.version == 5) {
		type = reader_take(&in, 1);
		if (type == DW_UT_split_type)
			to = &d->types;
		reader_take(&in, 1);
	}
	reader_take(&in, offset_size);
	if (u.version < 5)
		reader_take(&in, 1);
	/* There a compilation unit has its ID, or nothing yet. */
	if (to == &d->types)
		u.signature = reader_take(&in, sizeof u.signature);
	if (in.failed || u.version < 2 || u.version > 5)
		return 0;
	xgrow(&to->unit, &to->cap, to->count, sizeof *to->unit);
	to->unit[to->count++] = u;
	return 0;
}

static void
read_section(struct dwo *d, Elf_Scn *scn, const char *name)
{
	int is_of_types = strcmp(name, ".debug_types.dwo") == 0;
	const Elf_Data *data;
	struct reader r = { 0 };

	if (!is_of_types && strcmp(name, ".debug_info.dwo") != 0)
		return;
	data = section_bytes(scn);
	if (data == NULL)
		return;
	r.at = data->d_buf;
	r.end = r.at + data->d_size;
	while (r.at < r.end &&
	    d->types.count + d->compiled.count < UNITS_MAX &&
	    read_unit(d, &r, is_of_types) == 0)
		;
}

static int
by_signature(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;

	return x->signature < y->signature ? -1 :
	    x->signature > y->signature;
}

static struct dwp_section
section_of(Elf *elf, const char *name)
{
	const Elf_Data *data = section_data(elf, name);

	return data == NULL ? (struct dwp_section){ .size = 0 } :
	    (struct dwp_section){ data->d_buf, data->d_size };
}

struct dwo *
dwo_of(Elf *elf)
{
	struct dwo *d = xcalloc(1, sizeof *d);
	Elf_Scn *scn = NULL;
	size_t names;

	d->elf = elf;
	if (elf_getshdrstrndx(elf, &names) == -1)
		return d;
	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		GElf_Shdr sh;
		const char *name = gelf_getshdr(scn, &sh) == NULL ? NULL :
		    elf_strptr(elf, names, sh.sh_name);

		if (name != NULL && sh.sh_type != SHT_NOBITS)
			read_section(d, scn, name);
	}
	if (d->types.count > 0)
		qsort(d->types.unit, d->types.count, sizeof *d->types.unit,
		    by_signature);
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (d->rest.section[common[i].number].size == 0)
			d->rest.section[common[i].number] = section_of(elf,
			    common[i].name);
	d->rest.strings = section_of(elf, ".debug_str.dwo");
	return d;
}

struct dwo *
dwo_open(const char *path)
{
	int fd = regular_open(path);
	struct dwo *d = NULL;
	Elf *elf;

	if (fd == -1)
		return NULL;
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (section_is_native(elf))
		d = dwo_of(elf);
	else
		elf_end(elf);
	/* It is mapped: there are as many as there are units with frames. */
	if (d != NULL)
		elf_cntl(elf, ELF_C_FDDONE);
	close(fd);
	return d;
}

void
dwo_close(struct dwo *d)
{
	elf_end(d->elf);
	free(d->compiled.unit);
	free(d->types.unit);
	free(d);
}

static void
take_unit(const struct dwo *d, const struct unit *u, struct dwp_half *half)
{
	int number = u->is_of_types ? DWP_TYPES : DWP_INFO;

	*half = d->rest;
	half->version = u->version == 5 ? 5 : 2;
	half->section[number].data = u->at;
	half->section[number].size = u->size;
}

int
dwo_unit(const struct dwo *d, size_t i, struct dwp_half *half)
{
	if (i >= d->compiled.count)
		return -1;
	take_unit(d, &d->compiled.unit[i], half);
	return 0;
}

int
dwo_type(const struct dwo *d, uint64_t signature, struct dwp_half *half)
{
	size_t i = BISECT_BELOW(d->types.unit, d->types.count, signature,
	    signature);

	if (i == d->types.count || d->types.unit[i].signature != signature)
		return -1;
	take_unit(d, &d->types.unit[i], half);
	return 0;
}
