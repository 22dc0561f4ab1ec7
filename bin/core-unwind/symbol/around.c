/* SPDX-License-Identifier: ISC */
#include "symbol/around.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/units.h"
#include "xalloc.h"

struct around {
	uint64_t address;
	struct scopes scopes;
};

struct arounds {
	struct modules *modules;
	volatile const int *expired;
	struct around *item;
	size_t count, cap;
};

struct arounds *
arounds_new(struct modules *ms, volatile const int *expired)
{
	struct arounds *a = xcalloc(1, sizeof *a);

	a->modules = ms;
	a->expired = expired;
	return a;
}

void
arounds_free(struct arounds *a)
{
	for (size_t i = 0; i < a->count; i++)
		scopes_release(&a->item[i].scopes);
	free(a->item);
	free(a);
}

const struct scopes *
arounds_at(struct arounds *a, uint64_t address, struct module **m)
{
	struct around *new;
	struct unit unit;
	Dwarf_Addr at;

	*m = modules_at(a->modules, address);
	if (*m == NULL || module_open(a->modules, *m) == -1)
		return NULL;
	module_open_debug_once(a->modules, *m);
	for (size_t i = a->count; i > 0; i--)
		if (a->item[i - 1].address == address)
			return &a->item[i - 1].scopes;
	at = address - (*m)->bias;
	units_want(*m, &at, 1);
	if (units_find(a->modules, *m, at, &unit) == -1)
		return NULL;
	xgrow(&a->item, &a->cap, a->count, sizeof *a->item);
	new = &a->item[a->count++];
	memset(new, 0, sizeof *new);
	new->address = address;
	scopes_find(&unit.die, &at, 1, &new->scopes, a->expired);
	return &new->scopes;
}

int
arounds_function(struct arounds *a, uint64_t address, struct module **m,
    Dwarf_Die *function)
{
	const struct scopes *scopes = arounds_at(a, address, m);

	for (size_t i = 0; scopes != NULL && i < scopes->count; i++) {
		if (dwarf_tag(&scopes->die[i]) == DW_TAG_subprogram) {
			*function = scopes->die[i];
			return 0;
		}
	}
	return -1;
}
