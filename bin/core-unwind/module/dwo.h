/* SPDX-License-Identifier: ISC */
/*
 * A .dwo file, by its sections. GCC gives each type that is a unit of its own
 * (-fdebug-types-section) a section of the same name; libdw takes the first one
 * of a name, and so it misses the other types, or the compilation unit itself.
 */
#ifndef CORE_UNWIND_DWO_H
#define CORE_UNWIND_DWO_H

#include <libelf.h>

#include <stddef.h>
#include <stdint.h>

struct dwo;
struct dwp_half;

/* The units of ELF, which lives as long as they do: to the process's end. */
struct dwo *dwo_of(Elf *elf);

/* Those of the file PATH, or NULL when it is none. */
struct dwo *dwo_open(const char *path);

/* Of those that dwo_open() found, when none of them is of use. */
void dwo_close(struct dwo *d);

/* The Ith compilation unit. Returns -1 past the last. */
int dwo_unit(const struct dwo *d, size_t i, struct dwp_half *half);

/* The unit of the type SIGNATURE. Returns -1 when there is none. */
int dwo_type(const struct dwo *d, uint64_t signature, struct dwp_half *half);

#endif
