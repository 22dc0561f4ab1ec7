/* SPDX-License-Identifier: ISC */
#include "value/printer.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "symbol/typename.h"
#include "value/array.h"
#include "value/letters.h"
#include "value/memberptr.h"
#include "value/members.h"
#include "value/scalar.h"
#include "value/stdtypes.h"
#include "xalloc.h"

static uint64_t
word_size(const struct printer *p)
{
	return p->scene->modules->target->is64 ? 8 : 4;
}

/* The letters of a string type: a number that it has, or that is somewhere. */
static uint64_t
string_length(struct printer *p, Dwarf_Die *peeled)
{
	struct target *t = p->scene->modules->target;
	uint64_t length;

	if (!dwarf_hasattr(peeled, DW_AT_string_length))
		return dwtype_number(peeled, DW_AT_byte_size, &length) == -1 ?
		    0 : length;
	if (location_number(p->scene, peeled, DW_AT_string_length, p->array,
	    &length) == -1)
		return 0;
	/* An expression is that of its place, a reference its variable. */
	return dwtype_is_expression(peeled, DW_AT_string_length) &&
	    target_word(t, length, &length) == -1 ? 0 : length;
}

static uint64_t
size_of(struct printer *p, Dwarf_Die *type, int depth)
{
	Dwarf_Die peeled = *type, element;
	struct dimensions d;
	uint64_t size, of;
	int tag = dwtype_peel(&peeled);

	if (tag == 0 || depth > PRINT_DEPTH_MAX)
		return 0;
	if (tag == DW_TAG_string_type)
		return string_length(p, &peeled);
	if (location_number(p->scene, &peeled, DW_AT_byte_size, NULL,
	    &size) == 0)
		return size;
	switch (tag) {
	case DW_TAG_pointer_type: case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type: case DW_TAG_ptr_to_member_type:
		return memberptr_is_method(&peeled) ? 2 * word_size(p) :
		    word_size(p);
	case DW_TAG_enumeration_type: case DW_TAG_subrange_type:
		return dwtype_of(&peeled, &element) == -1 ? 0 :
		    size_of(p, &element, depth + 1);
	case DW_TAG_array_type:
		if (dwtype_of(&peeled, &element) == -1)
			return 0;
		size = size_of(p, &element, depth + 1);
		array_dimensions(p, &peeled, &d);
		for (int i = 0; i < d.n; i++) {
			if (__builtin_mul_overflow(size, d.count[i], &of))
				return UINT64_MAX;
			size = of;
		}
		return size;
	default:
		return 0;
	}
}

uint64_t
print_size(struct printer *p, Dwarf_Die *type)
{
	return size_of(p, type, 0);
}

int
print_opens(struct printer *p, uint64_t count)
{
	if (count == 0)
		return 0;
	textbuf_add(p->out, p->is_summary ? " = {...}" : " = {");
	return !p->is_summary;
}

static const char *const state_words[] = {
	NULL, "<optimized out>", "<not saved>", "<unavailable>",
	"<synthetic pointer>"
};

const char *
print_unknown(const struct value *v, size_t offset, size_t len)
{
	if (offset > v->len || len > v->len - offset)
		return "...";
	for (size_t i = offset; v->state != NULL && i < offset + len; i++)
		if (v->state[i] != BYTE_KNOWN)
			return state_words[v->state[i]];
	return NULL;
}

void
print_text(struct printer *p, Dwarf_Die *type, uint64_t address,
    uint64_t count)
{
	struct target *t = p->scene->modules->target;
	unsigned char bytes[(LETTERS_MAX + 1) * 4], one[4];
	size_t width, n, ended = 0, want = LETTERS_MAX;
	const char *prefix;

	letters_of(type, &width, &prefix);
	if (count < want)
		want = (size_t)count;
	/* Up to a page's end at a time: what follows may not be there. */
	for (n = 0; n < want && !ended; n++) {
		if (n * width % 64 == 0) {
			size_t have = modules_read(p->scene->modules, address +
			    n * width, bytes + n * width, 64 < (want - n) *
			    width ? 64 : (want - n) * width);

			if (have < width)
				break;
			memset(bytes + n * width + have, 0, 4);
			if (have < 64 && have / width < want - n)
				want = n + have / width + 1;
		}
		if (count == UINT64_MAX && scalar_unsigned(t, bytes + n * width,
		    width) == 0)
			ended = 1;
	}
	n -= ended;
	if (n == 0 && !ended && count != 0) {
		textbuf_add(p->out, "<error: Cannot access memory at address "
		    "0x%" PRIx64 ">", address);
		return;
	}
	if (count == UINT64_MAX && !ended && n == LETTERS_MAX)
		ended = modules_read(p->scene->modules, address + n * width,
		    one, width) == width && scalar_unsigned(t, one, width) == 0;
	else if (count != UINT64_MAX)
		ended = n == count;
	/* letters_string() leaves one NUL at the end away. */
	memset(bytes + n * width, 0, width);
	letters_string(p->out, t, bytes, n + 1, width, prefix, 0);
	if (!ended)
		textbuf_add(p->out, "...");
}

