/* SPDX-License-Identifier: ISC */
/*
 * A module with MiniDebugInfo: the input is what is in its .gnu_debugdata, as
 * it is or compressed. Its symbols are read after those of another module, which
 * has less of it.
 */
#include <gelf.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "module/minidebug.h"
#include "symbol/elfsyms.h"
#include "target/arch.h"
#include "xalloc.h"

static const char names[] = "\0.gnu_debugdata";

struct container {
	Elf64_Ehdr header;
	Elf64_Shdr section[3];
	char names[sizeof names];
	uint8_t data[];
};

static Elf *
contain(const uint8_t *data, size_t size)
{
	struct container *c = xcalloc(1, sizeof *c + size);

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
	c->header.e_shnum = 3;
	c->header.e_shstrndx = 1;
	c->section[1] = (Elf64_Shdr){ .sh_type = SHT_STRTAB,
	    .sh_offset = offsetof(struct container, names),
	    .sh_size = sizeof names };
	c->section[2] = (Elf64_Shdr){ .sh_type = SHT_PROGBITS, .sh_name = 1,
	    .sh_offset = offsetof(struct container, data), .sh_size = size };
	memcpy(c->names, names, sizeof names);
	memcpy(c->data, data, size);
	return elf_memory((char *)c, sizeof *c + size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int is_prepared;
	struct target t = { .memory_fd = -1, .is64 = 1,
	    .arch = arch_find(EM_X86_64, 1) };
	struct module m = { .path = "", .is_opened = 1, .file_fd = -1 };
	struct module_options options = { .no_files = 1 };
	struct modules ms = { .target = &t, .options = &options, .item = &m,
	    .count = 1 };
	struct symbol symbol[64] = { { .address = 0 } };
	Elf *other, *second;

	if (!is_prepared)
		minidebug_prepare();
	is_prepared = 1;
	elf_version(EV_CURRENT);
	m.elf = contain(data, size);
	m.mini_elf = minidebug_open(m.elf);
	other = contain(data, size / 2);
	second = minidebug_open(other);
	for (size_t i = 0; i < sizeof symbol / sizeof symbol[0]; i++)
		symbol[i].address = i;
	elfsyms_resolve(&ms, &m, symbol, sizeof symbol / sizeof symbol[0]);
	elf_end(second);
	elf_end(other);
	elf_end(m.mini_elf);
	elf_end(m.elf);
	fuzz_forget();
	return 0;
}
