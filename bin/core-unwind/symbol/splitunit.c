/* SPDX-License-Identifier: ISC */
#include "symbol/splitunit.h"

#include <dwarf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "module/dwp.h"
#include "module/image.h"
#include "module/reader.h"
#include "symbol/skeleton.h"
#include "xalloc.h"

#define ID 8
#define ENTRY_MAX 64			/* bytes added to an abbreviation */
#define ADDRESSES_MAX ((size_t)16 << 20)

struct span {
	const unsigned char *at, *end;
};

/* The half of a unit, taken apart. */
struct half {
	unsigned version, address_size;
	size_t offset_size;
	struct span unit;		/* in .debug_info.dwo */
	size_t type_at, abbrev_at;	/* in the unit's header, */
	size_t header;			/* which ends here, but for an ID */
	struct span code, rest;		/* its DIE: the abbreviation's code, all
					   behind it */
	struct span abbrev;		/* the unit's table of abbreviations */
	struct span entry, specs;	/* the DIE's in it, and its attributes */
	struct span id_spec;		/* before 5 the ID is an attribute */
	size_t id_at;			/* in the unit */
};

/* The whole, in memory of its own. */
struct whole {
	unsigned char *info, *abbrev, *addresses;
	size_t info_size, abbrev_size, addresses_size;
};

static int
read_header(struct half *h, const struct dwp_half *from, uint64_t id)
{
	const struct dwp_section *info = &from->section[DWP_INFO];
	const struct dwp_section *abbrev = &from->section[DWP_ABBREV];
	struct reader r = { .at = info->data, .end = info->data + info->size };
	uint64_t length, table;

	h->unit.at = r.at;
	length = reader_length(&r, &h->offset_size);
	if (length > (size_t)(r.end - r.at))
		return -1;
	r.end = h->unit.end = r.at + length;
	h->version = (unsigned)reader_take(&r, 2);
	h->type_at = (size_t)(r.at - h->unit.at);
	if (h->version < 2 || h->version > 5 ||
	    (h->version == 5) != (from->version == 5) ||
	    (h->version == 5 && reader_take(&r, 1) != DW_UT_split_compile))
		return -1;
	if (h->version == 5)
		h->address_size = (unsigned)reader_take(&r, 1);
	h->abbrev_at = (size_t)(r.at - h->unit.at);
	table = reader_take(&r, h->offset_size);
	if (h->version < 5)
		h->address_size = (unsigned)reader_take(&r, 1);
	h->header = (size_t)(r.at - h->unit.at);
	if (h->version == 5 && reader_take(&r, ID) != id)
		return -1;
	h->code.at = r.at;
	reader_uleb(&r);
	h->code.end = h->rest.at = r.at;
	h->rest.end = r.end;
	if (r.failed || table > abbrev->size ||
	    (h->address_size != 4 && h->address_size != 8))
		return -1;
	h->abbrev.at = abbrev->data + table;
	h->abbrev.end = abbrev->data + abbrev->size;
	return 0;
}

/* The attribute at *R and its form; returns 0 behind the last. */
static int
next_spec(struct reader *r, uint64_t *name, uint64_t *form)
{
	*name = reader_uleb(r);
	*form = reader_uleb(r);
	if (*form == DW_FORM_implicit_const)
		reader_uleb(r);
	return *name != 0 || *form != 0;
}

/* Find what the abbreviation of the unit's DIE is. */
static int
read_entry(struct half *h)
{
	struct reader r = { .at = h->abbrev.at, .end = h->abbrev.end };
	struct reader code = { .at = h->code.at, .end = h->code.end };
	uint64_t want = reader_uleb(&code), have, tag, name, form;

	do {
		h->entry.at = r.at;
		have = reader_uleb(&r);
		tag = reader_uleb(&r);
		reader_take(&r, 1);
		h->specs.at = h->specs.end = r.at;
		while (next_spec(&r, &name, &form))
			h->specs.end = r.at;
		h->entry.end = r.at;
	} while (have != want && have != 0 && !r.failed);
	return r.failed || have == 0 || have != want ||
	    tag != DW_TAG_compile_unit ? -1 : 0;
}

