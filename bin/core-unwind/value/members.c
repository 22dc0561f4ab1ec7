/* SPDX-License-Identifier: ISC */
#include "value/members.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/bitfield.h"
#include "value/variant.h"
#include "xalloc.h"

#define MEMBERS_MAX 2000
#define FIND_DEPTH 16

int
members_is_static(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_variable || (tag == DW_TAG_member &&
	    dwtype_flag(die, DW_AT_external) &&
	    dwtype_flag(die, DW_AT_declaration));
}

/* Its symbol: as DWARF has it, or made of the scopes it is in, when they are
   plain names. */
static char *
static_symbol(struct printer *p, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *at;
	struct textbuf name = { .max = 1024 };

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attr) != NULL &&
	    dwarf_formstring(&attr) != NULL)
		return xstrdup(dwarf_formstring(&attr));
	textbuf_add(&name, "_ZN");
	for (at = dwscopes_prefix(p->scopes, die); *at != '\0';) {
		size_t len = strcspn(at, ":");

		if (memchr(at, '<', len) != NULL || memchr(at, '(', len) !=
		    NULL || at[len] == '\0') {
			name.len = 0;
			break;
		}
		textbuf_add(&name, "%zu", len);
		textbuf_bytes(&name, at, len);
		at += len + 2;
	}
	textbuf_add(&name, "%zu%sE", strlen(dwtype_name(die)),
	    dwtype_name(die));
	return textbuf_take(&name);
}

static void
print_static(struct printer *p, Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	struct value v;
	uint64_t address, size = print_size(p, type);
	char *symbol;

	textbuf_add(p->out, "static %s = ", dwtype_name(die));
	if (!dwtype_is_scalar(type)) {
		/* It may be of the type that is being printed. */
		textbuf_add(p->out, "{...}");
		return;
	}
	symbol = static_symbol(p, die);
	address = pointees_address(p->pointees, p->scene->module, symbol);
	free(symbol);
	if (address != 0) {
		print_memory(p, type, address);
		return;
	}
	if (dwarf_attr_integrate(die, DW_AT_const_value, &attr) == NULL ||
	    size == 0 || size > VALUE_MAX) {
		textbuf_add(p->out, "<optimized out>");
		return;
	}
	location_read(p->scene, die, (size_t)size, &v);
	print_value(p, type, &v, 0);
	value_release(&v);
}

/* A virtual base may lie beyond what was read of the object. */
static void
print_member(struct printer *p, Dwarf_Die *die, Dwarf_Die *type,
    const struct value *v, size_t offset)
{
	uint64_t object = v->address + offset, where;
	size_t at;

	if (print_member_offset(p, die, v, offset, &at) == 0)
		print_value(p, type, v, at);
	else if (v->has_address && location_number(p->scene, die,
	    DW_AT_data_member_location, &object, &where) == 0 &&
	    where >= v->address)
		print_memory(p, type, where);
	else
		textbuf_add(p->out, "<optimized out>");
}

static void
print_one(struct printer *p, Dwarf_Die *die, int tag, const struct value *v,
    size_t offset)
{
	const char *name = dwarf_diename(die);
	Dwarf_Die type, base;

	if (dwtype_of(die, &type) == -1)
		return;
	if (tag == DW_TAG_inheritance) {
		base = type;
		dwtype_peel(&base);
		textbuf_add(p->out, "<%s", dwscopes_prefix(p->scopes, &base));
		textbuf_add(p->out, "%s> = ", dwtype_name(&base));
		p->base = base.addr;
		print_member(p, die, &type, v, offset);
		p->base = NULL;
		return;
	}
	if (members_is_static(die)) {
		print_static(p, die, &type);
		return;
	}
	if (name != NULL)
		textbuf_add(p->out, "%s = ", name);
	if (bitfield_is(die))
		bitfield_print(p, die, &type, v, offset);
	else
		print_member(p, die, &type, v, offset);
}

/* An object has a virtual base once, however many of its classes name it. */
static int
is_shown(struct printer *p, Dwarf_Die *die)
{
	struct virtual_bases *shown = &p->virtual_bases;
	uint64_t virtuality;
	Dwarf_Die base;

	if (dwarf_tag(die) != DW_TAG_inheritance || dwtype_number(die,
	    DW_AT_virtuality, &virtuality) == -1 || virtuality == 0 ||
	    dwtype_of(die, &base) == -1)
		return 0;
	dwtype_peel(&base);
	for (int i = 0; i < shown->n; i++)
		if (shown->class[i] == base.addr)
			return 1;
	if (shown->n < VIRTUAL_MAX)
		shown->class[shown->n++] = base.addr;
	return 0;
}

