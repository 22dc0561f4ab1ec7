/* SPDX-License-Identifier: ISC */
#include "tls.h"

#include <elf.h>
#include <gelf.h>
#include <string.h>

#include "arch.h"

/*
 * Variant II of Drepper's "ELF handling for thread-local storage": the block
 * of the executable ends at the thread pointer. Those of libraries are found
 * through tables whose shape is the C library's own affair: not looked for.
 */
int
tls_address(const struct scene *s, uint64_t offset, uint64_t *address)
{
	const struct arch *a = s->modules->target->arch;
	uint64_t align, first, pointer = 0;
	size_t n;

	for (size_t i = 0; i < a->nraw; i++)
		if (strcmp(a->raw[i].name, "fs_base") == 0)
			pointer = s->thread->raw[i];
	if (pointer == 0 || !s->module->is_main ||
	    elf_getphdrnum(s->module->elf, &n) == -1)
		return -1;
	for (size_t i = 0; i < n && i < 65536; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(s->module->elf, (int)i, &p) == NULL ||
		    p.p_type != PT_TLS)
			continue;
		align = p.p_align == 0 ? 1 : p.p_align;
		if ((align & (align - 1)) != 0)
			return -1;
		/* The block keeps the place in its alignment that it has in
		   the file. */
		first = (0 - p.p_vaddr) & (align - 1);
		*address = pointer - first - ((p.p_memsz - first + align - 1) &
		    ~(align - 1)) + offset;
		return 0;
	}
	return -1;
}
