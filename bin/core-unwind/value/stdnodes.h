/* SPDX-License-Identifier: ISC */
/* The nodes of a C++ library's maps, sets and lists, one after the other. */
#ifndef CORE_UNWIND_STDNODES_H
#define CORE_UNWIND_STDNODES_H

#include "value/stdobject.h"

/* What a node holds: a key, and a value when it is that of a map. */
struct held {
	Dwarf_Die key, value;
	int is_map;
	uint64_t offset, value_offset;	/* in the node */
};

/* That of the nodes of O, which begin with HEADER bytes of the library's.
   Returns 0, or -1. */
int stdnodes_held(const struct object *o, uint64_t header, struct held *h);

/* "std::map with 2 elements" */
void stdnodes_put_size(const struct object *o, uint64_t n);

/* " = {[0] = 1, [1] = 2}": COUNT of the nodes that NEXT leads through from
   FIRST on. NEXT returns 0, or -1 where they end too early. */
void stdnodes_put(const struct object *o, struct held *h, uint64_t first,
    uint64_t count, int (*next)(const struct object *o, uint64_t *node));

/* " = {1, 2}": COUNT elements of TYPE, EACH of them in a block; the blocks are
   listed at BLOCKS, and the first SKIP elements of them are none. */
void stdnodes_put_blocks(const struct object *o, Dwarf_Die *type,
    uint64_t blocks, uint64_t each, uint64_t skip, uint64_t count);

/* Where a tree's nodes have their pointers, in words. */
struct tree_links {
	uint64_t left, right, parent;
};

/* The one after NODE, in order, in place. Returns 0, or -1. */
int stdnodes_next_in_tree(const struct object *o,
    const struct tree_links *links, uint64_t *node);

/* A word of memory, and how many bytes one has. */
int stdnodes_read(const struct object *o, uint64_t address, uint64_t *value);
uint64_t stdnodes_word(const struct object *o);

#endif
