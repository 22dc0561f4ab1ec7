/* SPDX-License-Identifier: ISC */
/* libc++, LLVM's C++ library: containers of nodes, and what holds one of
   several. Each returns 0 when the object is not what it should be. */
#ifndef CORE_UNWIND_LIBCXXNODES_H
#define CORE_UNWIND_LIBCXXNODES_H

#include "value/stdobject.h"

int libcxx_map(const struct object *o);		/* and set, and multi… */
int libcxx_hash(const struct object *o);	/* unordered_… */
int libcxx_list(const struct object *o);
int libcxx_deque(const struct object *o);
int libcxx_tuple(const struct object *o);
int libcxx_variant(const struct object *o);

#endif