/* The members of an object, as they are shown one after the other. */
struct listing {
	struct printer *p;
	const struct value *v;
	size_t offset;
	int n, bases, fields;
	int is_cut;
};

static void
list_member(struct listing *l, Dwarf_Die *die, int tag)
{
	struct printer *p = l->p;

	if (is_shown(p, die))
		return;
	if (l->n >= MEMBERS_MAX || p->out->is_full || *p->expired) {
		l->is_cut = 1;
		return;
	}
	if (l->n++ > 0)
		textbuf_add(p->out, ", ");
	l->bases += tag == DW_TAG_inheritance;
	l->fields += tag != DW_TAG_inheritance;
	print_one(p, die, tag, l->v, l->offset);
}

/* Those below PARENT, and those of the variants that the object has. */
static void
list_members(struct listing *l, Dwarf_Die *parent, int depth)
{
	Dwarf_Die die, variant;

	if (depth > FIND_DEPTH || dwarf_child(parent, &die) != 0)
		return;
	do {
		int tag = dwarf_tag(&die);

		if (tag == DW_TAG_member || tag == DW_TAG_inheritance ||
		    tag == DW_TAG_variable)
			list_member(l, &die, tag);
		else if (tag == DW_TAG_variant_part && variant_of(l->p, &die,
		    l->v, l->offset, &variant) == 0)
			list_members(l, &variant, depth + 1);
		else if (tag == DW_TAG_variant_part) {
			textbuf_add(l->p->out, "%s<an unknown variant>",
			    l->n++ > 0 ? ", " : "");
			l->fields++;
		}
	} while (!l->is_cut && dwarf_siblingof(&die, &die) == 0);
}

static void
print_all(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	struct listing l = { .p = p, .v = v, .offset = offset };

	textbuf_add(p->out, "{");
	list_members(&l, peeled, 0);
	if (l.is_cut)
		textbuf_add(p->out, "%s...", l.n > 0 ? ", " : "");
	if (l.fields == 0)
		textbuf_add(p->out, "%s<No data fields>", l.bases > 0 ? ", " :
		    "");
	textbuf_add(p->out, "}");
}

void
members_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	const struct virtual_bases outer = p->virtual_bases;
	int was_member = p->is_member, is_base = p->base == peeled->addr;

	p->is_member = 1;
	p->base = NULL;
	if (!is_base)
		p->virtual_bases.n = 0;
	print_all(p, peeled, v, offset);
	if (!is_base)
		p->virtual_bases = outer;
	p->is_member = was_member;
}

static int
find(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t *offset, const char *name, Dwarf_Die *member, int depth)
{
	Dwarf_Die die, of, peeled = *type;
	int tag = dwtype_peel(&peeled), n = 0;

	if (depth > FIND_DEPTH || (tag != DW_TAG_structure_type &&
	    tag != DW_TAG_class_type && tag != DW_TAG_union_type))
		return -1;
	if (dwarf_child(&peeled, &die) != 0)
		return -1;
	do {
		const char *is;
		size_t at;

		tag = dwarf_tag(&die);
		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
		    n++ > MEMBERS_MAX ||
		    print_member_offset(p, &die, v, *offset, &at) == -1 ||
		    dwtype_of(&die, &of) == -1)
			continue;
		is = dwarf_diename(&die);
		if (tag == DW_TAG_member && is != NULL) {
			if (strcmp(is, name) != 0)
				continue;
			*offset = at;
			*member = die;
			return 0;
		}
		if (find(p, &of, v, &at, name, member, depth + 1) == 0) {
			*offset = at;
			return 0;
		}
	} while (dwarf_siblingof(&die, &die) == 0);
	return -1;
}

int
members_find_die(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t *offset, const char *name, Dwarf_Die *member)
{
	return find(p, type, v, offset, name, member, 0);
}

int
members_find(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t *offset, const char *name, Dwarf_Die *member_type)
{
	Dwarf_Die member;

	return find(p, type, v, offset, name, &member, 0) == -1 ? -1 :
	    dwtype_of(&member, member_type);
}
