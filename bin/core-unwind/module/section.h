/* SPDX-License-Identifier: ISC */
/* Sections of an ELF file, by name. */
#ifndef CORE_UNWIND_SECTION_H
#define CORE_UNWIND_SECTION_H

#include <libelf.h>

/* The first one called NAME that has bytes in the file, or NULL. */
Elf_Scn *section_find(Elf *elf, const char *name);

/*
 * Its bytes as they are in the file, decompressed when its flags say that they
 * are compressed; NULL when there is no such section, or it is broken.
 */
const Elf_Data *section_data(Elf *elf, const char *name);

#endif