void
print_letters(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset, uint64_t count)
{
	unsigned char bytes[(LETTERS_MAX + 1) * 4] = { 0 };
	size_t width, shown = count < LETTERS_MAX ? (size_t)count : LETTERS_MAX;
	const char *prefix, *unknown;

	letters_of(type, &width, &prefix);
	unknown = print_unknown(v, offset, shown * width);
	if (unknown != NULL) {
		textbuf_add(p->out, "%s", unknown);
		return;
	}
	memcpy(bytes, v->bytes + offset, shown * width);
	/* letters_string() leaves one NUL at the end away. */
	letters_string(p->out, p->scene->modules->target, bytes, shown + 1,
	    width, prefix, 0);
	if (shown < count)
		textbuf_add(p->out, "...");
}

void
print_pointer(struct printer *p, Dwarf_Die *target, uint64_t address)
{
	const char *name, *prefix;
	Dwarf_Die peeled;
	uint64_t offset;
	size_t width;
	int tag = 0;

	textbuf_add(p->out, "0x%" PRIx64, address);
	if (target != NULL) {
		peeled = *target;
		tag = dwtype_peel(&peeled);
	}
	name = address == 0 ? NULL :
	    pointees_name(p->pointees, address, &offset);
	if (name != NULL && offset != 0)
		textbuf_add(p->out, " <%s+%" PRIu64 ">", name, offset);
	else if (name != NULL)
		textbuf_add(p->out, " <%s>", name);
	if (target == NULL || address == 0 || tag == DW_TAG_subroutine_type ||
	    !letters_of(target, &width, &prefix))
		return;
	textbuf_add(p->out, " ");
	print_text(p, target, address, UINT64_MAX);
}

void
print_memory(struct printer *p, Dwarf_Die *type, uint64_t address)
{
	uint64_t size = print_size(p, type);
	struct value v;

	value_at(p->scene, address, size > VALUE_MAX ? VALUE_MAX :
	    (size_t)size, &v);
	if (v.is_unreadable)
		textbuf_add(p->out, "<error: Cannot access memory at address "
		    "0x%" PRIx64 ">", v.bad_address);
	else
		print_value(p, type, &v, 0);
	value_release(&v);
}

/* {int (int)} 0x1234 <name> */
static void
print_function(struct printer *p, Dwarf_Die *type, uint64_t address)
{
	char *name = typename_of(p->scopes, type);

	textbuf_add(p->out, "{%s} ", name);
	free(name);
	print_pointer(p, type, address);
}

static void
print_reference(struct printer *p, Dwarf_Die *target, uint64_t address)
{
	Dwarf_Die peeled = *target;

	if (stdtypes_is_ours(p, target)) {
		print_memory(p, target, address);
		return;
	}
	if (p->is_summary && !dwtype_is_scalar(target)) {
		textbuf_add(p->out, "...");
		return;
	}
	textbuf_add(p->out, "@0x%" PRIx64, address);
	if (p->is_member)
		return;
	textbuf_add(p->out, ": ");
	if (dwtype_peel(&peeled) == DW_TAG_subroutine_type)
		print_function(p, &peeled, address);
	else
		print_memory(p, target, address);
}

static void
print_scalar(struct printer *p, Dwarf_Die *type, Dwarf_Die *peeled, int tag,
    const struct value *v, size_t offset, size_t size)
{
	const struct target *t = p->scene->modules->target;
	const unsigned char *bytes = v->bytes + offset;
	Dwarf_Die target, *to = NULL;

	if (tag == DW_TAG_base_type) {
		scalar_base(p->out, t, type, bytes, size);
		return;
	}
	if (tag == DW_TAG_enumeration_type) {
		scalar_enum(p->out, t, p->scopes, type, bytes, size);
		return;
	}
	if (tag == DW_TAG_ptr_to_member_type) {
		memberptr_print(p, peeled, v, offset);
		return;
	}
	if (dwtype_of(peeled, &target) == 0)
		to = &target;
	if (tag == DW_TAG_pointer_type)
		print_pointer(p, to, scalar_unsigned(t, bytes, size));
	else if ((tag == DW_TAG_reference_type ||
	    tag == DW_TAG_rvalue_reference_type) && to != NULL)
		print_reference(p, to, scalar_unsigned(t, bytes, size));
	else
		textbuf_add(p->out, "0x%" PRIx64, scalar_unsigned(t, bytes,
		    size > 8 ? 8 : size));
}

