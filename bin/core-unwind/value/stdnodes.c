/* SPDX-License-Identifier: ISC */
#include "value/stdnodes.h"

#include <dwarf.h>
#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "symbol/dwtype.h"
#include "target/arch.h"
#include "value/memberptr.h"
#include "value/members.h"

#define STEPS_MAX 200			/* up or down a tree, to the next */
#define ALIGN_DEPTH 8

uint64_t
stdnodes_word(const struct object *o)
{
	return o->p->scene->modules->target->is64 ? 8 : 4;
}

int
stdnodes_read(const struct object *o, uint64_t address, uint64_t *value)
{
	return target_word(o->p->scene->modules->target, address, value);
}

/* Of what is no class: its size, where that is not the size of two words. */
static uint64_t
natural(struct printer *p, Dwarf_Die *peeled)
{
	const struct target *t = p->scene->modules->target;
	uint64_t size = print_size(p, peeled);
	int is_386 = t->arch->machine == EM_386;

	if (memberptr_is_method(peeled) || (is_386 && (size == 8 ||
	    size == 12)))
		return t->is64 ? 8 : 4;
	return size == 0 || size > 16 ? 1 : size;
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
		return natural(p, &peeled);
	}
	if (dwarf_child(&peeled, &die) != 0)
		return 1;
	do {
		tag = dwarf_tag(&die);
		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
		    members_is_static(&die) || dwtype_of(&die, &of) == -1)
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

/* "multimap<…", but not "list<map<…". */
static int
is_map(const char *name)
{
	size_t len = strcspn(name, "<");

	return len >= 3 && memcmp(name + len - 3, "map", 3) == 0;
}

int
stdnodes_held(const struct object *o, uint64_t header, struct held *h)
{
	uint64_t key, value = 1;

	h->is_map = is_map(dwtype_name(o->type));
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

void
stdnodes_put_size(const struct object *o, uint64_t n)
{
	const char *name = dwtype_name(o->type);

	textbuf_add(o->p->out, "std::%.*s with %" PRIu64 " element%s",
	    (int)strcspn(name, "<"), name, n, n == 1 ? "" : "s");
}

/* A list whose nodes were overwritten may go in circles, but not for long. */
void
stdnodes_put(const struct object *o, struct held *h, uint64_t first,
    uint64_t count, int (*next)(const struct object *o, uint64_t *node))
{
	struct textbuf *out = o->p->out;
	/* A key counts as well. */
	uint64_t i, most = h->is_map ? ELEMENTS_MAX / 2 : ELEMENTS_MAX;

	if (!print_opens(o->p, count))
		return;
	for (i = 0; i < count && i < most && !out->is_full &&
	    !*o->p->expired; i++) {
		print_held(o, h, first, i);
		if (i + 1 < count && next(o, &first) == -1)
			break;
	}
	textbuf_add(out, i < count ? "...}" : "}");
}

int
stdnodes_next_in_tree(const struct object *o, const struct tree_links *links,
    uint64_t *node)
{
	uint64_t size = stdnodes_word(o), at = *node, to, right;
	int steps = 0;

	if (stdnodes_read(o, at + links->right * size, &to) == -1)
		return -1;
	if (to != 0) {
		do {
			at = to;
			if (stdnodes_read(o, at + links->left * size,
			    &to) == -1)
				return -1;
		} while (to != 0 && steps++ < STEPS_MAX);
		*node = at;
		return 0;
	}
	do {
		if (stdnodes_read(o, at + links->parent * size, &to) == -1 ||
		    stdnodes_read(o, to + links->right * size, &right) == -1)
			return -1;
		*node = to;
		if (right != at)
			return 0;
		at = to;
	} while (steps++ < STEPS_MAX);
	return -1;
}

void
stdnodes_put_blocks(const struct object *o, Dwarf_Die *type, uint64_t blocks,
    uint64_t each, uint64_t skip, uint64_t count)
{
	uint64_t size = print_size(o->p, type), block, i;
	struct textbuf *out = o->p->out;

	if (!print_opens(o->p, count))
		return;
	for (i = 0; i < count && i < ELEMENTS_MAX && !out->is_full &&
	    !*o->p->expired; i++) {
		if (stdnodes_read(o, blocks + (skip + i) / each *
		    stdnodes_word(o), &block) == -1)
			break;
		textbuf_add(out, "%s", i > 0 ? ", " : "");
		print_memory(o->p, type, block + (skip + i) % each * size);
	}
	textbuf_add(out, i < count ? "...}" : "}");
}
