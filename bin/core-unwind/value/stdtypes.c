/* SPDX-License-Identifier: ISC */
#include "value/stdtypes.h"

#include <string.h>

#include "symbol/dwtype.h"
#include "value/libcxx.h"
#include "value/libcxxnodes.h"
#include "value/libstdcxx.h"
#include "value/libstdcxxnodes.h"
#include "value/stdwords.h"

typedef int (*printer_fn)(const struct object *o);

static const struct known {
	const char *name;
	printer_fn gnu, llvm;		/* libstdc++'s, libc++'s */
} known[] = {
	{ "basic_string<", libstdcxx_string, libcxx_string },
	{ "basic_string_view<", libstdcxx_string_view, libcxx_string_view },
	{ "vector<", libstdcxx_vector, libcxx_vector },
	{ "unique_ptr<", libstdcxx_unique, libcxx_unique },
	{ "shared_ptr<", libstdcxx_shared, libcxx_shared },
	{ "weak_ptr<", libstdcxx_weak, libcxx_weak },
	{ "optional<", libstdcxx_optional, libcxx_optional },
	{ "pair<", stdwords_pair, stdwords_pair },
	{ "atomic<", libstdcxx_atomic, libcxx_atomic },
	{ "map<", libstdcxx_map, libcxx_map },
	{ "multimap<", libstdcxx_map, libcxx_map },
	{ "set<", libstdcxx_map, libcxx_map },
	{ "multiset<", libstdcxx_map, libcxx_map },
	{ "unordered_map<", libstdcxx_hash, libcxx_hash },
	{ "unordered_set<", libstdcxx_hash, libcxx_hash },
	{ "unordered_multimap<", libstdcxx_hash, libcxx_hash },
	{ "unordered_multiset<", libstdcxx_hash, libcxx_hash },
	{ "list<", libstdcxx_list, libcxx_list },
	{ "deque<", libstdcxx_deque, libcxx_deque },
	{ "tuple<", libstdcxx_tuple, libcxx_tuple },
	{ "variant<", libstdcxx_variant, libcxx_variant }
};

/*
 * libc++ is in an inline namespace, whose name is whoever's who builds it:
 * std::__1, std::__ndk1, std::__Cr.
 */
static int
is_libcxx(const char *scope)
{
	size_t len;

	if (strncmp(scope, "std::__", 7) != 0)
		return 0;
	len = strcspn(scope + 7, ":");
	return len > 0 && strcmp(scope + 7 + len, "::") == 0;
}

static printer_fn
find_printer(struct printer *p, Dwarf_Die *peeled)
{
	const char *name = dwtype_name(peeled), *scope;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strncmp(name, known[i].name, strlen(known[i].name)) != 0)
			continue;
		scope = dwscopes_prefix(p->scopes, peeled);
		if (strcmp(scope, "std::") == 0 ||
		    strcmp(scope, "std::__cxx11::") == 0)
			return known[i].gnu;
		return is_libcxx(scope) ? known[i].llvm : NULL;
	}
	return NULL;
}

int
stdtypes_is_ours(struct printer *p, Dwarf_Die *type)
{
	Dwarf_Die peeled = *type;

	return dwtype_peel(&peeled) != 0 && find_printer(p, &peeled) != NULL;
}

int
stdtypes_print(struct printer *p, Dwarf_Die *peeled, const struct value *v,
    size_t offset)
{
	printer_fn print = find_printer(p, peeled);
	const struct object o = { p, peeled, v, offset };

	return print == NULL ? 0 : print(&o);
}
