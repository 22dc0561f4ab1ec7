/* SPDX-License-Identifier: ISC */
#include "minidebug.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <sys/mman.h>

#include <string.h>
#include <unistd.h>

#include "io.h"

#define SIZE_MAX_BYTES ((size_t)64 << 20)	/* compressed */

static int passage = -1;

void
minidebug_prepare(void)
{
	passage = memfd_create("minidebug", MFD_CLOEXEC);
}

static const Elf_Data *
find_section(Elf *elf)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) == -1)
		return NULL;
	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		GElf_Shdr sh;
		const char *name = gelf_getshdr(scn, &sh) == NULL ||
		    sh.sh_type == SHT_NOBITS ? NULL :
		    elf_strptr(elf, names, sh.sh_name);

		if (name != NULL && strcmp(name, ".gnu_debugdata") == 0)
			return elf_rawdata(scn, NULL);
	}
	return NULL;
}

Elf *
minidebug_open(Elf *elf)
{
	const Elf_Data *data = find_section(elf);
	Elf *mini;

	if (passage == -1 || data == NULL || data->d_buf == NULL ||
	    data->d_size > SIZE_MAX_BYTES || ftruncate(passage, 0) == -1 ||
	    lseek(passage, 0, SEEK_SET) == -1 ||
	    io_write(passage, data->d_buf, data->d_size) == -1)
		return NULL;
	mini = dwelf_elf_begin(passage);
	if (mini != NULL && (elf_kind(mini) != ELF_K_ELF ||
	    gelf_getclass(mini) != gelf_getclass(elf))) {
		elf_end(mini);
		return NULL;
	}
	return mini;
}
