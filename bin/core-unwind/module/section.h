/* SPDX-License-Identifier: ISC */
/* Sections of an ELF file, by name. */
#ifndef CORE_UNWIND_SECTION_H
#define CORE_UNWIND_SECTION_H

#include <libelf.h>

/* The first one called NAME that has bytes in the file, or NULL. */
Elf_Scn *section_find(Elf *elf, const char *name);

/*
 * The bytes of SCN as they are in the file, decompressed when its flags say that
 * they are compressed; NULL when it is broken, or has none.
 */
const Elf_Data *section_bytes(Elf_Scn *scn);

/* Those of the first one called NAME; NULL when there is no such section. */
const Elf_Data *section_data(Elf *elf, const char *name);

/* Is ELF, which may be NULL, a file of this host's byte order? */
int section_is_native(Elf *elf);

#endif
