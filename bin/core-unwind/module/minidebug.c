/* SPDX-License-Identifier: ISC */
#include "module/minidebug.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <sys/mman.h>

#include <string.h>
#include <unistd.h>

#include "io.h"
#include "module/section.h"

#define SIZE_MAX_BYTES ((size_t)64 << 20)	/* compressed */

static int passage = -1;

void
minidebug_prepare(void)
{
	passage = memfd_create("minidebug", MFD_CLOEXEC);
}

/*
 * libdw would take other forms too: of bzip2 it decompresses one that is cut
 * for ever, and what is not compressed it maps, from a file that the next
 * module's is written to.
 */
static int
is_xz(const Elf_Data *data)
{
	static const unsigned char magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

	return data->d_buf != NULL && data->d_size > sizeof magic &&
	    memcmp(data->d_buf, magic, sizeof magic) == 0;
}

Elf *
minidebug_open(Elf *elf)
{
	const Elf_Data *data = section_data(elf, ".gnu_debugdata");
	Elf *mini;

	if (passage == -1 || data == NULL || !is_xz(data) ||
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
