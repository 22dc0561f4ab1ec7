/* SPDX-License-Identifier: ISC */
#include "module/image.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

#define FIRST 2				/* 0 is the null one, 1 the names */
#define NAME_MAX_LEN 24

struct image {
	Elf64_Ehdr header;
	Elf64_Shdr section[FIRST + IMAGE_SECTIONS_MAX];
	char names[1 + (1 + IMAGE_SECTIONS_MAX) * NAME_MAX_LEN];
	size_t names_len;
};

static void
begin(struct image *im)
{
	const uint16_t one = 1;

	memcpy(im->header.e_ident, ELFMAG, SELFMAG);
	im->header.e_ident[EI_CLASS] = ELFCLASS64;
	im->header.e_ident[EI_DATA] = *(const unsigned char *)&one == 1 ?
	    ELFDATA2LSB : ELFDATA2MSB;
	im->header.e_ident[EI_VERSION] = EV_CURRENT;
	im->header.e_type = ET_DYN;
	im->header.e_version = EV_CURRENT;
	im->header.e_ehsize = sizeof im->header;
	im->header.e_shentsize = sizeof im->section[0];
	im->header.e_shoff = offsetof(struct image, section);
	im->header.e_shstrndx = 1;
	im->header.e_shnum = 1;
	im->names_len = 1;
}

/* A section of one byte, for which add_data() has others. */
static void
add(struct image *im, const char *name, Elf64_Word type)
{
	Elf64_Shdr *s = &im->section[im->header.e_shnum++];
	size_t len = strlen(name);

	if (im->names_len + len + 1 > sizeof im->names)
		abort();		/* no name in a file comes here */
	s->sh_name = (Elf64_Word)im->names_len;
	s->sh_type = type;
	s->sh_size = 1;
	memcpy(im->names + im->names_len, name, len);
	im->names_len += len + 1;
}

static int
add_data(Elf *elf, size_t i, const struct image_section *from)
{
	Elf_Scn *scn = elf_getscn(elf, i);
	Elf_Data *data = scn == NULL ? NULL : elf_getdata(scn, NULL);

	if (data == NULL)
		return -1;
	/* libelf gives out this record from now on, and never looks itself. */
	data->d_buf = (void *)(uintptr_t)from->data;
	data->d_size = from->size;
	return 0;
}

Dwarf *
image_dwarf(const struct image_section *section, size_t count)
{
	struct image *im = xcalloc(1, sizeof *im);
	size_t n = FIRST;
	Dwarf *dw = NULL;
	Elf *elf;

	begin(im);
	add(im, ".shstrtab", SHT_STRTAB);
	for (size_t i = 0; i < count; i++)
		if (section[i].size > 0)
			add(im, section[i].name, SHT_PROGBITS);
	im->section[1].sh_offset = offsetof(struct image, names);
	im->section[1].sh_size = im->names_len;
	elf = elf_memory((char *)im, sizeof *im);
	for (size_t i = 0; elf != NULL && i < count; i++)
		if (section[i].size > 0 &&
		    add_data(elf, n++, &section[i]) == -1) {
			elf_end(elf);
			elf = NULL;
		}
	if (elf != NULL)
		dw = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	if (elf != NULL && dw == NULL)
		elf_end(elf);
	if (dw == NULL)
		free(im);
	return dw;
}
