/* SPDX-License-Identifier: ISC */
#include "symbol/typename.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "symbol/typeunit.h"
#include "textbuf.h"

#define DEPTH_MAX 24			/* of pointers to functions to … */
#define NAME_BYTES 1024
#define PARAMETERS_MAX 64

/*
 * C writes a type around its name: what stands before (int (*) and what after
 * () [3]) are two walks of the same chain.
 */
struct naming {
	struct dwscopes *scopes;
	struct textbuf *out;
	int is_type;			/* "this" is told too */
};

static void before(struct naming *n, Dwarf_Die *type, int depth);
static void after(struct naming *n, Dwarf_Die *type, int depth);

static void
whole(struct naming *n, Dwarf_Die *type, int depth)
{
	before(n, type, depth);
	after(n, type, depth);
}

static int
is_pointer(int tag)
{
	return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
	    tag == DW_TAG_rvalue_reference_type ||
	    tag == DW_TAG_ptr_to_member_type;
}

static int
is_qualifier(int tag)
{
	return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
	    tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

static const char *
word(int tag)
{
	switch (tag) {
	case DW_TAG_const_type:
		return "const";
	case DW_TAG_volatile_type:
		return "volatile";
	case DW_TAG_restrict_type:
		return "restrict";
	case DW_TAG_atomic_type:
		return "_Atomic";
	case DW_TAG_reference_type:
		return "&";
	case DW_TAG_rvalue_reference_type:
		return "&&";
	case DW_TAG_structure_type: case DW_TAG_class_type:
		return "struct";
	case DW_TAG_union_type:
		return "union";
	case DW_TAG_enumeration_type:
		return "enum";
	default:
		return "*";
	}
}

/* Needs what TYPE leads to parentheses: is it an array or a function? */
static int
is_bracketed(Dwarf_Die *type)
{
	int tag = dwarf_tag(type);
	Dwarf_Die next = *type;

	for (int i = 0; i < DEPTH_MAX && is_qualifier(tag); i++) {
		if (dwtype_of(&next, &next) == -1)
			return 0;
		tag = dwarf_tag(&next);
	}
	return tag == DW_TAG_array_type || tag == DW_TAG_subroutine_type;
}

static void
put_named(struct naming *n, Dwarf_Die *type, int tag)
{
	const char *name = dwarf_diename(type);
	Dwarf_Die full = *type;

	if (name == NULL && dwtype_peel(&full) != 0) {
		type = &full;
		name = dwarf_diename(type);
	}
	if (tag == DW_TAG_base_type || tag == DW_TAG_unspecified_type) {
		textbuf_add(n->out, "%s", name == NULL ? "?" : name);
		return;
	}
	if (dwtype_is_cxx(type))
		textbuf_add(n->out, "%s", dwscopes_prefix(n->scopes, type));
	else if (tag != DW_TAG_typedef)
		textbuf_add(n->out, "%s ", word(tag));
	textbuf_add(n->out, "%s", name == NULL ? "{...}" : name);
}

static void
before(struct naming *n, Dwarf_Die *type, int depth)
{
	int tag = dwarf_tag(type), has_next, next_tag = 0;
	Dwarf_Die next;

	if (depth >= DEPTH_MAX || n->out->is_full) {
		textbuf_add(n->out, "...");
		return;
	}
	has_next = dwtype_of(type, &next) == 0;
	if (has_next)
		next_tag = dwarf_tag(&next);
	if (is_qualifier(tag)) {
		/* On its right where a pointer is qualified, else in front. */
		if (has_next && is_pointer(next_tag)) {
			before(n, &next, depth + 1);
			textbuf_add(n->out, "%s%s", n->out->len > 0 &&
			    n->out->bytes[n->out->len - 1] == '*' ? " " : "",
			    word(tag));
			return;
		}
		textbuf_add(n->out, "%s ", word(tag));
	}
	if (is_qualifier(tag) || is_pointer(tag) || tag == DW_TAG_array_type ||
	    tag == DW_TAG_subroutine_type) {
		if (has_next)
			before(n, &next, depth + 1);
		else
			textbuf_add(n->out, "void");
	} else {
		put_named(n, type, tag);
		return;
	}
	if (!is_pointer(tag))
		return;
	if (has_next && is_bracketed(&next))
		textbuf_add(n->out, " (");
	else if (n->out->len > 0 && n->out->bytes[n->out->len - 1] != '*' &&
	    n->out->bytes[n->out->len - 1] != '(')
		textbuf_add(n->out, " ");
	if (tag == DW_TAG_ptr_to_member_type) {
		Dwarf_Attribute attr;
		Dwarf_Die class;

		if (dwarf_attr(type, DW_AT_containing_type, &attr) != NULL &&
		    typeunit_die(&attr, &class) != NULL) {
			put_named(n, &class, dwarf_tag(&class));
			textbuf_add(n->out, "::");
		}
	}
	textbuf_add(n->out, "%s", word(tag));
}

static void
put_parameters(struct naming *n, Dwarf_Die *type, int depth)
{
	Dwarf_Die die, of;
	int count = 0;

	textbuf_add(n->out, "(");
	if (dwarf_child(type, &die) == 0) {
		do {
			int tag = dwarf_tag(&die);

			if (tag == DW_TAG_unspecified_parameters)
				textbuf_add(n->out, "%s...", count++ > 0 ?
				    ", " : "");
			else if (tag == DW_TAG_formal_parameter &&
			    (n->is_type || !dwtype_flag(&die,
			    DW_AT_artificial)) &&
			    dwtype_of(&die, &of) == 0) {
				textbuf_add(n->out, "%s", count++ > 0 ?
				    ", " : "");
				whole(n, &of, depth + 1);
				/* "this" cannot be changed. */
				if (dwtype_flag(&die, DW_AT_artificial) &&
				    n->is_type)
					textbuf_add(n->out, " const");
			}
		} while (count < PARAMETERS_MAX &&
		    dwarf_siblingof(&die, &die) == 0);
	}
	textbuf_add(n->out, count == 0 && n->is_type ? "void)" : ")");
}

static void
put_bounds(struct naming *n, Dwarf_Die *type)
{
	Dwarf_Die die;
	uint64_t count;

	if (dwarf_child(type, &die) != 0)
		return;
	do {
		if (dwarf_tag(&die) != DW_TAG_subrange_type)
			continue;
		if (dwtype_number(&die, DW_AT_count, &count) == 0)
			textbuf_add(n->out, "[%" PRIu64 "]", count);
		else if (dwtype_number(&die, DW_AT_upper_bound, &count) == 0)
			textbuf_add(n->out, "[%" PRIu64 "]", count + 1);
		else
			textbuf_add(n->out, "[]");
	} while (!n->out->is_full && dwarf_siblingof(&die, &die) == 0);
}

static void
after(struct naming *n, Dwarf_Die *type, int depth)
{
	int tag = dwarf_tag(type);
	Dwarf_Die next;

	if (depth >= DEPTH_MAX || n->out->is_full)
		return;
	if (tag == DW_TAG_array_type) {
		if (n->out->len > 0 && n->out->bytes[n->out->len - 1] != '*')
			textbuf_add(n->out, " ");
		put_bounds(n, type);
	} else if (tag == DW_TAG_subroutine_type) {
		if (n->out->len > 0 && n->out->bytes[n->out->len - 1] != ')')
			textbuf_add(n->out, " ");
		put_parameters(n, type, depth);
	} else if (!is_pointer(tag) && !is_qualifier(tag))
		return;
	if (dwtype_of(type, &next) == -1)
		return;
	if (is_pointer(tag) && is_bracketed(&next))
		textbuf_add(n->out, ")");
	after(n, &next, depth + 1);
}

char *
typename_of(struct dwscopes *scopes, Dwarf_Die *type)
{
	struct textbuf text = { .max = NAME_BYTES };
	struct naming n = { scopes, &text, 1 };

	if (type == NULL)
		textbuf_add(&text, "void");
	else
		whole(&n, type, 0);
	return textbuf_take(&text);
}

char *
typename_parameters(struct dwscopes *scopes, Dwarf_Die *function)
{
	struct textbuf text = { .max = NAME_BYTES };
	struct naming n = { scopes, &text, 0 };

	put_parameters(&n, function, 0);
	return textbuf_take(&text);
}
