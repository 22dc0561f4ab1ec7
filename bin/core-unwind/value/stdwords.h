/* SPDX-License-Identifier: ISC */
/* What a class of a C++ library holds, in the words that gdb has for it: the
   same whichever library it is. In a summary they are short. */
#ifndef CORE_UNWIND_STDWORDS_H
#define CORE_UNWIND_STDWORDS_H

#include "value/stdobject.h"

/* "std::vector of length 2, capacity 4 = {1, 2}": of what the type POINTER points
   to, from FIRST to LAST, with room to END. Returns 0 when that cannot be. */
int stdwords_vector(const struct object *o, Dwarf_Die *pointer,
    uint64_t first, uint64_t last, uint64_t end);

/* Is a vector one of bits? */
int stdwords_is_bits(const struct object *o);

/* "std::vector<bool> of length 2, capacity 64 = {true, false}": COUNT bits, the
   least significant one of each word first. */
void stdwords_bits(const struct object *o, uint64_t address, uint64_t count,
    uint64_t capacity);

/* The name TEMPLATE with its first argument: "std::unique_ptr<int>" */
void stdwords_instance(const struct object *o, const char *template);

/* " = {get() = 0x0}": the pointer of type POINTER at AT of the object. */
void stdwords_get(const struct object *o, Dwarf_Die *pointer, size_t at);

/* "std::shared_ptr<int> (use count 1, weak count 0) = {get() = 0x1234}"; of
   no counts when IS_EMPTY. */
void stdwords_counted(const struct object *o, const char *template,
    int is_empty, int64_t uses, int64_t weak, Dwarf_Die *pointer, size_t at);

/* " = {[contained value] = 1}": of TYPE, at AT; TYPE NULL: none. */
void stdwords_optional(const struct object *o, Dwarf_Die *type, size_t at);

/* "std::variant<int, std::string> [index 0] = {1}": the INDEX-th, which is at
   AT. */
void stdwords_variant(const struct object *o, uint64_t index, size_t at);

/* "{first = 1, second = 2}". Returns 0 when it is not a pair. */
int stdwords_pair(const struct object *o);

/* "std::atomic<int> = { 1 }" */
void stdwords_atomic(const struct object *o, Dwarf_Die *type, size_t at);

#endif
