/* SPDX-License-Identifier: ISC */
#include "value/libcxxnodes.h"

#include <stdio.h>

#include "symbol/dwtype.h"
#include "value/libcxx.h"
#include "value/members.h"
#include "value/stdnodes.h"
#include "value/stdwords.h"

#define DEQUE_BYTES 4096		/* of a block */
#define DEQUE_LEAST 16			/* elements of a block of large ones */
#define TUPLE_MAX 64

static int
next_in_tree(const struct object *o, uint64_t *node)
{
	static const struct tree_links links = {
		.left = 0, .right = 1, .parent = 2
	};

	return stdnodes_next_in_tree(o, &links, node);
}

/* A node's colour is a byte, and what it holds may follow at once. */
int
libcxx_map(const struct object *o)
{
	struct object tree;
	Dwarf_Die type;
	struct held h;
	uint64_t count, first;

	if (object_inner(o, "__tree_", &tree, &type) == -1 ||
	    object_number(&tree, "__begin_node_", &first, NULL) == -1 ||
	    libcxx_first_number(&tree, "__pair3_", "__size_", &count,
	    NULL) == -1 ||
	    stdnodes_held(o, 3 * stdnodes_word(o) + 1, &h) == -1)
		return 0;
	stdnodes_put_size(o, count);
	stdnodes_put(o, &h, first, count, next_in_tree);
	return 1;
}

static int
next_in_hash(const struct object *o, uint64_t *node)
{
	return stdnodes_read(o, *node, node);
}

int
libcxx_hash(const struct object *o)
{
	struct object table, before;
	Dwarf_Die a, b;
	struct held h;
	uint64_t count, first;

	if (object_inner(o, "__table_", &table, &a) == -1 ||
	    libcxx_first(&table, "__p1_", "__first_node_", &before,
	    &b) == -1 ||
	    object_number(&before, "__next_", &first, NULL) == -1 ||
	    libcxx_first_number(&table, "__p2_", "__size_", &count,
	    NULL) == -1 || stdnodes_held(o, 2 * stdnodes_word(o), &h) == -1)
		return 0;
	stdnodes_put_size(o, count);
	stdnodes_put(o, &h, first, count, next_in_hash);
	return 1;
}

/* The one before comes first in a node. */
static int
next_in_list(const struct object *o, uint64_t *node)
{
	return stdnodes_read(o, *node + stdnodes_word(o), node);
}

int
libcxx_list(const struct object *o)
{
	struct object end;
	Dwarf_Die type;
	struct held h;
	uint64_t first, count;

	if (object_inner(o, "__end_", &end, &type) == -1 ||
	    object_number(&end, "__next_", &first, NULL) == -1 ||
	    libcxx_first_number(o, "__size_alloc_", "__size_", &count,
	    NULL) == -1 || stdnodes_held(o, 2 * stdnodes_word(o), &h) == -1)
		return 0;
	stdnodes_put_size(o, count);
	stdnodes_put(o, &h, first, count, next_in_list);
	return 1;
}

int
libcxx_deque(const struct object *o)
{
	struct object map;
	Dwarf_Die a, element;
	uint64_t first, last, start, count, size, each, blocks;

	if (object_inner(o, "__map_", &map, &a) == -1 ||
	    object_number(&map, "__begin_", &first, NULL) == -1 ||
	    object_number(&map, "__end_", &last, NULL) == -1 ||
	    object_number(o, "__start_", &start, NULL) == -1 ||
	    libcxx_first_number(o, "__size_", "__size_", &count, NULL) == -1 ||
	    object_argument(o->type, 0, &element) == -1 ||
	    (size = print_size(o->p, &element)) == 0 || last < first)
		return 0;
	each = size < DEQUE_BYTES / DEQUE_LEAST ? DEQUE_BYTES / size :
	    DEQUE_LEAST;
	blocks = (last - first) / stdnodes_word(o);
	if (count > 0 && (start / each >= blocks ||
	    count > blocks * each - start))
		return 0;
	stdnodes_put_size(o, count);
	stdnodes_put_blocks(o, &element, first, each, start, count);
	return 1;
}

/* Of an element that has no bytes the leaf is derived. */
static int
put_leaf(const struct object *o, const struct object *leaf)
{
	struct object value;
	Dwarf_Die type;

	if (object_inner(leaf, "__value_", &value, &type) == -1) {
		if (object_argument(leaf->type, 0, &type) == -1)
			return -1;
		value.offset = leaf->offset;
	}
	print_value(o->p, &type, o->v, value.offset);
	return 0;
}

int
libcxx_tuple(const struct object *o)
{
	struct object base, leaf;
	struct textbuf *out = o->p->out;
	Dwarf_Die a, b;
	char prefix[40];

	if (object_inner(o, "__base_", &base, &a) == -1)
		return 0;
	textbuf_add(out, "std::tuple containing = {%s",
	    o->p->is_summary ? "..." : "");
	for (int i = 0; !o->p->is_summary && i < TUPLE_MAX; i++) {
		snprintf(prefix, sizeof prefix, "__tuple_leaf<%d", i);
		if (object_base(&base, prefix, &leaf, &b) == -1)
			break;
		textbuf_add(out, "%s[%d] = ", i > 0 ? ", " : "", i + 1);
		if (put_leaf(o, &leaf) == -1)
			textbuf_add(out, "{...}");
	}
	textbuf_add(out, "}");
	return 1;
}

int
libcxx_variant(const struct object *o)
{
	struct object impl;
	Dwarf_Die type, unused;
	uint64_t index;
	size_t at;

	/* Until libc++ 14 without the _ at the end. */
	if ((object_inner(o, "__impl_", &impl, &type) == -1 &&
	    object_inner(o, "__impl", &impl, &type) == -1) ||
	    object_number(&impl, "__index", &index, NULL) == -1)
		return 0;
	at = impl.offset;
	if (members_find(o->p, &type, o->v, &at, "__data", &unused) == -1)
		return 0;
	stdwords_variant(o, index, at);
	return 1;
}
