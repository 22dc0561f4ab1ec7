/* SPDX-License-Identifier: ISC */
#include "value/libstdcxxnodes.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "value/members.h"
#include "value/stdnodes.h"
#include "value/stdwords.h"

#define DEQUE_BYTES 512			/* of a block of one */
#define TUPLE_MAX 64

/* Before the links a node has its colour, with a word's room. */
static int
next_in_tree(const struct object *o, uint64_t *node)
{
	static const struct tree_links links = {
		.parent = 1, .left = 2, .right = 3
	};

	return stdnodes_next_in_tree(o, &links, node);
}

int
libstdcxx_map(const struct object *o)
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
	    stdnodes_held(o, 4 * stdnodes_word(o), &h) == -1)
		return 0;
	stdnodes_put_size(o, count);
	stdnodes_put(o, &h, first, count, next_in_tree);
	return 1;
}

static int
next_in_list(const struct object *o, uint64_t *node)
{
	return stdnodes_read(o, *node, node);
}

int
libstdcxx_hash(const struct object *o)
{
	struct object table, before;
	Dwarf_Die a, b;
	struct held h;
	uint64_t count, first;

	if (object_inner(o, "_M_h", &table, &a) == -1 ||
	    object_number(&table, "_M_element_count", &count, NULL) == -1 ||
	    object_inner(&table, "_M_before_begin", &before, &b) == -1 ||
	    object_number(&before, "_M_nxt", &first, NULL) == -1 ||
	    stdnodes_held(o, stdnodes_word(o), &h) == -1)
		return 0;
	stdnodes_put_size(o, count);
	stdnodes_put(o, &h, first, count, next_in_list);
	return 1;
}

int
libstdcxx_list(const struct object *o)
{
	struct object impl, node;
	const char *scope = dwscopes_prefix(o->p->scopes, o->type);
	Dwarf_Die a, b;
	struct held h;
	uint64_t first, at, count = 0, end;

	if (object_inner(o, "_M_impl", &impl, &a) == -1 ||
	    object_inner(&impl, "_M_node", &node, &b) == -1 ||
	    object_number(&node, "_M_next", &first, NULL) == -1 ||
	    !o->v->has_address || stdnodes_held(o, 2 * stdnodes_word(o), &h) == -1)
		return 0;
	/* The last node leads back into the object. */
	end = o->v->address + node.offset;
	for (at = first; at != end && count <= ELEMENTS_MAX; count++)
		if (next_in_list(o, &at) == -1)
			return 0;
	textbuf_add(o->p->out, "%s%slist", count == 0 ? "empty " : "", scope);
	stdnodes_put(o, &h, first, count, next_in_list);
	return 1;
}

int
libstdcxx_deque(const struct object *o)
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
	count = (end_node - node) / stdnodes_word(o) * each + (end - end_first) / size;
	if (count < (cur - first) / size)
		return 0;
	count -= (cur - first) / size;
	stdnodes_put_size(o, count);
	stdnodes_put_blocks(o, &element, node, each, (cur - first) / size,
	    count);
	return 1;
}

int
libstdcxx_tuple(const struct object *o)
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

		snprintf(prefix, sizeof prefix, "_Head_base<%d", i);
		if (object_base(&level, prefix, &head, &of) == -1)
			break;
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

int
libstdcxx_variant(const struct object *o)
{
	Dwarf_Die unused;
	uint64_t index;
	size_t at = o->offset;

	if (object_number(o, "_M_index", &index, NULL) == -1 ||
	    members_find(o->p, o->type, o->v, &at, "_M_u", &unused) == -1)
		return 0;
	stdwords_variant(o, index, at);
	return 1;
}
