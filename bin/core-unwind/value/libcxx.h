/* SPDX-License-Identifier: ISC */
/* libc++, LLVM's C++ library: strings, vectors, what owns or may have one
   object. Each returns 0 when the object is not what it should be. */
#ifndef CORE_UNWIND_LIBCXX_H
#define CORE_UNWIND_LIBCXX_H

#include "value/stdobject.h"

/*
 * The first of a compressed pair's members: a pair of two is kept as NAME, or,
 * since libc++ 20, each as a member, the first as ALONE. As object_inner().
 */
int libcxx_first(const struct object *o, const char *name, const char *alone,
    struct object *in, Dwarf_Die *type);

/* The same of one that is a number or an address. TYPE may be NULL. */
int libcxx_first_number(const struct object *o, const char *name,
    const char *alone, uint64_t *value, Dwarf_Die *type);

int libcxx_string(const struct object *o);
int libcxx_string_view(const struct object *o);
int libcxx_vector(const struct object *o);
int libcxx_unique(const struct object *o);	/* _ptr */
int libcxx_shared(const struct object *o);
int libcxx_weak(const struct object *o);
int libcxx_optional(const struct object *o);
int libcxx_atomic(const struct object *o);

#endif
