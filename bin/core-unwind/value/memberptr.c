/* SPDX-License-Identifier: ISC */
#include "value/memberptr.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>

#include "symbol/dwtype.h"
#include "symbol/typename.h"
#include "symbol/typeunit.h"
#include "value/scalar.h"

int
memberptr_is_method(Dwarf_Die *peeled)
{
	Dwarf_Die type;

	return dwarf_tag(peeled) == DW_TAG_ptr_to_member_type &&
	    dwtype_of(peeled, &type) == 0 &&
	    dwtype_peel(&type) == DW_TAG_subroutine_type;
}

static int
containing_class(Dwarf_Die *peeled, Dwarf_Die *class)
{
	Dwarf_Attribute attr;

	return dwarf_attr(peeled, DW_AT_containing_type, &attr) != NULL &&
	    typeunit_die(&attr, class) != NULL &&
	    dwtype_peel(class) != 0 ? 0 : -1;
}

/* The field of CLASS that lies at OFFSET, by its name. */
static void
print_field(struct printer *p, Dwarf_Die *class, int64_t offset)
{
	Dwarf_Die die;
	uint64_t at;

	if (offset == -1) {
		textbuf_add(p->out, "NULL");
		return;
	}
	if (dwarf_child(class, &die) == 0) {
		do {
			if (dwarf_tag(&die) != DW_TAG_member || dwtype_number(
			    &die, DW_AT_data_member_location, &at) == -1 ||
			    (int64_t)at != offset)
				continue;
			textbuf_add(p->out, "&%s", dwscopes_prefix(p->scopes,
			    class));
			textbuf_add(p->out, "%s::%s", dwtype_name(class),
			    dwtype_name(&die));
			return;
		} while (dwarf_siblingof(&die, &die) == 0);
	}
	textbuf_add(p->out, "%" PRId64, offset);
}

/* The virtual method of CLASS that is the INDEX-th in its table. */
static void
print_virtual(struct printer *p, Dwarf_Die *class, uint64_t index)
{
	Dwarf_Attribute attr;
	Dwarf_Die die;
	Dwarf_Op *ops;
	size_t n;
	char *parameters;

	if (dwarf_child(class, &die) == 0) {
		do {
			if (dwarf_tag(&die) != DW_TAG_subprogram ||
			    dwarf_attr(&die, DW_AT_vtable_elem_location,
			    &attr) == NULL ||
			    dwarf_getlocation(&attr, &ops, &n) != 0 ||
			    n != 1 || ops[0].atom != DW_OP_constu ||
			    ops[0].number != index)
				continue;
			textbuf_add(p->out, "&virtual %s",
			    dwscopes_prefix(p->scopes, class));
			parameters = typename_parameters(p->scopes, &die);
			textbuf_add(p->out, "%s::%s%s", dwtype_name(class),
			    dwtype_name(&die), parameters);
			free(parameters);
			return;
		} while (dwarf_siblingof(&die, &die) == 0);
	}
	textbuf_add(p->out, "&virtual table offset %" PRIu64, index *
	    (p->scene->modules->target->is64 ? 8 : 4));
}

void
memberptr_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	const struct target *t = p->scene->modules->target;
	size_t word = t->is64 ? 8 : 4;
	uint64_t first = scalar_unsigned(t, v->bytes + offset, word);
	Dwarf_Die class;
	char *type;

	if (!memberptr_is_method(peeled)) {
		if (containing_class(peeled, &class) == -1)
			textbuf_add(p->out, "%" PRId64, (int64_t)first);
		else
			print_field(p, &class, t->is64 ? (int64_t)first :
			    (int32_t)first);
		return;
	}
	/* Itanium C++ ABI: an odd number is an offset in the virtual table. */
	if (first == 0) {
		textbuf_add(p->out, "NULL");
		return;
	}
	if ((first & 1) != 0 && containing_class(peeled, &class) == 0) {
		print_virtual(p, &class, (first - 1) / word);
		return;
	}
	type = typename_of(p->scopes, peeled);
	textbuf_add(p->out, "(%s) ", type);
	free(type);
	print_pointer(p, NULL, first);
}
