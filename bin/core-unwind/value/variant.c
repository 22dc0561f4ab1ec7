/* SPDX-License-Identifier: ISC */
#include "value/variant.h"

#include <dwarf.h>

#include "symbol/dwtype.h"
#include "value/stdobject.h"

#define VARIANTS_MAX 10000

/* The number that tells. Returns its bits' mask, or 0: not known. */
static uint64_t
discriminant(struct printer *p, Dwarf_Die *part, const struct value *v,
    size_t offset, uint64_t *value)
{
	Dwarf_Attribute attr;
	Dwarf_Die member, type;
	struct object in = { p, &type, v, offset };
	uint64_t size;

	if (dwarf_attr(part, DW_AT_discr, &attr) == NULL ||
	    dwarf_formref_die(&attr, &member) == NULL ||
	    dwtype_of(&member, &type) == -1 || print_member_offset(p, &member,
	    v, offset, &in.offset) == -1 || object_value(&in, value) == -1)
		return 0;
	size = print_size(p, &type);
	return size >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * size) - 1;
}

int
variant_of(struct printer *p, Dwarf_Die *part, const struct value *v,
    size_t offset, Dwarf_Die *variant)
{
	uint64_t number = 0, is, mask;
	int n = 0, has_default = 0, has_number;
	Dwarf_Die die;

	has_number = dwarf_hasattr(part, DW_AT_discr);
	mask = discriminant(p, part, v, offset, &number);
	if ((has_number && mask == 0) || dwarf_child(part, &die) != 0)
		return -1;
	do {
		if (dwarf_tag(&die) != DW_TAG_variant)
			continue;
		/* Lists of ranges are not looked into. */
		if (dwarf_hasattr(&die, DW_AT_discr_list))
			return -1;
		if (!dwarf_hasattr(&die, DW_AT_discr_value)) {
			*variant = die;
			has_default = 1;
		} else if (has_number && dwtype_number(&die,
		    DW_AT_discr_value, &is) == 0 && (is & mask) == number) {
			*variant = die;
			return 0;
		}
	} while (++n < VARIANTS_MAX && dwarf_siblingof(&die, &die) == 0);
	return has_default ? 0 : -1;
}
