/* SPDX-License-Identifier: ISC */
#include "module/excerpt.h"

#include <dwarf.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "module/inflate.h"
#include "module/reader.h"
#include "xalloc.h"

#define LENGTH_MAX 12			/* bytes of a length */
#define UNITS_MAX 4096
#define UNIT_MOSTLY ((size_t)128 << 10)	/* what a unit is not larger than */

/* A set of .debug_aranges, and the unit that it is about (DWARF 5, 6.1.2). */
struct set {
	const unsigned char *bytes;
	size_t size;
	size_t offset_at, offset_size;	/* of the offset, in the bytes */
	uint64_t offset;		/* of the unit */
	const unsigned char *unit;
	size_t unit_size;
};

struct excerpt {
	struct set *set;
	size_t count, cap;
	size_t sets_size, units_size;
};

/*
 * Has a table of abbreviations a form that leads out of the unit? Implicit
 * constants stand in the table, behind their form.
 */
static int
leads_out(const unsigned char *abbrev, size_t size, uint64_t offset)
{
	struct reader r = { .at = abbrev, .end = abbrev + size };

	if (offset >= size)
		return 1;
	r.at += offset;
	while (reader_uleb(&r) != 0) {
		uint64_t name, form;

		reader_uleb(&r);
		reader_take(&r, 1);
		do {
			name = reader_uleb(&r);
			form = reader_uleb(&r);
			if (form == DW_FORM_implicit_const)
				reader_uleb(&r);
			if (form == DW_FORM_ref_addr ||
			    form == DW_FORM_ref_sig8 ||
			    form == DW_FORM_indirect)
				return 1;
		} while (name != 0 || form != 0);
	}
	return r.failed;
}

/*
 * The set at *R, which goes on behind it. Returns 1 when one of the addresses
 * is in it.
 */
static int
read_set(struct reader *r, struct set *s, const Dwarf_Addr *address,
    size_t count)
{
	struct reader in = *r;
	uint64_t length = reader_length(&in, &s->offset_size), start, size;
	int found = 0;

	if (length > (size_t)(in.end - in.at)) {
		r->failed = 1;
		return 0;
	}
	in.end = in.at + length;
	s->bytes = r->at;
	s->size = (size_t)(in.end - r->at);
	r->at = in.end;
	if (reader_take(&in, 2) != 2)
		return 0;
	s->offset_at = (size_t)(in.at - s->bytes);
	s->offset = reader_take(&in, s->offset_size);
	if (reader_take(&in, 1) != sizeof(Dwarf_Addr) ||
	    reader_take(&in, 1) != 0)
		return 0;
	/* Pairs stand at multiples of their size, from the set's beginning. */
	while ((size_t)(in.at - s->bytes) % (2 * sizeof(Dwarf_Addr)) != 0 &&
	    !in.failed)
		reader_take(&in, 1);
	while (!found) {
		size_t i;

		start = reader_take(&in, sizeof(Dwarf_Addr));
		size = reader_take(&in, sizeof(Dwarf_Addr));
		if (start == 0 && size == 0)
			break;
		i = bisect_below(address, count, sizeof *address, 0, start);
		found = i < count && address[i] - start < size;
	}
	return found && !in.failed;
}

/* The sets of the addresses; returns the offset of the last of their units. */
static uint64_t
find_sets(struct excerpt *e, struct inflation *f, const Dwarf_Addr *address,
    size_t count)
{
	struct reader r = { 0 };
	uint64_t last = 0;
	size_t size = 0;

	r.at = inflate_section(f, ".debug_aranges", SIZE_MAX, &size);
	r.end = r.at == NULL ? NULL : r.at + size;
	while (r.at < r.end && !r.failed && e->count < UNITS_MAX) {
		struct set s = { 0 };

		if (read_set(&r, &s, address, count) == 0)
			continue;
		xgrow(&e->set, &e->cap, e->count, sizeof *e->set);
		e->set[e->count++] = s;
		if (s.offset > last)
			last = s.offset;
	}
	return last;
}

/*
 * The bytes of .debug_info at OFFSET, in *R: SIZE of them, or all that there
 * are. Returns -1 when there is nothing.
 */