/* Step over a value; returns -1 for a form that is not expected there. */
static int
skip_value(struct reader *r, uint64_t form, const struct half *h)
{
	switch (form) {
	case DW_FORM_flag_present:
	case DW_FORM_implicit_const:
		return 0;
	case DW_FORM_data1:
	case DW_FORM_flag:
		reader_take(r, 1);
		return 0;
	case DW_FORM_data2:
		reader_take(r, 2);
		return 0;
	case DW_FORM_data4:
		reader_take(r, 4);
		return 0;
	case DW_FORM_sec_offset:
	case DW_FORM_strp:
		reader_take(r, h->offset_size);
		return 0;
	case DW_FORM_data8:
		reader_take(r, 8);
		return 0;
	case DW_FORM_addr:
		reader_take(r, h->address_size);
		return 0;
	case DW_FORM_udata:
	case DW_FORM_sdata:
	case DW_FORM_GNU_str_index:
	case DW_FORM_GNU_addr_index:
		reader_uleb(r);
		return 0;
	case DW_FORM_string:
		while (reader_take(r, 1) != 0)
			;
		return 0;
	default:
		return -1;
	}
}

/* Before DWARF 5 the ID is an attribute of the unit's DIE. */
static int
read_id(struct half *h, uint64_t id)
{
	struct reader specs = { .at = h->specs.at, .end = h->specs.end };
	struct reader value = { .at = h->rest.at, .end = h->rest.end };
	uint64_t name, form;

	while (specs.at < specs.end) {
		h->id_spec.at = specs.at;
		next_spec(&specs, &name, &form);
		h->id_spec.end = specs.at;
		if (name == DW_AT_GNU_dwo_id && form == DW_FORM_data8) {
			h->id_at = (size_t)(value.at - h->unit.at);
			return reader_take(&value, ID) == id &&
			    !value.failed ? 0 : -1;
		}
		if (skip_value(&value, form, h) == -1)
			return -1;
	}
	return -1;
}

static void
put(unsigned char **to, const void *bytes, size_t size)
{
	if (size > 0)
		memcpy(*to, bytes, size);
	*to += size;
}

static void
put_span(unsigned char **to, const unsigned char *at, const unsigned char *end)
{
	put(to, at, (size_t)(end - at));
}

/* An attribute and its form. */
static void
put_spec(unsigned char **to, unsigned name, unsigned form)
{
	for (; name >= 0x80; name >>= 7)
		*(*to)++ = (unsigned char)(name | 0x80);
	*(*to)++ = (unsigned char)name;
	*(*to)++ = (unsigned char)form;
}

/* The unit's abbreviation with the address in it, and then all others. */
static void
write_abbrev(const struct half *h, struct whole *w)
{
	unsigned char *to;

	to = w->abbrev = xcalloc(1, ENTRY_MAX +
	    (size_t)(h->abbrev.end - h->abbrev.at));
	put_span(&to, h->entry.at, h->specs.at);
	if (h->version == 5) {
		put_spec(&to, DW_AT_low_pc, DW_FORM_addrx4);
		put_spec(&to, DW_AT_hi_user, DW_FORM_data4);
		put_span(&to, h->specs.at, h->specs.end);
	} else {
		put_span(&to, h->specs.at, h->id_spec.at);
		put_spec(&to, DW_AT_low_pc, DW_FORM_addr);
		if (h->address_size == 4)
			put_spec(&to, DW_AT_hi_user, DW_FORM_data4);
		put_span(&to, h->id_spec.end, h->specs.end);
		/* To libdw this says that it is split: its lists differ. */
		put_spec(&to, DW_AT_GNU_dwo_id, DW_FORM_implicit_const);
		*to++ = 1;
	}
	to += 2;				/* the end of the entry */
	put_span(&to, h->abbrev.at, h->entry.at);
	put_span(&to, h->entry.end, h->abbrev.end);
	w->abbrev_size = (size_t)(to - w->abbrev);
}

