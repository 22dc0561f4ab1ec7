/* SPDX-License-Identifier: ISC */
#include "value/stdcontain.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "symbol/typename.h"
#include "value/members.h"

#define STEPS_MAX 200			/* up or down a tree, to the next */
#define ALIGN_DEPTH 8
#define DEQUE_BYTES 512			/* of a block of one */
#define TUPLE_MAX 64
#define ALTERNATIVES_MAX 64

static uint64_t
word(const struct object *o)
{
	return o->p->scene->modules->target->is64 ? 8 : 4;
}

static int
read_word(const struct object *o, uint64_t address, uint64_t *value)
{
	return target_word(o->p->scene->modules->target, address, value);
}

/* On what its address must end: DWARF does not say, its members do. */
static uint64_t
alignment(struct printer *p, Dwarf_Die *type, int depth)
{
	Dwarf_Die peeled = *type, die, of;
	uint64_t most = 1, size;
	int tag = dwtype_peel(&peeled);

	if (depth > ALIGN_DEPTH)
		return 1;
	if (tag == DW_TAG_array_type)
		return dwtype_of(&peeled, &of) == -1 ? 1 :
		    alignment(p, &of, depth + 1);
	if (tag != DW_TAG_structure_type && tag != DW_TAG_class_type &&
	    tag != DW_TAG_union_type) {
		size = print_size(p, &peeled);
		return size == 0 || size > 16 ? 1 : size;
	}
	if (dwarf_child(&peeled, &die) != 0)
		return 1;
	do {
		tag = dwarf_tag(&die);
		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
		    dwtype_of(&die, &of) == -1)
			continue;
		size = alignment(p, &of, depth + 1);
		if (size > most)
			most = size;
	} while (dwarf_siblingof(&die, &die) == 0);
	return most;
}

static uint64_t
align_up(uint64_t at, uint64_t alignment)
{
	return (at + alignment - 1) / alignment * alignment;
}

/* What a node holds: a key, and a value when it is that of a map. */
struct held {
	Dwarf_Die key, value;
	int is_map;
	uint64_t offset, value_offset;	/* in the node */
};

static int
what_is_held(const struct object *o, uint64_t header, struct held *h)
{
	uint64_t key, value = 1;

	h->is_map = strstr(dwtype_name(o->type), "map<") != NULL;
	if (object_argument(o->type, 0, &h->key) == -1 || (h->is_map &&
	    object_argument(o->type, 1, &h->value) == -1))
		return -1;
	key = alignment(o->p, &h->key, 0);
	if (h->is_map)
		value = alignment(o->p, &h->value, 0);
	h->offset = align_up(header, key > value ? key : value);
	h->value_offset = h->offset + align_up(print_size(o->p, &h->key),
	    value);
	return 0;
}

static void
print_held(const struct object *o, struct held *h, uint64_t node, uint64_t i)
{
	struct textbuf *out = o->p->out;

	textbuf_add(out, "%s[", i > 0 ? ", " : "");
	if (!h->is_map)
		textbuf_add(out, "%" PRIu64, i);
	else
		print_memory(o->p, &h->key, node + h->offset);
	textbuf_add(out, "] = ");
	if (h->is_map)
		print_memory(o->p, &h->value, node + h->value_offset);
	else
		print_memory(o->p, &h->key, node + h->offset);
}

/* "std::map with 2 elements" */
static void
print_size_of(const struct object *o, uint64_t n)
{
	const char *name = dwtype_name(o->type);

	textbuf_add(o->p->out, "std::%.*s with %" PRIu64 " element%s",
	    (int)strcspn(name, "<"), name, n, n == 1 ? "" : "s");
}

/*
 * COUNT of the nodes that NEXT leads through from FIRST on; a list whose nodes
 * were overwritten may go in circles, but not for long.
 */
static void
print_nodes(const struct object *o, struct held *h, uint64_t first,
    uint64_t count, int (*next)(const struct object *o, uint64_t *node))
{
	struct textbuf *out = o->p->out;
	/* A key counts as well. */
	uint64_t i, most = h->is_map ? ELEMENTS_MAX / 2 : ELEMENTS_MAX;

	if (count == 0)
		return;
	textbuf_add(out, " = {");
	if (o->p->is_summary) {
		textbuf_add(out, "...}");
		return;
	}
	for (i = 0; i < count && i < most && !out->is_full &&
	    !*o->p->expired; i++) {
		print_held(o, h, first, i);
		if (i + 1 < count && next(o, &first) == -1)
			break;
	}
	textbuf_add(out, i < count ? "...}" : "}");
}

