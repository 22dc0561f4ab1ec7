/* SPDX-License-Identifier: ISC */
#include "symbol/callsite.h"

#include <dwarf.h>
#include <string.h>

#include "symbol/dwtype.h"

static int
is_call_site(int tag)
{
	return tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site;
}

int
callsite_each(Dwarf_Die *parent, int levels, int *budget,
    int (*visit)(void *arg, Dwarf_Die *site), void *arg)
{
	Dwarf_Die die;

	if (levels <= 0 || dwarf_child(parent, &die) != 0)
		return 0;
	do {
		int tag = dwarf_tag(&die);

		if ((*budget)-- <= 0)
			return 0;
		if (is_call_site(tag)) {
			if (visit(arg, &die))
				return 1;
		} else if ((tag == DW_TAG_lexical_block ||
		    tag == DW_TAG_inlined_subroutine) &&
		    callsite_each(&die, levels - 1, budget, visit, arg))
			return 1;
	} while (dwarf_siblingof(&die, &die) == 0);
	return 0;
}

int
callsite_pc(Dwarf_Die *site, Dwarf_Addr *pc, int *is_after)
{
	Dwarf_Attribute attr;

	*is_after = dwarf_attr(site, dwarf_tag(site) == DW_TAG_call_site ?
	    DW_AT_call_return_pc : DW_AT_low_pc, &attr) != NULL;
	return (*is_after || dwarf_attr(site, DW_AT_call_pc, &attr) != NULL) &&
	    dwarf_formaddr(&attr, pc) == 0 ? 0 : -1;
}

int
callsite_has_all(Dwarf_Die *function)
{
	static const unsigned flags[] = {
		DW_AT_call_all_calls, DW_AT_call_all_source_calls,
		DW_AT_call_all_tail_calls, DW_AT_GNU_all_call_sites,
		DW_AT_GNU_all_source_call_sites,
		DW_AT_GNU_all_tail_call_sites
	};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (dwtype_flag(function, flags[i]))
			return 1;
	return 0;
}

int
callsite_is_tail(Dwarf_Die *site)
{
	return dwtype_flag(site, DW_AT_call_tail_call) ||
	    dwtype_flag(site, DW_AT_GNU_tail_call);
}

int
callsite_callee(Dwarf_Die *site, Dwarf_Die *function)
{
	Dwarf_Attribute attr;

	return (dwarf_attr(site, DW_AT_call_origin, &attr) != NULL ||
	    dwarf_attr(site, DW_AT_abstract_origin, &attr) != NULL) &&
	    dwarf_formref_die(&attr, function) != NULL ? 0 : -1;
}

const char *
callsite_linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attr;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attr) != NULL ||
	    dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attr) !=
	    NULL || dwarf_attr_integrate(die, DW_AT_name, &attr) != NULL)
		return dwarf_formstring(&attr);
	return NULL;
}

int
callsite_same_function(Dwarf_Die *a, Dwarf_Die *b)
{
	const char *x = callsite_linkage_name(a), *y = callsite_linkage_name(b);

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}
