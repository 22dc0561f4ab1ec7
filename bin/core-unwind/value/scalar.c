/* SPDX-License-Identifier: ISC */
#include "value/scalar.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/floatval.h"
#include "value/letters.h"

#define ENUMERATORS_MAX 100000
#define ATE_COMPLEX_INTEGER DW_ATE_lo_user	/* GCC's and clang's */

/* SIZE bytes as two halves of 64 bits. */
static void
halves(const struct target *t, const unsigned char *bytes, size_t size,
    uint64_t *high, uint64_t *low)
{
	*high = *low = 0;
	for (size_t i = 0; i < size && i < 16; i++) {
		uint64_t b = bytes[target_is_little(t) ? i : size - 1 - i];

		if (i < 8)
			*low |= b << 8 * i;
		else
			*high |= b << 8 * (i - 8);
	}
}

uint64_t
scalar_unsigned(const struct target *t, const unsigned char *bytes,
    size_t size)
{
	uint64_t high, low;

	halves(t, bytes, size, &high, &low);
	return low;
}

static int64_t
extend(uint64_t v, size_t size)
{
	unsigned unused = size >= 8 ? 0 : 64 - 8 * (unsigned)size;

	return (int64_t)(v << unused) >> unused;
}

/* A number of 128 bits: three parts of at most 19 digits. */
static void
put_wide(struct textbuf *out, uint64_t high, uint64_t low, int is_signed)
{
	char digits[48];
	size_t at = sizeof digits;
	int is_negative = is_signed && (int64_t)high < 0;

	if (is_negative) {
		low = 0 - low;
		high = ~high + (low == 0);
	}
	digits[--at] = '\0';
	do {
		/* Long division by ten, 32 bits at a time. */
		uint64_t rest = 0, part[4] = {
			high >> 32, high & UINT32_MAX, low >> 32,
			low & UINT32_MAX
		};

		for (int i = 0; i < 4; i++) {
			part[i] |= rest << 32;
			rest = part[i] % 10;
			part[i] /= 10;
		}
		high = part[0] << 32 | part[1];
		low = part[2] << 32 | part[3];
		digits[--at] = (char)('0' + rest);
	} while (high != 0 || low != 0);
	textbuf_add(out, "%s%s", is_negative ? "-" : "", digits + at);
}

static void
put_integer(struct textbuf *out, const struct target *t,
    const unsigned char *bytes, size_t size, int is_signed)
{
	uint64_t high, low;

	halves(t, bytes, size, &high, &low);
	if (size > 8)
		put_wide(out, high, low, is_signed);
	else if (is_signed)
		textbuf_add(out, "%" PRId64, extend(low, size));
	else
		textbuf_add(out, "%" PRIu64, low);
}

/* Of an enumeration, which may be made of ints without need, as gdb has it:
   when one of its enumerators is negative. */
int
scalar_is_signed(Dwarf_Die *peeled)
{
	Dwarf_Die die;
	uint64_t v;
	int n = 0;

	if (dwarf_tag(peeled) != DW_TAG_enumeration_type)
		return dwtype_encoding(peeled) == DW_ATE_signed ||
		    dwtype_encoding(peeled) == DW_ATE_signed_char;
	if (dwarf_child(peeled, &die) != 0)
		return 0;
	do {
		if (dwarf_tag(&die) == DW_TAG_enumerator &&
		    dwtype_number(&die, DW_AT_const_value, &v) == 0 &&
		    (int64_t)v < 0)
			return 1;
	} while (++n < ENUMERATORS_MAX && dwarf_siblingof(&die, &die) == 0);
	return 0;
}

/* Its two halves, each of type float or, by GCC and clang, integer. */
static void
put_complex(struct textbuf *out, const struct target *t, Dwarf_Die *peeled,
    const unsigned char *bytes, size_t size)
{
	const char *name = dwtype_name(peeled);

	for (int i = 0; i < 2; i++) {
		if (dwtype_encoding(peeled) == DW_ATE_complex_float)
			floatval_put(out, t, name, bytes + i * (size / 2),
			    size / 2);
		else
			put_integer(out, t, bytes + i * (size / 2), size / 2,
			    strstr(name, "unsigned") == NULL);
		textbuf_add(out, "%s", i == 0 ? " + " : "i");
	}
}

