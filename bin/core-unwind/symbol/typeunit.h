/* SPDX-License-Identifier: ISC */
/*
 * Types that are units of their own (-fdebug-types-section), which are referred
 * to by a signature. Those in the debug data that refers to them libdw finds by
 * itself: not the ones in a package, nor in a .dwo file all that GCC puts there.
 */
#ifndef CORE_UNWIND_TYPEUNIT_H
#define CORE_UNWIND_TYPEUNIT_H

#include <elfutils/libdw.h>

struct dwo;
struct dwp;

/* The types of a file or of packages, as far as they were asked for. */
struct typeunits;

struct typeunits *typeunits_of_packages(const struct dwp *packages);
struct typeunits *typeunits_of_file(const struct dwo *file);

/* What DW refers to is in TYPES. They, and it, live to the process's end. */
void typeunits_serve(struct typeunits *types, Dwarf *dw);

/* What DW refers to is in its own file, a .dwo. Twice is as good as once. */
void typeunits_serve_itself(Dwarf *dw);

/* As dwarf_formref_die(), for a reference that may be to such a type. */
Dwarf_Die *typeunit_die(Dwarf_Attribute *attr, Dwarf_Die *die);

#endif
