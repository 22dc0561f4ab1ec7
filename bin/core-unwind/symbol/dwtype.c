/* SPDX-License-Identifier: ISC */
#include "symbol/dwtype.h"

#include <dwarf.h>

#include "symbol/typeunit.h"

#define CHAIN_MAX 64			/* typedefs of typedefs */

int
dwtype_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) != NULL &&
	    typeunit_die(&attr, type) != NULL ? 0 : -1;
}

/* A type that has a unit of its own is only named where it is used. */
static void
complete(Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	Dwarf_Die full;

	if (dwarf_attr(type, DW_AT_signature, &attr) != NULL &&
	    typeunit_die(&attr, &full) != NULL)
		*type = full;
}

int
dwtype_peel(Dwarf_Die *type)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		int tag;
		Dwarf_Die next;

		complete(type);
		tag = dwarf_tag(type);

		switch (tag) {
		case DW_TAG_typedef: case DW_TAG_const_type:
		case DW_TAG_volatile_type: case DW_TAG_restrict_type:
		case DW_TAG_atomic_type: case DW_TAG_immutable_type:
		case DW_TAG_shared_type: case DW_TAG_packed_type:
		case DW_TAG_template_alias:
			if (dwtype_of(type, &next) == -1)
				return 0;
			*type = next;
			continue;
		default:
			return tag;
		}
	}
	return 0;
}

int
dwtype_number(Dwarf_Die *die, unsigned attribute, uint64_t *value)
{
	Dwarf_Attribute attr;
	Dwarf_Word unsigned_value;
	Dwarf_Sword signed_value;

	if (dwarf_attr_integrate(die, attribute, &attr) == NULL)
		return -1;
	switch (dwarf_whatform(&attr)) {
	case DW_FORM_sdata: case DW_FORM_implicit_const:
		if (dwarf_formsdata(&attr, &signed_value) != 0)
			return -1;
		*value = (uint64_t)signed_value;
		return 0;
	case DW_FORM_data1: case DW_FORM_data2: case DW_FORM_data4:
	case DW_FORM_data8: case DW_FORM_udata:
		if (dwarf_formudata(&attr, &unsigned_value) != 0)
			return -1;
		*value = unsigned_value;
		return 0;
	default:
		return -1;
	}
}

int
dwtype_is_expression(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute attr;
	Dwarf_Block block;

	return dwarf_attr_integrate(die, attribute, &attr) != NULL &&
	    dwarf_formblock(&attr, &block) == 0;
}

int
dwtype_flag(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute attr;
	bool flag;

	return dwarf_attr_integrate(die, attribute, &attr) != NULL &&
	    dwarf_formflag(&attr, &flag) == 0 && flag;
}

unsigned
dwtype_encoding(Dwarf_Die *peeled)
{
	uint64_t encoding;

	return dwarf_tag(peeled) == DW_TAG_base_type &&
	    dwtype_number(peeled, DW_AT_encoding, &encoding) == 0 &&
	    encoding <= 0xff ? (unsigned)encoding : 0;
}

int
dwtype_is_char(Dwarf_Die *type)
{
	Dwarf_Die peeled = *type;
	unsigned encoding;

	if (dwtype_peel(&peeled) != DW_TAG_base_type)
		return 0;
	encoding = dwtype_encoding(&peeled);
	return encoding == DW_ATE_UTF || (dwarf_bytesize(&peeled) == 1 &&
	    (encoding == DW_ATE_signed_char || encoding == DW_ATE_signed ||
	    encoding == DW_ATE_unsigned_char || encoding == DW_ATE_unsigned));
}

int
dwtype_is_scalar(Dwarf_Die *type)
{
	Dwarf_Die peeled = *type;

	for (int i = 0; i < CHAIN_MAX; i++) {
		switch (dwtype_peel(&peeled)) {
		case DW_TAG_reference_type: case DW_TAG_rvalue_reference_type:
			if (dwtype_of(&peeled, &peeled) == -1)
				return 1;
			continue;
		case DW_TAG_structure_type: case DW_TAG_class_type:
		case DW_TAG_union_type: case DW_TAG_array_type:
		case DW_TAG_string_type: case DW_TAG_set_type:
			return 0;
		default:
			return 1;
		}
	}
	return 1;
}

static int
language(Dwarf_Die *die)
{
	Dwarf_Die unit;

	return dwarf_diecu(die, &unit, NULL, NULL) == NULL ? -1 :
	    dwarf_srclang(&unit);
}

int64_t
dwtype_first_index(Dwarf_Die *die)
{
	Dwarf_Sword first;

	return dwarf_default_lower_bound(language(die), &first) == 0 ? first :
	    0;
}

int
dwtype_is_column_major(Dwarf_Die *die)
{
	uint64_t ordering;

	if (dwtype_number(die, DW_AT_ordering, &ordering) == 0)
		return ordering == DW_ORD_col_major;
	switch (language(die)) {
	case DW_LANG_Fortran77: case DW_LANG_Fortran90:
	case DW_LANG_Fortran95: case DW_LANG_Fortran03:
	case DW_LANG_Fortran08:
		return 1;
	default:
		return 0;
	}
}

int
dwtype_is_cxx(Dwarf_Die *die)
{
	switch (language(die)) {
	case DW_LANG_C_plus_plus: case DW_LANG_C_plus_plus_03:
	case DW_LANG_C_plus_plus_11: case DW_LANG_C_plus_plus_14:
	case 0x002b: case 0x003a:	/* C++17, C++20: DWARF 6 */
		return 1;
	default:
		return 0;
	}
}

const char *
dwtype_name(Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);

	return name == NULL ? "" : name;
}

int
dwtype_is_declaration(Dwarf_Die *peeled)
{
	Dwarf_Attribute attr;
	bool flag;

	/* Its own: a definition may name a declaration it belongs to. */
	return dwarf_attr(peeled, DW_AT_declaration, &attr) != NULL &&
	    dwarf_formflag(&attr, &flag) == 0 && flag;
}
