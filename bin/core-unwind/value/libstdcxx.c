/* SPDX-License-Identifier: ISC */
#include "value/libstdcxx.h"

#include <dwarf.h>
#include <inttypes.h>

#include "symbol/dwtype.h"
#include "value/members.h"
#include "value/stdwords.h"

int
libstdcxx_string_view(const struct object *o)
{
	Dwarf_Die type, letter;
	uint64_t address, len;

	if ((object_number(o, "_M_p", &address, &type) == -1 &&
	    object_number(o, "_M_str", &address, &type) == -1) ||
	    object_target(&type, &letter) == -1 ||
	    (object_number(o, "_M_string_length", &len, NULL) == -1 &&
	    object_number(o, "_M_len", &len, NULL) == -1))
		return 0;
	print_text(o->p, &letter, address, len);
	return 1;
}

/* The string's pointer is a member of a member. */
int
libstdcxx_string(const struct object *o)
{
	struct object data;
	Dwarf_Die type, pointer, letter;
	uint64_t address, len;

	if (object_inner(o, "_M_dataplus", &data, &type) == -1 ||
	    object_number(&data, "_M_p", &address, &pointer) == -1 ||
	    object_number(o, "_M_string_length", &len, NULL) == -1 ||
	    object_target(&pointer, &letter) == -1)
		return 0;
	print_text(o->p, &letter, address, len);
	return 1;
}

static int
print_bit_vector(const struct object *o)
{
	struct object impl, from, to;
	Dwarf_Die a, b, c;
	uint64_t first, last, offset = 0, end, count;

	if (object_inner(o, "_M_impl", &impl, &a) == -1 ||
	    object_inner(&impl, "_M_start", &from, &b) == -1 ||
	    object_inner(&impl, "_M_finish", &to, &c) == -1 ||
	    object_number(&from, "_M_p", &first, NULL) == -1 ||
	    object_number(&to, "_M_p", &last, NULL) == -1 ||
	    object_number(&to, "_M_offset", &offset, NULL) == -1 ||
	    object_number(&impl, "_M_end_of_storage", &end, NULL) == -1 ||
	    last < first || end < first || last - first > INT64_MAX / 16)
		return 0;
	count = (last - first) * 8 + offset;
	stdwords_bits(o, first, count, (end - first) * 8);
	return 1;
}

int
libstdcxx_vector(const struct object *o)
{
	struct object impl;
	Dwarf_Die a, pointer;
	uint64_t first, last, end;

	if (stdwords_is_bits(o))
		return print_bit_vector(o);
	if (object_inner(o, "_M_impl", &impl, &a) == -1 ||
	    object_number(&impl, "_M_start", &first, &pointer) == -1 ||
	    object_number(&impl, "_M_finish", &last, NULL) == -1 ||
	    object_number(&impl, "_M_end_of_storage", &end, NULL) == -1)
		return 0;
	return stdwords_vector(o, &pointer, first, last, end);
}

int
libstdcxx_unique(const struct object *o)
{
	struct object outer, tuple, head;
	Dwarf_Die a, b, c, pointer;
	size_t at;

	/* _M_t is a tuple, the pointer its first element; since GCC 6 it is in
	   a class that is a member of its own. */
	if (object_inner(o, "_M_t", &outer, &a) == -1)
		return 0;
	if (object_inner(&outer, "_M_t", &tuple, &b) == -1)
		tuple = outer;
	if (object_base(&tuple, "_Head_base<0", &head, &c) == -1)
		return 0;
	at = head.offset;
	if (members_find(o->p, head.type, o->v, &at, "_M_head_impl",
	    &pointer) == -1)
		return 0;
	stdwords_instance(o, "unique_ptr");
	stdwords_get(o, &pointer, at);
	return 1;
}

static int
print_counted(const struct object *o, const char *template)
{
	struct object counter;
	Dwarf_Die a, pointer, control, block;
	uint64_t counts, uses = 0, weak = 0;
	size_t at = o->offset;
	struct value v;

	if (members_find(o->p, o->type, o->v, &at, "_M_ptr", &pointer) == -1 ||
	    object_inner(o, "_M_refcount", &counter, &a) == -1 ||
	    object_number(&counter, "_M_pi", &counts, &control) == -1 ||
	    object_target(&control, &block) == -1)
		return 0;
	value_at(o->p->scene, counts, print_size(o->p, &block), &v);
	counter = (struct object){ o->p, &block, &v, 0 };
	if (counts != 0 && (v.is_unreadable ||
	    object_number(&counter, "_M_use_count", &uses, NULL) == -1 ||
	    object_number(&counter, "_M_weak_count", &weak, NULL) == -1)) {
		value_release(&v);
		return 0;
	}
	value_release(&v);
	/* They are ints. */
	stdwords_counted(o, template, counts == 0, (int32_t)uses,
	    (int32_t)weak - (int64_t)(uses != 0), &pointer, at);
	return 1;
}

int
libstdcxx_shared(const struct object *o)
{
	return print_counted(o, "shared_ptr");
}

int
libstdcxx_weak(const struct object *o)
{
	return print_counted(o, "weak_ptr");
}

int
libstdcxx_optional(const struct object *o)
{
	struct object payload;
	Dwarf_Die a, type;
	uint64_t engaged;

	if (object_inner(o, "_M_payload", &payload, &a) == -1 ||
	    object_number(&payload, "_M_engaged", &engaged, NULL) == -1)
		return 0;
	if (engaged && (object_inner(&payload, "_M_payload", &payload, &type) == -1 ||
	    members_find(o->p, payload.type, o->v, &payload.offset, "_M_value",
	    &type) == -1))
		return 0;
	stdwords_optional(o, engaged ? &type : NULL, payload.offset);
	return 1;
}

int
libstdcxx_atomic(const struct object *o)
{
	size_t at = o->offset;
	Dwarf_Die type;

	if (o->p->is_summary || (members_find(o->p, o->type, o->v, &at, "_M_i",
	    &type) == -1 && members_find(o->p, o->type, o->v, &at, "_M_p",
	    &type) == -1))
		return 0;
	stdwords_atomic(o, &type, at);
	return 1;
}