/* A node of a tree: colour, parent, left, right, each with a word's room. */
static int
next_in_tree(const struct object *o, uint64_t *node)
{
	uint64_t size = word(o), at = *node, to, right;
	int steps = 0;

	if (read_word(o, at + 3 * size, &to) == -1)
		return -1;
	if (to != 0) {
		do {
			at = to;
			if (read_word(o, at + 2 * size, &to) == -1)
				return -1;
		} while (to != 0 && steps++ < STEPS_MAX);
		*node = at;
		return 0;
	}
	do {
		if (read_word(o, at + size, &to) == -1 ||
		    read_word(o, to + 3 * size, &right) == -1)
			return -1;
		*node = to;
		if (right != at)
			return 0;
		at = to;
	} while (steps++ < STEPS_MAX);
	return -1;
}

int
stdcontain_map(const struct object *o)
{
	struct object tree, impl, header;
	Dwarf_Die a, b, c;
	struct held h;
	uint64_t count, first;

	if (object_inner(o, "_M_t", &tree, &a) == -1 ||
	    object_inner(&tree, "_M_impl", &impl, &b) == -1 ||
	    object_number(&impl, "_M_node_count", &count, NULL) == -1 ||
	    object_inner(&impl, "_M_header", &header, &c) == -1 ||
	    object_number(&header, "_M_left", &first, NULL) == -1 ||
	    what_is_held(o, 4 * word(o), &h) == -1)
		return 0;
	print_size_of(o, count);
	print_nodes(o, &h, first, count, next_in_tree);
	return 1;
}

static int
next_in_list(const struct object *o, uint64_t *node)
{
	return read_word(o, *node, node);
}

int
stdcontain_hash(const struct object *o)
{
	struct object table, before;
	Dwarf_Die a, b;
	struct held h;
	uint64_t count, first;

	if (object_inner(o, "_M_h", &table, &a) == -1 ||
	    object_number(&table, "_M_element_count", &count, NULL) == -1 ||
	    object_inner(&table, "_M_before_begin", &before, &b) == -1 ||
	    object_number(&before, "_M_nxt", &first, NULL) == -1 ||
	    what_is_held(o, word(o), &h) == -1)
		return 0;
	print_size_of(o, count);
	print_nodes(o, &h, first, count, next_in_list);
	return 1;
}

int
stdcontain_list(const struct object *o)
{
	struct object impl, node;
	const char *scope = dwscopes_prefix(o->p->scopes, o->type);
	Dwarf_Die a, b;
	struct held h;
	uint64_t first, at, count = 0, end;

	if (object_inner(o, "_M_impl", &impl, &a) == -1 ||
	    object_inner(&impl, "_M_node", &node, &b) == -1 ||
	    object_number(&node, "_M_next", &first, NULL) == -1 ||
	    !o->v->has_address || what_is_held(o, 2 * word(o), &h) == -1)
		return 0;
	/* The last node leads back into the object. */
	end = o->v->address + node.offset;
	for (at = first; at != end && count <= ELEMENTS_MAX; count++)
		if (next_in_list(o, &at) == -1)
			return 0;
	textbuf_add(o->p->out, "%s%slist", count == 0 ? "empty " : "", scope);
	print_nodes(o, &h, first, count, next_in_list);
	return 1;
}

static void
print_blocks(const struct object *o, Dwarf_Die *type, uint64_t nodes,
    uint64_t skip, uint64_t count, uint64_t size)
{
	uint64_t each = size < DEQUE_BYTES ? DEQUE_BYTES / size : 1, block, i;
	struct textbuf *out = o->p->out;

	textbuf_add(out, " = {");
	if (o->p->is_summary) {
		textbuf_add(out, "...}");
		return;
	}
	for (i = 0; i < count && i < ELEMENTS_MAX && !out->is_full &&
	    !*o->p->expired; i++) {
		if (read_word(o, nodes + (skip + i) / each * word(o),
		    &block) == -1)
			break;
		textbuf_add(out, "%s", i > 0 ? ", " : "");
		print_memory(o->p, type, block + (skip + i) % each * size);
	}
	textbuf_add(out, i < count ? "...}" : "}");
}

