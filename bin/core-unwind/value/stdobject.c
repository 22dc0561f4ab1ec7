/* SPDX-License-Identifier: ISC */
#include "value/stdobject.h"

#include <dwarf.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/bitfield.h"
#include "value/members.h"
#include "value/scalar.h"

#define BASES_MAX 8

int
object_value(const struct object *o, uint64_t *value)
{
	uint64_t size = print_size(o->p, o->type);
	size_t at = o->offset;

	if (size == 0 || size > 8 || at > o->v->len || size > o->v->len - at)
		return -1;
	for (size_t i = at; o->v->state != NULL && i < at + size; i++)
		if (o->v->state[i] != BYTE_KNOWN)
			return -1;
	*value = scalar_unsigned(o->p->scene->modules->target,
	    o->v->bytes + at, (size_t)size);
	return 0;
}

int
object_number(const struct object *o, const char *name, uint64_t *value,
    Dwarf_Die *type)
{
	struct object in = *o;
	Dwarf_Die member, unused;
	uint64_t storage;

	in.type = type == NULL ? &unused : type;
	if (members_find_die(o->p, o->type, o->v, &in.offset, name,
	    &member) == -1 || dwtype_of(&member, in.type) == -1)
		return -1;
	if (!bitfield_is(&member))
		return object_value(&in, value);
	/* Its place counts from where the object begins that has it. */
	if (dwtype_number(&member, DW_AT_data_member_location, &storage) == 0)
		in.offset -= storage;
	return bitfield_number(o->p, &member, o->v, in.offset, value);
}

int
object_inner(const struct object *o, const char *name, struct object *in,
    Dwarf_Die *type)
{
	Dwarf_Die of = *o->type;

	*in = *o;
	in->type = type;
	return members_find(o->p, &of, o->v, &in->offset, name, type);
}

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number at the end of PREFIX is one of NAME's: <1 of <1UL, not of <10. */
static int
begins(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(name, prefix, len) == 0 && (len == 0 ||
	    !is_digit(prefix[len - 1]) || !is_digit(name[len]));
}

static int
find_base(const struct object *o, const char *prefix, struct object *base,
    Dwarf_Die *type, int depth)
{
	Dwarf_Die die = *o->type;
	int tag = dwtype_peel(&die);

	if (tag == 0 || depth > BASES_MAX || dwarf_child(&die, &die) != 0)
		return -1;
	do {
		struct object at = *o;
		Dwarf_Die of;

		if (dwarf_tag(&die) != DW_TAG_inheritance ||
		    dwtype_of(&die, &of) == -1 || print_member_offset(o->p,
		    &die, o->v, o->offset, &at.offset) == -1)
			continue;
		dwtype_peel(&of);
		at.type = &of;
		if (begins(dwtype_name(&of), prefix)) {
			*type = of;
			*base = at;
			base->type = type;
			return 0;
		}
		if (find_base(&at, prefix, base, type, depth + 1) == 0)
			return 0;
	} while (dwarf_siblingof(&die, &die) == 0);
	return -1;
}

int
object_base(const struct object *o, const char *prefix, struct object *base,
    Dwarf_Die *type)
{
	return find_base(o, prefix, base, type, 0);
}

int
object_target(Dwarf_Die *type, Dwarf_Die *target)
{
	Dwarf_Die peeled = *type;

	return dwtype_peel(&peeled) == DW_TAG_pointer_type &&
	    dwtype_of(&peeled, target) == 0 ? 0 : -1;
}

/* The N-th type among the template arguments below DIE; those of a pack too. */
static int
find_argument(Dwarf_Die *parent, int *n, Dwarf_Die *argument, int depth)
{
	Dwarf_Die die;

	if (depth > 2 || dwarf_child(parent, &die) != 0)
		return -1;
	do {
		int tag = dwarf_tag(&die);

		if (tag == DW_TAG_template_type_parameter && (*n)-- == 0)
			return dwtype_of(&die, argument);
		if (tag == DW_TAG_GNU_template_parameter_pack &&
		    find_argument(&die, n, argument, depth + 1) == 0)
			return 0;
	} while (dwarf_siblingof(&die, &die) == 0);
	return -1;
}

int
object_argument(Dwarf_Die *type, int n, Dwarf_Die *argument)
{
	return find_argument(type, &n, argument, 0);
}
