/* SPDX-License-Identifier: ISC */
#include "value/stdwords.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/typename.h"

#define ALTERNATIVES_MAX 64

void
stdwords_array(struct printer *p, Dwarf_Die *type, uint64_t address,
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
    uint64_t uses, uint64_t weak, Dwarf_Die *pointer, size_t at)
{
	stdwords_instance(o, template);
	if (is_empty)
		textbuf_add(o->p->out, " (empty)");
	else if (uses == 0)
		textbuf_add(o->p->out, " (expired, weak count %" PRIu64 ")",
		    weak);
	else
		textbuf_add(o->p->out, " (use count %" PRIu64 ", weak count %"
		    PRIu64 ")", uses, weak);
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
	    "std::char_traits<char>, std::allocator<char> >") == 0;
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

void
stdwords_atomic(const struct object *o, Dwarf_Die *type, size_t at)
{
	stdwords_instance(o, "atomic");
	textbuf_add(o->p->out, " = { ");
	print_value(o->p, type, o->v, at);
	textbuf_add(o->p->out, " }");
}
