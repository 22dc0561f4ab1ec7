/* SPDX-License-Identifier: ISC */
#include "module/section.h"

#include <gelf.h>

#include <stdint.h>
#include <string.h>

#define SIZE_MAX_BYTES ((uint64_t)1 << 30)	/* decompressed */

Elf_Scn *
section_find(Elf *elf, const char *name)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) == -1)
		return NULL;
	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		GElf_Shdr sh;
		const char *its = gelf_getshdr(scn, &sh) == NULL ||
		    sh.sh_type == SHT_NOBITS ? NULL :
		    elf_strptr(elf, names, sh.sh_name);

		if (its != NULL && strcmp(its, name) == 0)
			return scn;
	}
	return NULL;
}

int
section_is_native(Elf *elf)
{
	const uint16_t one = 1;
	int little = *(const unsigned char *)&one == 1;
	const char *ident = elf == NULL || elf_kind(elf) != ELF_K_ELF ? NULL :
	    elf_getident(elf, NULL);

	return ident != NULL && (ident[EI_DATA] == ELFDATA2LSB) == little;
}

const Elf_Data *
section_bytes(Elf_Scn *scn)
{
	const Elf_Data *data;
	GElf_Shdr sh;
	GElf_Chdr ch;

	if (gelf_getshdr(scn, &sh) == NULL ||
	    ((sh.sh_flags & SHF_COMPRESSED) != 0 &&
	    (gelf_getchdr(scn, &ch) == NULL || ch.ch_size > SIZE_MAX_BYTES ||
	    elf_compress(scn, 0, 0) != 1)))
		return NULL;
	data = elf_rawdata(scn, NULL);
	return data == NULL || data->d_buf == NULL ? NULL : data;
}

const Elf_Data *
section_data(Elf *elf, const char *name)
{
	Elf_Scn *scn = section_find(elf, name);

	return scn == NULL ? NULL : section_bytes(scn);
}
