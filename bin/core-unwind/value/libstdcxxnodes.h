/* SPDX-License-Identifier: ISC */
/* libstdc++, the GNU C++ library: containers of nodes, and what holds one of
   several. Each returns 0 when the object is not what it should be. */
#ifndef CORE_UNWIND_LIBSTDCXXNODES_H
#define CORE_UNWIND_LIBSTDCXXNODES_H

#include "value/stdobject.h"

int libstdcxx_map(const struct object *o);	/* and set, and multi… */
int libstdcxx_hash(const struct object *o);	/* unordered_… */
int libstdcxx_list(const struct object *o);
int libstdcxx_deque(const struct object *o);
int libstdcxx_tuple(const struct object *o);
int libstdcxx_variant(const struct object *o);

#endif
