/* SPDX-License-Identifier: ISC */
#include "value/stdtypes.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "symbol/typename.h"
#include "value/members.h"
#include "value/stdcontain.h"
#include "value/stdobject.h"


static int
print_string(const struct object *o)
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
static int
print_basic_string(const struct object *o)
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

/* COUNT elements of TYPE in memory, in braces; in a summary, "{...}". */
static void
print_array_at(struct printer *p, Dwarf_Die *type, uint64_t address,
    uint64_t count)
{
	uint64_t size = print_size(p, type), bytes = size * count;
	struct value v;

	if (count == 0)
		return;
	textbuf_add(p->out, " = {");
	if (p->is_summary) {
		textbuf_add(p->out, "...}");
		return;
	}
	value_at(p->scene, address, bytes > VALUE_MAX ? VALUE_MAX :
	    (size_t)bytes, &v);
	if (v.is_unreadable)
		textbuf_add(p->out, "<error: Cannot access memory at address "
		    "0x%" PRIx64 ">", v.bad_address);
	else if (size > 0 && size <= VALUE_MAX) {
		p->is_listed = 1;
		print_elements(p, type, &v, 0, count, (size_t)size);
	}
	value_release(&v);
	textbuf_add(p->out, "}");
}

static int
print_bit_vector(const struct object *o)
{
	struct object impl, from, to;
	Dwarf_Die a, b, c;
	uint64_t first, last, offset = 0, end, count;
	unsigned char byte;

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
	textbuf_add(o->p->out, "std::vector<bool> of length %" PRIu64
	    ", capacity %" PRIu64, count, (end - first) * 8);
	if (count == 0)
		return 1;
	textbuf_add(o->p->out, " = {");
	for (uint64_t i = 0; i < count && !o->p->is_summary &&
	    i < ELEMENTS_MAX; i++) {
		if (modules_read(o->p->scene->modules, first + i / 8, &byte,
		    1) != 1)
			break;
		textbuf_add(o->p->out, "%s%s", i > 0 ? ", " : "",
		    (byte >> i % 8 & 1) != 0 ? "true" : "false");
	}
	textbuf_add(o->p->out, o->p->is_summary || count > ELEMENTS_MAX ?
	    "...}" : "}");
	return 1;
}

static int
print_vector(const struct object *o)
{
	struct object impl;
	Dwarf_Die a, pointer, element, flag;
	uint64_t first, last, end, size;

	if (object_argument(o->type, 0, &flag) == 0 &&
	    dwtype_peel(&flag) == DW_TAG_base_type &&
	    dwtype_encoding(&flag) == DW_ATE_boolean)
		return print_bit_vector(o);
	if (object_inner(o, "_M_impl", &impl, &a) == -1 ||
	    object_number(&impl, "_M_start", &first, &pointer) == -1 ||
	    object_number(&impl, "_M_finish", &last, NULL) == -1 ||
	    object_number(&impl, "_M_end_of_storage", &end, NULL) == -1 ||
	    object_target(&pointer, &element) == -1 ||
	    (size = print_size(o->p, &element)) == 0 || last < first ||
	    end < last)
		return 0;
	textbuf_add(o->p->out, "std::vector of length %" PRIu64
	    ", capacity %" PRIu64, (last - first) / size,
	    (end - first) / size);
	print_array_at(o->p, &element, first, (last - first) / size);
	return 1;
}

/* "std::unique_ptr<int>" */
static void
print_instance(const struct object *o, const char *template)
{
	Dwarf_Die argument;
	char *name;
	int has = object_argument(o->type, 0, &argument) == 0;

	name = typename_of(o->p->scopes, has ? &argument : NULL);
	textbuf_add(o->p->out, "std::%s<%s>", template, name);
	free(name);
}

/* The pointer AT some place of the object. */
static void
print_get(const struct object *o, Dwarf_Die *pointer, size_t at)
{
	textbuf_add(o->p->out, " = {");
	if (o->p->is_summary)
		textbuf_add(o->p->out, "...");
	else {
		textbuf_add(o->p->out, "get() = ");
		print_value(o->p, pointer, o->v, at);
	}
	textbuf_add(o->p->out, "}");
}

