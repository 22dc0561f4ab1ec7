/* SPDX-License-Identifier: ISC */
/*
 * An excerpt of debug data: the input is .debug_aranges, .debug_abbrev and
 * .debug_info, of which the last ends where the image does.
 */
#include <elfutils/libdw.h>
#include <gelf.h>
#include <zstd.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "module/excerpt.h"
#include "module/inflate.h"
#include "xalloc.h"

#define SECTIONS 6
#define STRINGS 64
#define ADDRESSES 1024
#define APART 16

static const char names[] =
    "\0.debug_str\0.debug_aranges\0.debug_abbrev\0.debug_info";

struct container {
	Elf64_Ehdr header;
	Elf64_Shdr section[SECTIONS];
	char names[sizeof names];
	_Alignas(8) struct {
		Elf64_Chdr header;
		char data[STRINGS];
	} strings;
};

static void
add(struct container *c, int i, Elf64_Word name, const void *at, size_t size)
{
	c->section[i] = (Elf64_Shdr){ .sh_type = SHT_PROGBITS, .sh_name = name,
	    .sh_offset = (Elf64_Off)((const char *)at - (const char *)c),
	    .sh_size = size };
}

/* Without a section that is compressed there would be nothing to do. */
static void
add_strings(struct container *c)
{
	static const char string[STRINGS];
	size_t size = ZSTD_compress(c->strings.data, STRINGS, string, STRINGS,
	    1);

	if (ZSTD_isError(size))
		abort();
	c->strings.header = (Elf64_Chdr){ .ch_type = 2, .ch_size = STRINGS,
	    .ch_addralign = 1 };
	add(c, 2, 1, &c->strings, sizeof c->strings.header + size);
	c->section[2].sh_flags = SHF_COMPRESSED;
}

static Elf *
contain(const uint8_t *data, size_t size)
{
	static const Elf64_Word name[] = { 12, 27, 41 };
	struct container *c = xcalloc(1, sizeof *c + size);
	char *to = (char *)(c + 1), *part;
	size_t len;

	memcpy(c->header.e_ident, ELFMAG, SELFMAG);
	c->header.e_ident[EI_CLASS] = ELFCLASS64;
	c->header.e_ident[EI_DATA] = ELFDATA2LSB;
	c->header.e_ident[EI_VERSION] = EV_CURRENT;
	c->header.e_type = ET_DYN;
	c->header.e_machine = EM_X86_64;
	c->header.e_version = EV_CURRENT;
	c->header.e_shoff = offsetof(struct container, section);
	c->header.e_ehsize = sizeof c->header;
	c->header.e_shentsize = sizeof c->section[0];
	c->header.e_shnum = SECTIONS;
	c->header.e_shstrndx = 1;
	memcpy(c->names, names, sizeof names);
	add(c, 1, 0, c->names, sizeof names);
	c->section[1].sh_type = SHT_STRTAB;
	add_strings(c);
	for (int i = 0; i < 3; i++) {
		part = fuzz_part(&data, &size, &len);
		memcpy(to, part, len);
		add(c, 3 + i, name[i], to, len);
		to += len;
	}
	return elf_memory((char *)c, (size_t)(to - (char *)c));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Dwarf_Addr address[ADDRESSES];
	Dwarf_Off next, at = 0;
	struct inflation *f;
	size_t header;
	Dwarf *dw;
	Elf *elf, *whole;

	for (size_t i = 0; i < ADDRESSES; i++)
		address[i] = i * APART;
	elf_version(EV_CURRENT);
	elf = contain(data, size);
	f = inflate_begin(elf);
	if (f == NULL)
		abort();
	dw = excerpt_make(f, address, ADDRESSES);
	if (dw != NULL)
		while (dwarf_nextcu(dw, at, &next, &header, NULL, NULL,
		    NULL) == 0 && next > at)
			at = next;
	whole = inflate_end(f);
	if (whole == NULL)
		abort();
	dwarf_end(dw);
	elf_end(whole);
	elf_end(elf);
	fuzz_forget();
	return 0;
}
