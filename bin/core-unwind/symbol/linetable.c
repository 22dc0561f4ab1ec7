/* SPDX-License-Identifier: ISC */
#include "symbol/linetable.h"

#include <dwarf.h>

#include <stdint.h>
#include <string.h>

#include "module/reader.h"
#include "module/section.h"

#define DWARF64 0xffffffffU
#define ULEB_MAX 10			/* libdw reads no longer ones */
#define FORMS_MAX 255			/* their number is a byte */
#define CUBIN_OFFSET 4			/* NVIDIA's may stand behind the files */

/* What is left of the header. */
struct header {
	struct reader r;
	int swapped, failed;
	size_t offset_size;
};

static uint64_t
take(struct header *h, size_t size)
{
	uint64_t value = reader_take(&h->r, size);

	if (!h->swapped)
		return value;
	switch (size) {
	case 2:
		return __builtin_bswap16((uint16_t)value);
	case 4:
		return __builtin_bswap32((uint32_t)value);
	case 8:
		return __builtin_bswap64(value);
	default:
		return value;
	}
}

static void
skip(struct header *h, uint64_t size)
{
	if (size > (size_t)(h->r.end - h->r.at))
		h->failed = 1;
	else
		h->r.at += size;
}

static uint64_t
take_uleb(struct header *h)
{
	const unsigned char *from = h->r.at;
	uint64_t value = reader_uleb(&h->r);

	if (h->r.at - from > ULEB_MAX)
		h->failed = 1;
	return value;
}

/* Step over a string; returns its length. */
static size_t
skip_string(struct header *h)
{
	size_t left = (size_t)(h->r.end - h->r.at), len;
	const unsigned char *end = left == 0 ? NULL : memchr(h->r.at, '\0',
	    left);

	if (end == NULL) {
		h->failed = 1;
		return 0;
	}
	len = (size_t)(end - h->r.at);
	h->r.at = end + 1;
	return len;
}

static int
is_broken(const struct header *h)
{
	return h->failed || h->r.failed;
}

/* Before DWARF 5: lists that end with an empty string. */
static void
skip_lists(struct header *h)
{
	while (skip_string(h) > 0 && !is_broken(h))
		;
	while (skip_string(h) > 0 && !is_broken(h))
		for (int i = 0; i < 3; i++)
			take_uleb(h);
}

/* A value of a directory or a file: forms of no bytes are none. */
static void
skip_value(struct header *h, uint16_t form)
{
	switch (form) {
	case DW_FORM_string:
		skip_string(h);
		return;
	case DW_FORM_strp: case DW_FORM_line_strp: case DW_FORM_strp_sup:
	case DW_FORM_GNU_strp_alt: case DW_FORM_sec_offset:
		skip(h, h->offset_size);
		return;
	case DW_FORM_udata: case DW_FORM_sdata: case DW_FORM_strx:
		take_uleb(h);
		return;
	case DW_FORM_data1: case DW_FORM_flag: case DW_FORM_strx1:
		skip(h, 1);
		return;
	case DW_FORM_data2: case DW_FORM_strx2:
		skip(h, 2);
		return;
	case DW_FORM_strx3:
		skip(h, 3);
		return;
	case DW_FORM_data4: case DW_FORM_strx4:
		skip(h, 4);
		return;
	case DW_FORM_data8:
		skip(h, 8);
		return;
	case DW_FORM_data16:
		skip(h, 16);
		return;
	case DW_FORM_block:
		skip(h, take_uleb(h));
		return;
	case DW_FORM_block1:
		skip(h, take(h, 1));
		return;
	case DW_FORM_block2:
		skip(h, take(h, 2));
		return;
	case DW_FORM_block4:
		skip(h, take(h, 4));
		return;
	default:
		h->failed = 1;
	}
}

/* Of DWARF 5: what an entry is made of, and the entries (6.2.4.1). */
static void
skip_entries(struct header *h)
{
	uint16_t form[FORMS_MAX];
	size_t forms = (size_t)take(h, 1);
	uint64_t entries;

	for (size_t i = 0; i < forms; i++) {
		take_uleb(h);
		/* So many bits of it libdw takes. */
		form[i] = (uint16_t)take_uleb(h);
	}
	entries = take_uleb(h);
	if (forms == 0 && entries != 0)
		h->failed = 1;
	for (; entries > 0 && !is_broken(h); entries--)
		for (size_t i = 0; i < forms && !is_broken(h); i++)
			skip_value(h, form[i]);
}

/* From the length of a table to that of its header; returns its version. */
static unsigned
read_lengths(struct header *h)
{
	uint64_t length = take(h, 4);
	unsigned version;

	h->offset_size = length == DWARF64 ? 8 : 4;
	if (h->offset_size == 8)
		length = take(h, 8);
	if (is_broken(h) || length > (size_t)(h->r.end - h->r.at))
		return 0;
	h->r.end = h->r.at + length;
	version = (unsigned)take(h, 2);
	if (version == 5)
		skip(h, 2);		/* of an address and a segment */
	length = take(h, h->offset_size);
	if (is_broken(h) || length > (size_t)(h->r.end - h->r.at))
		return 0;
	h->r.end = h->r.at + length;
	return version;
}

int
linetable_is_whole(const unsigned char *table, size_t size, int swapped)
{
	struct header h = { .r = { .at = table, .end = table + size },
	    .swapped = swapped };
	unsigned version = read_lengths(&h), opcodes;

	if (version < 2 || version > 5)
		return 0;
	skip(&h, version < 4 ? 4 : 5);	/* up to the number of opcodes */
	opcodes = (unsigned)take(&h, 1);
	if (opcodes == 0)
		return 0;
	skip(&h, opcodes - 1);
	if (version < 5)
		skip_lists(&h);
	else {
		skip_entries(&h);
		skip_entries(&h);
	}
	return !is_broken(&h) && (h.r.at == h.r.end ||
	    h.r.end - h.r.at == CUBIN_OFFSET);
}

/* What libdw has of it: of .zdebug_line it has inflated that. */
static const Elf_Data *
section_of_lines(Elf *elf)
{
	Elf_Scn *scn = section_find(elf, ".debug_line");

	if (scn == NULL)
		scn = section_find(elf, ".zdebug_line");
	return scn == NULL ? NULL : elf_getdata(scn, NULL);
}

int
linetable_is_damaged(Dwarf_Die *unit)
{
	Dwarf_Attribute attr;
	Elf *elf;
	const Elf_Data *data;
	Dwarf_Word offset;

	if (dwarf_formudata(dwarf_attr(unit, DW_AT_stmt_list, &attr),
	    &offset) != 0)
		return 0;
	elf = dwarf_getelf(dwarf_cu_getdwarf(unit->cu));
	data = section_of_lines(elf);
	return data != NULL && data->d_buf != NULL && (offset > data->d_size ||
	    !linetable_is_whole((const unsigned char *)data->d_buf + offset,
	    data->d_size - (size_t)offset, !section_is_native(elf)));
}