static int
print_unique(const struct object *o)
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
	print_instance(o, "unique_ptr");
	print_get(o, &pointer, at);
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
	print_instance(o, template);
	if (counts == 0)
		textbuf_add(o->p->out, " (empty)");
	else if (uses == 0)
		textbuf_add(o->p->out, " (expired, weak count %" PRIu64 ")",
		    weak);
	else
		textbuf_add(o->p->out, " (use count %" PRIu64 ", weak count %"
		    PRIu64 ")", uses, weak - 1);
	print_get(o, &pointer, at);
	return 1;
}

static int
print_shared(const struct object *o)
{
	return print_counted(o, "shared_ptr");
}

static int
print_weak(const struct object *o)
{
	return print_counted(o, "weak_ptr");
}

static int
print_optional(const struct object *o)
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
	print_instance(o, "optional");
	if (!engaged) {
		textbuf_add(o->p->out, " [no contained value]");
		return 1;
	}
	textbuf_add(o->p->out, " = {");
	if (o->p->is_summary)
		textbuf_add(o->p->out, "...");
	else {
		textbuf_add(o->p->out, "[contained value] = ");
		print_value(o->p, &type, o->v, payload.offset);
	}
	textbuf_add(o->p->out, "}");
	return 1;
}

static int
print_pair(const struct object *o)
{
	struct object first = *o, second = *o;
	Dwarf_Die a, b;

	if (o->p->is_summary ||
	    members_find(o->p, o->type, o->v, &first.offset, "first",
	    &a) == -1 || members_find(o->p, o->type, o->v, &second.offset,
	    "second", &b) == -1)
		return 0;
	textbuf_add(o->p->out, "{first = ");
	print_value(o->p, &a, o->v, first.offset);
	textbuf_add(o->p->out, ", second = ");
	print_value(o->p, &b, o->v, second.offset);
	textbuf_add(o->p->out, "}");
	return 1;
}

static int
print_atomic(const struct object *o)
{
	size_t at = o->offset;
	Dwarf_Die type;

	if (o->p->is_summary || (members_find(o->p, o->type, o->v, &at, "_M_i",
	    &type) == -1 && members_find(o->p, o->type, o->v, &at, "_M_p",
	    &type) == -1))
		return 0;
	print_instance(o, "atomic");
	textbuf_add(o->p->out, " = { ");
	print_value(o->p, &type, o->v, at);
	textbuf_add(o->p->out, " }");
	return 1;
}

static const struct known {
	const char *name;
	int (*print)(const struct object *o);
} known[] = {
	{ "basic_string<", print_basic_string },
	{ "basic_string_view<", print_string },
	{ "vector<", print_vector },
	{ "unique_ptr<", print_unique },
	{ "shared_ptr<", print_shared },
	{ "weak_ptr<", print_weak },
	{ "optional<", print_optional },
	{ "pair<", print_pair },
	{ "atomic<", print_atomic },
	{ "map<", stdcontain_map },
	{ "multimap<", stdcontain_map },
	{ "set<", stdcontain_map },
	{ "multiset<", stdcontain_map },
	{ "unordered_map<", stdcontain_hash },
	{ "unordered_set<", stdcontain_hash },
	{ "unordered_multimap<", stdcontain_hash },
	{ "unordered_multiset<", stdcontain_hash },
	{ "list<", stdcontain_list },
	{ "deque<", stdcontain_deque },
	{ "tuple<", stdcontain_tuple },
	{ "variant<", stdcontain_variant }
};

static const struct known *
find_known(struct printer *p, Dwarf_Die *peeled)
{
	const char *name = dwtype_name(peeled), *scope;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strncmp(name, known[i].name, strlen(known[i].name)) != 0)
			continue;
		scope = dwscopes_prefix(p->scopes, peeled);
		return strcmp(scope, "std::") == 0 ||
		    strcmp(scope, "std::__cxx11::") == 0 ? &known[i] : NULL;
	}
	return NULL;
}

int
stdtypes_is_ours(struct printer *p, Dwarf_Die *type)
{
	Dwarf_Die peeled = *type;

	return dwtype_peel(&peeled) != 0 && find_known(p, &peeled) != NULL;
}

int
stdtypes_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	const struct known *k = find_known(p, peeled);
	const struct object o = { p, peeled, v, offset };

	return k == NULL ? 0 : k->print(&o);
}
