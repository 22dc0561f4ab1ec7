/* SPDX-License-Identifier: ISC */
#include "module/reader.h"

#include <string.h>

#define DWARF64 0xffffffffU

uint64_t
reader_take(struct reader *r, size_t size)
{
	uint16_t two = 0;
	uint32_t four = 0;
	uint64_t eight = 0;
	const unsigned char *p = r->at;

	if ((size_t)(r->end - r->at) < size) {
		r->failed = 1;
		r->at = r->end;
		return 0;
	}
	r->at += size;
	switch (size) {
	case 1:
		return p[0];
	case 2:
		memcpy(&two, p, size);
		return two;
	case 4:
		memcpy(&four, p, size);
		return four;
	default:
		memcpy(&eight, p, sizeof eight);
		return eight;
	}
}

uint64_t
reader_uleb(struct reader *r)
{
	uint64_t value = 0, byte;
	unsigned shift = 0;

	do {
		byte = reader_take(r, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while ((byte & 0x80) != 0);
	return value;
}

uint64_t
reader_length(struct reader *r, size_t *size)
{
	uint64_t length = reader_take(r, 4);

	*size = length == DWARF64 ? 8 : 4;
	return length == DWARF64 ? reader_take(r, 8) : length;
}
