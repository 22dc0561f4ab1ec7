/* SPDX-License-Identifier: ISC */
#include "minidebug.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <sys/mman.h>

#include <string.h>
#include <unistd.h>

#include "io.h"
#include "section.h"

#define SIZE_MAX_BYTES ((size_t)64 << 20)	/* compressed */

static int passage = -1;

void
minidebug_prepare(void)
{
	passage = memfd_create("minidebug", MFD_CLOEXEC);
}

Elf *
minidebug_open(Elf *elf)
{
	const Elf_Data *data = section_data(elf, ".gnu_debugdata");
	Elf *mini;

	if (passage == -1 || data == NULL ||
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
