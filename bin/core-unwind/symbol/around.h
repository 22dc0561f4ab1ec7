/* SPDX-License-Identifier: ISC */
/* What of the DWARF data is around an address, remembered: a frame is asked for
   again by the one that it called. */
#ifndef CORE_UNWIND_AROUND_H
#define CORE_UNWIND_AROUND_H

#include <stdint.h>

#include "module/module.h"
#include "symbol/scopes.h"

struct arounds;

struct arounds *arounds_new(struct modules *ms, volatile const int *expired);
void arounds_free(struct arounds *a);

/* The scopes around ADDRESS, and its module; NULL: nothing is known of it. Good
   until the next call. */
const struct scopes *arounds_at(struct arounds *a, uint64_t address,
    struct module **m);

/* The function, not inlined, at ADDRESS. Returns 0, or -1. */
int arounds_function(struct arounds *a, uint64_t address, struct module **m,
    Dwarf_Die *function);

#endif
