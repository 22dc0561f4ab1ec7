/* SPDX-License-Identifier: ISC */
#include "module/dwpindex.h"

#include <string.h>

#define HEADER 16
#define COLUMNS_MAX 16

struct table {
	int version;
	uint32_t columns, rows, slots;
	const unsigned char *ids;	/* per slot */
	const unsigned char *row;	/* per slot, from 1 on; 0: none */
	const unsigned char *sections;	/* per column */
	const unsigned char *offsets, *sizes;
};

static uint32_t
word(const unsigned char *at, size_t i)
{
	uint32_t value;

	memcpy(&value, at + i * sizeof value, sizeof value);
	return value;
}

static uint64_t
long_word(const unsigned char *at, size_t i)
{
	uint64_t value;

	memcpy(&value, at + i * sizeof value, sizeof value);
	return value;
}

/* Four bytes of version 2 became two of 5, and two of nothing. */
static int
version_of(const unsigned char *index)
{
	uint16_t version;

	memcpy(&version, index, sizeof version);
	return version == 5 ? 5 : word(index, 0) == 2 ? 2 : -1;
}

static int
lay_out(struct table *t, const unsigned char *index, size_t size)
{
	uint64_t cells;

	if (size < HEADER || (t->version = version_of(index)) == -1)
		return -1;
	t->columns = word(index, 1);
	t->rows = word(index, 2);
	t->slots = word(index, 3);
	if (t->columns > COLUMNS_MAX || (t->slots & (t->slots - 1)) != 0)
		return -1;
	cells = (uint64_t)t->columns * t->rows;
	if (12 * (uint64_t)t->slots + 4 * t->columns + 8 * cells >
	    size - HEADER)
		return -1;
	t->ids = index + HEADER;
	t->row = t->ids + 8 * (size_t)t->slots;
	t->sections = t->row + 4 * (size_t)t->slots;
	t->offsets = t->sections + 4 * (size_t)t->columns;
	t->sizes = t->offsets + 4 * (size_t)cells;
	return 0;
}

/* The row of ID, from 1 on, or 0. */
static uint32_t
row_of(const struct table *t, uint64_t id)
{
	uint32_t mask = t->slots - 1, slot = (uint32_t)id & mask;
	uint32_t step = ((uint32_t)(id >> 32) & mask) | 1;

	for (uint32_t n = 0; n < t->slots; n++, slot = (slot + step) & mask) {
		uint32_t row = word(t->row, slot);

		if (row == 0 || long_word(t->ids, slot) == id)
			return row;
	}
	return 0;
}

int
dwpindex_find(const unsigned char *index, size_t size, uint64_t id,
    struct dwp_part part[DWP_SECTIONS])
{
	struct table t;
	uint32_t row;
	size_t first;

	if (lay_out(&t, index, size) == -1)
		return -1;
	row = row_of(&t, id);
	if (row == 0)
		return 0;
	if (row > t.rows)
		return -1;
	memset(part, 0, DWP_SECTIONS * sizeof *part);
	first = (size_t)(row - 1) * t.columns;
	for (size_t i = 0; i < t.columns; i++) {
		uint32_t section = word(t.sections, i);

		if (section >= DWP_SECTIONS)
			continue;
		part[section].offset = word(t.offsets, first + i);
		part[section].size = word(t.sizes, first + i);
	}
	return t.version;
}
