/* SPDX-License-Identifier: ISC */
#include "value/stdwords.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "symbol/typename.h"
#include "value/array.h"
#include "value/members.h"
#include "value/stdnodes.h"

#define ALTERNATIVES_MAX 64

/* " = {1, 2}", of COUNT elements; nothing when there is none. */
static void
put_array(struct printer *p, Dwarf_Die *type, uint64_t address, uint64_t count)
{
	uint64_t size = print_size(p, type), bytes = size * count;
	struct value v;

	if (!print_opens(p, count))
		return;
	value_at(p->scene, address, bytes > VALUE_MAX ? VALUE_MAX :
	    (size_t)bytes, &v);
	if (v.is_unreadable)
		textbuf_add(p->out, "<error: Cannot access memory at address "
		    "0x%" PRIx64 ">", v.bad_address);
	else if (size > 0 && size <= VALUE_MAX) {
		p->is_listed = 1;
		array_elements(p, type, &v, 0, count, (size_t)size);
	}
	value_release(&v);
	textbuf_add(p->out, "}");
}

int
stdwords_vector(const struct object *o, Dwarf_Die *pointer, uint64_t first,
    uint64_t last, uint64_t end)
{
	Dwarf_Die type;
	uint64_t size;

	if (object_target(pointer, &type) == -1 ||
	    (size = print_size(o->p, &type)) == 0 || last < first || end < last)
		return 0;
	textbuf_add(o->p->out, "std::vector of length %" PRIu64
	    ", capacity %" PRIu64, (last - first) / size, (end - first) / size);
	put_array(o->p, &type, first, (last - first) / size);
	return 1;
}

int
stdwords_is_bits(const struct object *o)
{
	Dwarf_Die type;

	return object_argument(o->type, 0, &type) == 0 &&
	    dwtype_peel(&type) == DW_TAG_base_type &&
	    dwtype_encoding(&type) == DW_ATE_boolean;
}

void
stdwords_bits(const struct object *o, uint64_t address, uint64_t count,
    uint64_t capacity)
{
	uint64_t width = stdnodes_word(o) * 8, bits = 0, i;
	struct textbuf *out = o->p->out;

	textbuf_add(out, "std::vector<bool> of length %" PRIu64
	    ", capacity %" PRIu64, count, capacity);
	if (count == 0)
		return;
	textbuf_add(out, " = {");
	for (i = 0; i < count && i < ELEMENTS_MAX && !o->p->is_summary; i++) {
		if (i % width == 0 && stdnodes_read(o, address + i / 8,
		    &bits) == -1)
			break;
		textbuf_add(out, "%s%s", i > 0 ? ", " : "",
		    (bits >> i % width & 1) != 0 ? "true" : "false");
	}
	textbuf_add(out, i < count ? "...}" : "}");
}

void
stdwords_instance(const struct object *o, const char *template)
{
	Dwarf_Die argument;
	char *name;
	int has = object_argument(o->type, 0, &argument) == 0;

	name = typename_of(o->p->scopes, has ? &argument : NULL);
	textbuf_add(o->p->out, "std::%s<%s>", template, name);
	free(name);
}

/* "label = " and a value of TYPE, in braces. */
static void
put_inside(const struct object *o, const char *label, Dwarf_Die *type,
    size_t at)
{
	textbuf_add(o->p->out, " = {");
	if (o->p->is_summary)
		textbuf_add(o->p->out, "...");
	else {
		textbuf_add(o->p->out, "%s", label);
		print_value(o->p, type, o->v, at);
	}
	textbuf_add(o->p->out, "}");
}

void
stdwords_get(const struct object *o, Dwarf_Die *pointer, size_t at)
{
	put_inside(o, "get() = ", pointer, at);
}

void
stdwords_counted(const struct object *o, const char *template, int is_empty,
    int64_t uses, int64_t weak, Dwarf_Die *pointer, size_t at)
{
	stdwords_instance(o, template);
	if (is_empty)
		textbuf_add(o->p->out, " (empty)");
	else if (uses == 0)
		textbuf_add(o->p->out, " (expired, weak count %" PRId64 ")",
		    weak);
	else
		textbuf_add(o->p->out, " (use count %" PRId64 ", weak count %"
		    PRId64 ")", uses, weak);
	stdwords_get(o, pointer, at);
}

void
stdwords_optional(const struct object *o, Dwarf_Die *type, size_t at)
{
	stdwords_instance(o, "optional");
	if (type == NULL)
		textbuf_add(o->p->out, " [no contained value]");
	else
		put_inside(o, "[contained value] = ", type, at);
}

/* A string has a short name, whose ever it is. */
static int
is_string(const char *name)
{
	return strcmp(name, "std::__cxx11::basic_string<char, "
	    "std::char_traits<char>, std::allocator<char> >") == 0 ||
	    strcmp(name, "std::__1::basic_string<char, "
	    "std::__1::char_traits<char>, std::__1::allocator<char> >") == 0;
}

static void
put_alternatives(const struct object *o)
{
	Dwarf_Die type;

	textbuf_add(o->p->out, "std::variant<");
	for (int i = 0; i < ALTERNATIVES_MAX &&
	    object_argument(o->type, i, &type) == 0; i++) {
		char *name = typename_of(o->p->scopes, &type);

		textbuf_add(o->p->out, "%s%s", i > 0 ? ", " : "",
		    is_string(name) ? "std::string" : name);
		free(name);
	}
	textbuf_add(o->p->out, "> ");
}

void
stdwords_variant(const struct object *o, uint64_t index, size_t at)
{
	Dwarf_Die type;

	put_alternatives(o);
	/* Of none it is -1, in as many bits as it has. */
	if (object_argument(o->type, (int)(index & 0xff), &type) == -1) {
		textbuf_add(o->p->out, "[no contained value]");
		return;
	}
	textbuf_add(o->p->out, "[index %" PRIu64 "]", index);
	put_inside(o, "", &type, at);
}

int
stdwords_pair(const struct object *o)
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

void
stdwords_atomic(const struct object *o, Dwarf_Die *type, size_t at)
{
	stdwords_instance(o, "atomic");
	textbuf_add(o->p->out, " = { ");
	print_value(o->p, type, o->v, at);
	textbuf_add(o->p->out, " }");
}