/* By an index behind all others: an address has no room beside a table. */
static void
write_unit5(const struct half *h, const struct skeleton *s, struct whole *w)
{
	unsigned char *to = w->info + h->header;
	uint32_t index = (uint32_t)(s->addresses_size / h->address_size);
	uint32_t four = (uint32_t)s->low_pc, none = 0;

	memcpy(w->info, h->unit.at, h->header);
	w->info[h->type_at] = DW_UT_compile;
	memset(w->info + h->abbrev_at, 0, h->offset_size);
	put_span(&to, h->code.at, h->code.end);
	put(&to, &index, sizeof index);
	put(&to, &none, sizeof none);
	put_span(&to, h->rest.at, h->rest.end);
	w->addresses = to = xmalloc(((size_t)index + 1) * h->address_size);
	put(&to, s->addresses, (size_t)index * h->address_size);
	if (h->address_size == sizeof four)
		put(&to, &four, sizeof four);
	else
		put(&to, &s->low_pc, sizeof s->low_pc);
	w->addresses_size = (size_t)(to - w->addresses);
}

static void
write_unit(const struct half *h, const struct skeleton *s, struct whole *w)
{
	unsigned char *to = w->info + h->id_at;
	uint32_t four = (uint32_t)s->low_pc;

	memcpy(w->info, h->unit.at, w->info_size);
	memset(w->info + h->abbrev_at, 0, h->offset_size);
	if (h->address_size == sizeof four) {
		put(&to, &four, sizeof four);
		memset(to, 0, sizeof four);
	} else
		put(&to, &s->low_pc, sizeof s->low_pc);
}

static Dwarf *
open_whole(const struct whole *w, const struct skeleton *s,
    const struct dwp_half *from)
{
	const struct dwp_section *half = from->section;
	int is5 = from->version == 5;
	const struct image_section section[] = {
		{ ".debug_info", w->info, w->info_size },
		{ ".debug_abbrev", w->abbrev, w->abbrev_size },
		{ ".debug_addr", is5 ? w->addresses : s->addresses,
		    is5 ? w->addresses_size : s->addresses_size },
		{ ".debug_ranges", s->ranges, s->ranges_size },
		{ ".debug_rnglists", half[DWP_RNGLISTS].data,
		    half[DWP_RNGLISTS].size },
		{ is5 ? ".debug_loclists" : ".debug_loc",
		    half[DWP_LOCATIONS].data, half[DWP_LOCATIONS].size },
		{ ".debug_str_offsets", half[DWP_STR_OFFSETS].data,
		    half[DWP_STR_OFFSETS].size },
		{ ".debug_str", from->strings.data, from->strings.size }
	};

	return image_dwarf(section, sizeof section / sizeof section[0]);
}

int
splitunit_join(const struct skeleton *s, const struct dwp_half *from,
    Dwarf_Die *die)
{
	struct half h;
	struct whole w;
	Dwarf *dw;
	Elf *elf;

	memset(&h, 0, sizeof h);
	memset(&w, 0, sizeof w);
	if (from->section[DWP_INFO].size == 0 ||
	    from->section[DWP_ABBREV].size == 0 ||
	    read_header(&h, from, s->id) == -1 || read_entry(&h) == -1 ||
	    (h.version < 5 && read_id(&h, s->id) == -1) ||
	    (h.version == 5 && s->addresses_size > ADDRESSES_MAX))
		return -1;
	w.info_size = (size_t)(h.unit.end - h.unit.at);
	w.info = xmalloc(w.info_size);
	write_abbrev(&h, &w);
	if (h.version == 5)
		write_unit5(&h, s, &w);
	else
		write_unit(&h, s, &w);
	dw = open_whole(&w, s, from);
	if (dw != NULL && dwarf_offdie(dw, h.header, die) != NULL)
		return 0;
	elf = dwarf_getelf(dw);
	dwarf_end(dw);
	elf_end(elf);
	free(w.info);
	free(w.abbrev);
	free(w.addresses);
	return -1;
}
