/* SPDX-License-Identifier: ISC */
/* libstdc++, the GNU C++ library: strings, vectors, what owns or may have one
   object. Each returns 0 when the object is not what it should be. */
#ifndef CORE_UNWIND_LIBSTDCXX_H
#define CORE_UNWIND_LIBSTDCXX_H

#include "value/stdobject.h"

int libstdcxx_string(const struct object *o);
int libstdcxx_string_view(const struct object *o);
int libstdcxx_vector(const struct object *o);
int libstdcxx_unique(const struct object *o);	/* _ptr */
int libstdcxx_shared(const struct object *o);
int libstdcxx_weak(const struct object *o);
int libstdcxx_optional(const struct object *o);
int libstdcxx_atomic(const struct object *o);

#endif
