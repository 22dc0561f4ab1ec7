/* SPDX-License-Identifier: ISC */
/* Source lines and inlined calls out of a module's DWARF data. */
#ifndef CORE_UNWIND_SOURCELINE_H
#define CORE_UNWIND_SOURCELINE_H

#include <stddef.h>

#include "symbol/symbols.h"

/* Set the locations of COUNT symbols of M; stops early when *EXPIRED. */
void sourceline_resolve(struct modules *ms, struct module *m, struct symbol *syms,
    size_t count, volatile const int *expired);

#endif
