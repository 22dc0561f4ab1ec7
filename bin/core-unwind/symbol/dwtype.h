/* SPDX-License-Identifier: ISC */
/*
 * Types as DWARF has them. What a file says of its types may be anything: a
 * typedef of itself, an array of a billion arrays; every walk here ends.
 */
#ifndef CORE_UNWIND_DWTYPE_H
#define CORE_UNWIND_DWTYPE_H

#include <elfutils/libdw.h>

#include <stdint.h>

/* The type of DIE, or of what it is an instance of. Returns 0, or -1: void. */
int dwtype_of(Dwarf_Die *die, Dwarf_Die *type);

/* TYPE without typedefs and qualifiers, where it is defined, in place. Returns its tag; 0: void. */
int dwtype_peel(Dwarf_Die *type);

/* A number that an attribute holds as a constant. Returns 0, or -1. */
int dwtype_number(Dwarf_Die *die, unsigned attribute, uint64_t *value);
/* Is it an expression that the attribute holds? */
int dwtype_is_expression(Dwarf_Die *die, unsigned attribute);
int dwtype_flag(Dwarf_Die *die, unsigned attribute);

/* DW_ATE_* of a peeled base type; 0 when it has none. */
unsigned dwtype_encoding(Dwarf_Die *peeled);

/* Is it an integer of one byte, which C shows as a letter? */
int dwtype_is_char(Dwarf_Die *type);

/* Is it one whose value is one number or pointer? References are looked
   through, as gdb does for the arguments in a frame's line. */
int dwtype_is_scalar(Dwarf_Die *type);

/* Is the language of DIE's unit C++? */
int dwtype_is_cxx(Dwarf_Die *die);

/* Where the arrays of DIE's language begin, and whether the first of an
   element's numbers changes first from one to the next in memory. */
int64_t dwtype_first_index(Dwarf_Die *die);
int dwtype_is_column_major(Dwarf_Die *die);

/* The name of a class, struct, typedef or base type, or "". */
const char *dwtype_name(Dwarf_Die *type);

/* Is the peeled type only declared here? */
int dwtype_is_declaration(Dwarf_Die *peeled);

#endif
