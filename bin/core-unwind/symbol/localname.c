/* SPDX-License-Identifier: ISC */
#include "symbol/localname.h"

#include <dwarf.h>
#include <stdint.h>

#define DEPTH_MAX 64

static int
is_cplusplus(Dwarf_Die *unit)
{
	switch (dwarf_srclang(unit)) {
	case DW_LANG_C_plus_plus:
	case DW_LANG_C_plus_plus_03:
	case DW_LANG_C_plus_plus_11:
	case DW_LANG_C_plus_plus_14:
		return 1;
	default:
		return 0;
	}
}

/*
 * The child of PARENT that is, or is around, the entry at ADDRESS: entries lie
 * in memory in the tree's order.
 */
static int
child_around(Dwarf_Die *parent, const void *address, Dwarf_Die *child)
{
	Dwarf_Die next;

	if (dwarf_child(parent, child) != 0)
		return -1;
	while (dwarf_siblingof(child, &next) == 0) {
		if ((uintptr_t)next.addr > (uintptr_t)address)
			break;
		*child = next;
	}
	return (uintptr_t)child->addr > (uintptr_t)address ? -1 : 0;
}

int
localname_find(Dwarf_Die *die, struct localname *l)
{
	Dwarf_Die at, around;
	int is_local = 0;

	l->count = 0;
	if (dwarf_diecu(die, &around, NULL, NULL) == NULL ||
	    !is_cplusplus(&around))
		return -1;
	for (int depth = 0; depth < DEPTH_MAX; depth++, around = at) {
		int tag;

		if (child_around(&around, die->addr, &at) == -1)
			return -1;
		if (at.addr == die->addr)
			return is_local ? 0 : -1;
		tag = dwarf_tag(&at);
		if (!is_local && tag == DW_TAG_subprogram) {
			l->function = at;
			is_local = 1;
		} else if (is_local && tag != DW_TAG_lexical_block) {
			if (l->count == LOCALNAME_MAX)
				return -1;
			l->inside[l->count++] = at;
		}
	}
	return -1;
}
