/* SPDX-License-Identifier: ISC */
#include "value/stdtypes.h"

#include <string.h>

#include "symbol/dwtype.h"
#include "value/libstdcxx.h"
#include "value/libstdcxxnodes.h"

static const struct known {
	const char *name;
	int (*print)(const struct object *o);
} known[] = {
	{ "basic_string<", libstdcxx_string },
	{ "basic_string_view<", libstdcxx_string_view },
	{ "vector<", libstdcxx_vector },
	{ "unique_ptr<", libstdcxx_unique },
	{ "shared_ptr<", libstdcxx_shared },
	{ "weak_ptr<", libstdcxx_weak },
	{ "optional<", libstdcxx_optional },
	{ "pair<", libstdcxx_pair },
	{ "atomic<", libstdcxx_atomic },
	{ "map<", libstdcxx_map },
	{ "multimap<", libstdcxx_map },
	{ "set<", libstdcxx_map },
	{ "multiset<", libstdcxx_map },
	{ "unordered_map<", libstdcxx_hash },
	{ "unordered_set<", libstdcxx_hash },
	{ "unordered_multimap<", libstdcxx_hash },
	{ "unordered_multiset<", libstdcxx_hash },
	{ "list<", libstdcxx_list },
	{ "deque<", libstdcxx_deque },
	{ "tuple<", libstdcxx_tuple },
	{ "variant<", libstdcxx_variant }
};

static const struct known *
find_known(struct printer *p, Dwarf_Die *peeled)
{
	const char *name = dwtype_name(peeled), *scope;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strncmp(name, known[i].name, strlen(known[i].name)) != 0)
			continue;
		scope = dwscopes_prefix(p->scopes, peeled);
		return strcmp(scope, "std::") == 0 ||
		    strcmp(scope, "std::__cxx11::") == 0 ? &known[i] : NULL;
	}
	return NULL;
}

int
stdtypes_is_ours(struct printer *p, Dwarf_Die *type)
{
	Dwarf_Die peeled = *type;

	return dwtype_peel(&peeled) != 0 && find_known(p, &peeled) != NULL;
}

int
stdtypes_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	const struct known *k = find_known(p, peeled);
	const struct object o = { p, peeled, v, offset };

	return k == NULL ? 0 : k->print(&o);
}
