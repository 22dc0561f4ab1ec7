/* SPDX-License-Identifier: ISC */
#include "value/bitfield.h"

#include <dwarf.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/scalar.h"

static int
is_little(const struct printer *p)
{
	return target_is_little(p->scene->modules->target);
}

int
bitfield_is(Dwarf_Die *member)
{
	uint64_t bits;

	return dwtype_number(member, DW_AT_bit_size, &bits) == 0;
}

/*
 * Its first bit in the object, counted as its bytes lie: from the least
 * significant bit of the first byte, or from the most significant one in a
 * big-endian process. DWARF 2 and 3 count from the most significant bit of the
 * storage unit in either.
 */
static int
first_bit(Dwarf_Die *member, uint64_t bits, uint64_t type_size, int little,
    uint64_t *first)
{
	uint64_t at = 0, from, storage;

	if (dwtype_number(member, DW_AT_data_bit_offset, first) == 0)
		return 0;
	dwtype_number(member, DW_AT_data_member_location, &at);
	if (dwtype_number(member, DW_AT_bit_offset, &from) == -1) {
		*first = at * 8;
		return 0;
	}
	if (dwtype_number(member, DW_AT_byte_size, &storage) == -1)
		storage = type_size;
	*first = at * 8 + (little ? storage * 8 - from - bits : from);
	return storage <= 16 ? 0 : -1;
}

/*
 * The BITS from the one that is FIRST on. Returns BYTE_KNOWN, or what the first
 * byte is that is not known.
 */
static enum byte_state
extract(const struct value *v, size_t offset, uint64_t first, uint64_t bits,
    int little, uint64_t *number)
{
	*number = 0;
	for (uint64_t i = 0; i < bits; i++) {
		uint64_t n = first + i;
		size_t byte = offset + n / 8;
		unsigned bit = v->bytes[byte] >> (little ? n % 8 : 7 - n % 8) &
		    1U;

		*number |= (uint64_t)bit << (little ? i : bits - 1 - i);
		if (v->state != NULL && v->state[byte] != BYTE_KNOWN &&
		    (v->unknown == NULL || (v->unknown[byte] >>
		    (little ? n % 8 : 7 - n % 8) & 1) != 0))
			return v->state[byte];
	}
	return BYTE_KNOWN;
}

/* Where its bits are. Returns 0, or -1: nowhere in the object. */
static int
place(struct printer *p, Dwarf_Die *member, Dwarf_Die *type,
    const struct value *v, size_t offset, uint64_t *first, uint64_t *bits)
{
	uint64_t size = print_size(p, type);

	*bits = 0;
	dwtype_number(member, DW_AT_bit_size, bits);
	return size == 0 || size > 8 || *bits == 0 || *bits > size * 8 ||
	    first_bit(member, *bits, size, is_little(p), first) == -1 ||
	    *first > v->len * 8 || offset > v->len ||
	    *first + *bits > (v->len - offset) * 8 ? -1 : 0;
}

int
bitfield_number(struct printer *p, Dwarf_Die *member, const struct value *v,
    size_t offset, uint64_t *number)
{
	uint64_t first, bits;
	Dwarf_Die type;

	return dwtype_of(member, &type) == -1 ||
	    place(p, member, &type, v, offset, &first, &bits) == -1 ||
	    extract(v, offset, first, bits, is_little(p), number) !=
	    BYTE_KNOWN ? -1 : 0;
}

void
bitfield_print(struct printer *p, Dwarf_Die *member, Dwarf_Die *type,
    const struct value *v, size_t offset)
{
	int little = is_little(p);
	uint64_t bits, first, size = print_size(p, type), number;
	Dwarf_Die peeled = *type;
	struct value field;

	if (place(p, member, type, v, offset, &first, &bits) == -1) {
		textbuf_add(p->out, "<error: a bit-field of no place>");
		return;
	}
	value_make(&field, (size_t)size, extract(v, offset, first, bits,
	    little, &number));
	dwtype_peel(&peeled);
	if (scalar_is_signed(&peeled) && bits < 64 &&
	    (number >> (bits - 1) & 1) != 0)
		number |= ~(uint64_t)0 << bits;
	for (size_t i = 0; i < size; i++)
		field.bytes[little ? i : size - 1 - i] =
		    (unsigned char)(number >> 8 * i);
	print_value(p, type, &field, 0);
	value_release(&field);
}