void
scalar_base(struct textbuf *out, const struct target *t, Dwarf_Die *type,
    const unsigned char *bytes, size_t size)
{
	Dwarf_Die peeled = *type;
	const char *prefix;
	unsigned encoding;
	size_t width;
	int is_signed;

	dwtype_peel(&peeled);
	encoding = dwtype_encoding(&peeled);
	is_signed = scalar_is_signed(&peeled);
	if (encoding == DW_ATE_UTF || (encoding != DW_ATE_boolean &&
	    encoding != DW_ATE_float && letters_of(type, &width, &prefix))) {
		if (!letters_of(type, &width, &prefix))
			prefix = "";
		if (size == 1 || size == 2 || size == 4) {
			letters_char(out, t, bytes, size, is_signed, prefix);
			return;
		}
	}
	switch (encoding) {
	case DW_ATE_boolean:
		width = (size_t)scalar_unsigned(t, bytes, size);
		if (width <= 1)
			textbuf_add(out, width ? "true" : "false");
		else
			textbuf_add(out, "%zu", width);
		return;
	case DW_ATE_float:
		floatval_put(out, t, dwtype_name(&peeled), bytes, size);
		return;
	case DW_ATE_complex_float: case ATE_COMPLEX_INTEGER:
		put_complex(out, t, &peeled, bytes, size);
		return;
	case DW_ATE_signed: case DW_ATE_signed_char: case DW_ATE_unsigned:
	case DW_ATE_unsigned_char: case DW_ATE_address:
		if (size <= 16) {
			put_integer(out, t, bytes, size, is_signed);
			return;
		}
		break;
	default:
		break;
	}
	/* No number we know of: its bytes, as they lie. */
	textbuf_add(out, "0x");
	for (size_t i = 0; i < size; i++)
		textbuf_add(out, "%02x",
		    bytes[target_is_little(t) ? size - 1 - i : i]);
}

/* What the enumerators of a type have in common. */
struct enumeration {
	uint64_t value;
	uint64_t all;			/* bits of those that are flags */
	int is_flags;
	const char *name;		/* of VALUE */
};

static void
look_through(struct enumeration *e, Dwarf_Die *peeled, uint64_t mask)
{
	Dwarf_Die die;
	uint64_t v;
	int n = 0;

	e->is_flags = 1;
	if (dwarf_child(peeled, &die) != 0)
		return;
	do {
		if (dwarf_tag(&die) != DW_TAG_enumerator ||
		    dwtype_number(&die, DW_AT_const_value, &v) == -1)
			continue;
		if ((int64_t)v < 0 || __builtin_popcountll(v) > 1)
			e->is_flags = 0;
		if ((v & mask) == (e->value & mask) && e->name == NULL)
			e->name = dwtype_name(&die);
	} while (++n < ENUMERATORS_MAX && dwarf_siblingof(&die, &die) == 0);
}

static void
put_flags(struct textbuf *out, Dwarf_Die *peeled, uint64_t value,
    const char *prefix)
{
	const char *before = "(";
	Dwarf_Die die;
	uint64_t v, left = value;
	int n = 0;

	if (value == 0) {
		textbuf_add(out, "0");
		return;
	}
	if (dwarf_child(peeled, &die) == 0) {
		do {
			if (dwarf_tag(&die) != DW_TAG_enumerator ||
			    dwtype_number(&die, DW_AT_const_value, &v) == -1 ||
			    (left & v) == 0)
				continue;
			left &= ~v;
			textbuf_add(out, "%s%s%s", before, prefix,
			    dwtype_name(&die));
			before = " | ";
		} while (++n < ENUMERATORS_MAX &&
		    dwarf_siblingof(&die, &die) == 0);
	}
	if (left != 0)
		textbuf_add(out, "%sunknown: 0x%" PRIx64, before, left);
	textbuf_add(out, ")");
}

void
scalar_enum(struct textbuf *out, const struct target *t,
    struct dwscopes *scopes, Dwarf_Die *type, const unsigned char *bytes,
    size_t size)
{
	Dwarf_Die peeled = *type;
	struct enumeration e = { .value = scalar_unsigned(t, bytes, size) };
	uint64_t mask = size >= 8 ? UINT64_MAX :
	    ((uint64_t)1 << 8 * size) - 1;
	char prefix[512] = "";

	dwtype_peel(&peeled);
	look_through(&e, &peeled, mask);
	if (dwtype_is_cxx(&peeled)) {
		const char *scope = dwscopes_prefix(scopes, &peeled);

		if (dwtype_flag(&peeled, DW_AT_enum_class))
			snprintf(prefix, sizeof prefix, "%s%s::", scope,
			    dwtype_name(&peeled));
		else
			snprintf(prefix, sizeof prefix, "%s", scope);
	}
	if (e.name != NULL)
		textbuf_add(out, "%s%s", prefix, e.name);
	else if (e.is_flags)
		put_flags(out, &peeled, e.value, prefix);
	else
		put_integer(out, t, bytes, size, scalar_is_signed(&peeled));
}