static int
read_info(struct inflation *f, uint64_t offset, uint64_t size,
    struct reader *r)
{
	const unsigned char *info;
	size_t have;

	if (offset > SIZE_MAX / 2 || size > SIZE_MAX / 2)
		return -1;
	info = inflate_section(f, ".debug_info", (size_t)(offset + size),
	    &have);
	if (info == NULL || offset >= have)
		return -1;
	have -= (size_t)offset;
	r->failed = 0;
	r->at = info + offset;
	r->end = r->at + (have < size ? have : size);
	return 0;
}

/* Find the unit of S. Returns -1 when it cannot stand alone. */
static int
find_unit(struct inflation *f, struct set *s)
{
	const unsigned char *abbrev;
	uint64_t length, version, table;
	size_t size, offset_size;
	struct reader r;

	if (read_info(f, s->offset, LENGTH_MAX, &r) == -1)
		return -1;
	s->unit = r.at;
	length = reader_length(&r, &offset_size);
	s->unit_size = (size_t)(r.at - s->unit);
	if (r.failed || length > SIZE_MAX / 4 ||
	    read_info(f, s->offset + s->unit_size, length, &r) == -1 ||
	    (size_t)(r.end - r.at) < length)
		return -1;
	s->unit_size += (size_t)length;
	version = reader_take(&r, 2);
	if (version == 5) {
		if (reader_take(&r, 1) != DW_UT_compile)
			return -1;
		reader_take(&r, 1);
	}
	table = reader_take(&r, offset_size);
	abbrev = inflate_section(f, ".debug_abbrev", SIZE_MAX, &size);
	return r.failed || version < 2 || version > 5 || abbrev == NULL ||
	    leads_out(abbrev, size, table) ? -1 : 0;
}

/* What cannot stand alone is left out. */
static void
find_units(struct excerpt *e, struct inflation *f)
{
	size_t n = 0;

	for (size_t i = 0; i < e->count; i++)
		if (find_unit(f, &e->set[i]) == 0) {
			e->set[n] = e->set[i];
			e->sets_size += e->set[n].size;
			e->units_size += e->set[n++].unit_size;
		}
	e->count = n;
}

/* The sets tell where their units went. */
static void
write_sets(const struct excerpt *e, unsigned char *to)
{
	uint64_t offset = 0;

	for (size_t i = 0; i < e->count; i++) {
		const struct set *s = &e->set[i];
		uint32_t four = (uint32_t)offset;

		memcpy(to, s->bytes, s->size);
		if (s->offset_size == sizeof four)
			memcpy(to + s->offset_at, &four, sizeof four);
		else
			memcpy(to + s->offset_at, &offset, sizeof offset);
		offset += s->unit_size;
		to += s->size;
	}
}

static void
write_units(const struct excerpt *e, unsigned char *to)
{
	for (size_t i = 0; i < e->count; i++) {
		memcpy(to, e->set[i].unit, e->set[i].unit_size);
		to += e->set[i].unit_size;
	}
}

Dwarf *
excerpt_make(struct inflation *f, const Dwarf_Addr *address, size_t count)
{
	struct stand_in in[2] = {
		{ .name = ".debug_aranges" }, { .name = ".debug_info" }
	};
	struct excerpt e = { 0 };
	uint64_t last = find_sets(&e, f, address, count);
	unsigned char *room;
	Elf *elf = NULL;

	if (e.count > 0) {
		inflate_no_more(f, in[1].name, (size_t)last + UNIT_MOSTLY);
		if (inflate_others(f, in, 2) == 0)
			find_units(&e, f);
	}
	in[0].size = in[1].at = e.sets_size;
	in[1].size = e.units_size;
	room = e.units_size == 0 ? NULL :
	    inflate_room(f, e.sets_size + e.units_size);
	if (room != NULL) {
		write_sets(&e, room + in[0].at);
		write_units(&e, room + in[1].at);
		elf = inflate_with(f, in, 2);
	}
	free(e.set);
	return elf == NULL ? NULL : dwarf_begin_elf(elf, DWARF_C_READ, NULL);
}
