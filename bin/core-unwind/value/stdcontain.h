/* SPDX-License-Identifier: ISC */
/* The GNU C++ library's containers of nodes, and what holds one of several. Each
   returns 0 when the object is not what it should be. */
#ifndef CORE_UNWIND_STDCONTAIN_H
#define CORE_UNWIND_STDCONTAIN_H

#include "value/stdobject.h"

int stdcontain_map(const struct object *o);	/* and set, and multi… */
int stdcontain_hash(const struct object *o);	/* unordered_… */
int stdcontain_list(const struct object *o);
int stdcontain_deque(const struct object *o);
int stdcontain_tuple(const struct object *o);
int stdcontain_variant(const struct object *o);

#endif