/* What a reference refers to that has no address. */
static void
print_implicit(struct printer *p, Dwarf_Die *reference, const struct value *v)
{
	Dwarf_Die target, pointed = v->pointed;
	struct value at, part;
	uint64_t size;

	if (dwtype_of(reference, &target) == -1)
		return;
	if (p->is_summary && !dwtype_is_scalar(&target)) {
		textbuf_add(p->out, "...");
		return;
	}
	textbuf_add(p->out, ": ");
	size = print_size(p, &target);
	if (size > VALUE_MAX)
		size = VALUE_MAX;
	location_read(p->scene, &pointed, (size_t)(v->offset + size), &at);
	part = at;
	part.bytes += v->offset;
	if (at.state != NULL)
		part.state += v->offset;
	if (at.unknown != NULL)
		part.unknown += v->offset;
	part.len -= v->offset;
	part.address += v->offset;
	print_whole(p, &target, &part);
	value_release(&at);
}

static void
print_inside(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset)
{
	Dwarf_Die peeled = *type, base;
	int tag = dwtype_peel(&peeled);
	uint64_t size;
	const char *unknown;

	if (tag == 0) {
		textbuf_add(p->out, "void");
		return;
	}
	if (tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
	    tag == DW_TAG_union_type) {
		if (stdtypes_print(p, &peeled, v, offset))
			return;
		if (p->is_summary)
			textbuf_add(p->out, "...");
		else if (dwtype_is_declaration(&peeled))
			textbuf_add(p->out, "<incomplete type>");
		else
			members_print(p, &peeled, v, offset);
		return;
	}
	if (tag == DW_TAG_array_type) {
		if (p->is_summary)
			textbuf_add(p->out, "...");
		else
			array_print(p, &peeled, v, offset);
		return;
	}
	if (tag == DW_TAG_unspecified_type) {
		textbuf_add(p->out, "nullptr");
		return;
	}
	/* A type of Ada's or Pascal's: numbers from one to another. */
	if (tag == DW_TAG_subrange_type && dwtype_of(&peeled, &base) == 0) {
		print_value(p, &base, v, offset);
		return;
	}
	size = print_size(p, type);
	if (tag == DW_TAG_string_type) {
		if (p->is_summary)
			textbuf_add(p->out, "...");
		else
			print_letters(p, type, v, offset, size);
		return;
	}
	if (size == 0 && tag == DW_TAG_base_type) {
		/* Rust's (). */
		textbuf_add(p->out, "%s", dwtype_name(&peeled));
		return;
	}
	if (size == 0 || size > SCALAR_MAX) {
		textbuf_add(p->out, "<error: a value without a size>");
		return;
	}
	unknown = print_unknown(v, offset, (size_t)size);
	if (unknown != NULL) {
		textbuf_add(p->out, "%s", unknown);
		if (v->is_implicit && (tag == DW_TAG_reference_type ||
		    tag == DW_TAG_rvalue_reference_type))
			print_implicit(p, &peeled, v);
	} else
		print_scalar(p, type, &peeled, tag, v, offset, (size_t)size);
}

void
print_value(struct printer *p, Dwarf_Die *type, const struct value *v,
    size_t offset)
{
	if (p->depth >= PRINT_DEPTH_MAX || *p->expired) {
		textbuf_add(p->out, "{...}");
		return;
	}
	p->depth++;
	print_inside(p, type, v, offset);
	p->depth--;
}

/* What all bytes of V are; BYTE_KNOWN: not the same, or not unknown. */
static int
whole_state(const struct value *v)
{
	if (v->is_gone)
		return BYTE_OPTIMIZED_OUT;
	if (v->state == NULL || v->len == 0)
		return BYTE_KNOWN;
	for (size_t i = 0; i < v->len; i++)
		if (v->state[i] != v->state[0] || (v->unknown != NULL &&
		    v->unknown[i] != 0xff))
			return BYTE_KNOWN;
	return v->state[0];
}

void
print_whole(struct printer *p, Dwarf_Die *type, const struct value *v)
{
	int state = whole_state(v);

	if (v->is_unreadable)
		textbuf_add(p->out, "<error: Cannot access memory at address "
		    "0x%" PRIx64 ">", v->bad_address);
	else if (state == BYTE_KNOWN || v->is_implicit)
		print_value(p, type, v, 0);
	else if (p->is_summary && !dwtype_is_scalar(type))
		textbuf_add(p->out, "...");
	else
		textbuf_add(p->out, "%s", state_words[state]);
}

int
print_member_offset(struct printer *p, Dwarf_Die *die, const struct value *v,
    size_t offset, size_t *at)
{
	uint64_t object = v->address + offset, where;
	Dwarf_Attribute attr;

	/* In a union it may be left out. */
	if (dwarf_attr_integrate(die, DW_AT_data_member_location,
	    &attr) == NULL) {
		*at = offset;
		return 0;
	}
	if (dwtype_number(die, DW_AT_data_member_location, &where) == 0)
		where += offset;
	else if (location_number(p->scene, die, DW_AT_data_member_location,
	    &object, &where) == 0)
		where = v->has_address ? where - v->address :
		    where - object + offset;
	else
		return -1;
	if (where > v->len)
		return -1;
	*at = (size_t)where;
	return 0;
}