int
stdcontain_deque(const struct object *o)
{
	struct object impl, start, finish;
	Dwarf_Die a, b, c, element;
	uint64_t cur, first, node, end, end_first, end_node, size, each, count;

	if (object_inner(o, "_M_impl", &impl, &a) == -1 ||
	    object_inner(&impl, "_M_start", &start, &b) == -1 ||
	    object_inner(&impl, "_M_finish", &finish, &c) == -1 ||
	    object_number(&start, "_M_cur", &cur, NULL) == -1 ||
	    object_number(&start, "_M_first", &first, NULL) == -1 ||
	    object_number(&start, "_M_node", &node, NULL) == -1 ||
	    object_number(&finish, "_M_cur", &end, NULL) == -1 ||
	    object_number(&finish, "_M_first", &end_first, NULL) == -1 ||
	    object_number(&finish, "_M_node", &end_node, NULL) == -1 ||
	    object_argument(o->type, 0, &element) == -1 ||
	    (size = print_size(o->p, &element)) == 0 || end_node < node ||
	    cur < first || end < end_first)
		return 0;
	each = size < DEQUE_BYTES ? DEQUE_BYTES / size : 1;
	count = (end_node - node) / word(o) * each + (end - end_first) / size;
	if (count < (cur - first) / size)
		return 0;
	count -= (cur - first) / size;
	print_size_of(o, count);
	if (count > 0)
		print_blocks(o, &element, node, (cur - first) / size, count,
		    size);
	return 1;
}

int
stdcontain_tuple(const struct object *o)
{
	struct object level = *o, head, next;
	Dwarf_Die type[2], of;
	char prefix[40];
	int i;

	if (object_base(o, "_Tuple_impl<0", &level, &type[0]) == -1)
		return 0;
	textbuf_add(o->p->out, "std::tuple containing = {%s",
	    o->p->is_summary ? "..." : "");
	for (i = 0; !o->p->is_summary && i < TUPLE_MAX; i++) {
		size_t at;

		snprintf(prefix, sizeof prefix, "_Head_base<%d,", i);
		if (object_base(&level, prefix, &head, &of) == -1) {
			snprintf(prefix, sizeof prefix, "_Head_base<%dUL,", i);
			if (object_base(&level, prefix, &head, &of) == -1)
				break;
		}
		textbuf_add(o->p->out, "%s[%d] = ", i > 0 ? ", " : "", i + 1);
		at = head.offset;
		if (members_find(o->p, head.type, o->v, &at, "_M_head_impl",
		    &of) == 0)
			print_value(o->p, &of, o->v, at);
		else
			textbuf_add(o->p->out, "{...}");
		snprintf(prefix, sizeof prefix, "_Tuple_impl<%d", i + 1);
		if (object_base(&level, prefix, &next, &type[(i + 1) % 2]) ==
		    -1)
			break;
		level = next;
	}
	textbuf_add(o->p->out, "}");
	return 1;
}

/* "std::variant<int, std::string>" */
static void
print_alternatives(const struct object *o)
{
	static const char text[] = "std::__cxx11::basic_string<char, "
	    "std::char_traits<char>, std::allocator<char> >";
	Dwarf_Die type;

	textbuf_add(o->p->out, "std::variant<");
	for (int i = 0; i < ALTERNATIVES_MAX &&
	    object_argument(o->type, i, &type) == 0; i++) {
		char *name = typename_of(o->p->scopes, &type);

		textbuf_add(o->p->out, "%s%s", i > 0 ? ", " : "",
		    strcmp(name, text) == 0 ? "std::string" : name);
		free(name);
	}
	textbuf_add(o->p->out, "> ");
}

int
stdcontain_variant(const struct object *o)
{
	Dwarf_Die type, unused;
	uint64_t index;
	size_t at = o->offset;

	if (object_number(o, "_M_index", &index, NULL) == -1 ||
	    members_find(o->p, o->type, o->v, &at, "_M_u", &unused) == -1)
		return 0;
	print_alternatives(o);
	if (object_argument(o->type, (int)(index & 0xff), &type) == -1) {
		textbuf_add(o->p->out, "[no contained value]");
		return 1;
	}
	textbuf_add(o->p->out, "[index %" PRIu64 "] = {", index);
	if (o->p->is_summary)
		textbuf_add(o->p->out, "...");
	else
		print_value(o->p, &type, o->v, at);
	textbuf_add(o->p->out, "}");
	return 1;
}
