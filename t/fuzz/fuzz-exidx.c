/* SPDX-License-Identifier: ISC */
/*
 * A 32-bit ARM process's unwind tables, in its own memory, where its program
 * header says or anywhere else. The source file is included for its tables.
 */
#include "bin/core-unwind/frame/exidx.c"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define BASE	0x10000u

struct image {
	Elf32_Ehdr header;
	Elf32_Phdr part;
};

static Elf *
make_module(struct image *i, uint32_t address, uint32_t size)
{
	*i = (struct image){ .header = { .e_type = ET_DYN, .e_machine = EM_ARM,
	    .e_version = EV_CURRENT, .e_phoff = sizeof i->header,
	    .e_ehsize = sizeof i->header, .e_phentsize = sizeof i->part,
	    .e_phnum = 1 }, .part = { .p_type = PT_ARM_EXIDX,
	    .p_vaddr = address, .p_memsz = size } };
	memcpy(i->header.e_ident, ELFMAG, SELFMAG);
	i->header.e_ident[EI_CLASS] = ELFCLASS32;
	i->header.e_ident[EI_DATA] = ELFDATA2LSB;
	i->header.e_ident[EI_VERSION] = EV_CURRENT;
	return elf_memory((char *)i, sizeof *i);
}

/* Up the stack, as far as it goes. */
static void
climb(struct modules *ms, uint32_t pc, const uint32_t *value)
{
	struct registers in = { .pc = pc }, out;

	for (int i = 0; i < 16; i++) {
		in.value[i] = value[i % 4];
		in.known[i] = 1;
	}
	for (int i = 0; i < 16 && exidx_step(ms, in.pc, &in, &out) == 0; i++) {
		if (!out.known[PC] || out.known[LR] || out.pc > UINT32_MAX ||
		    out.value[SP] > UINT32_MAX)
			abort();
		in = out;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image image;
	struct chunk chunk = { .start = BASE };
	struct target t = { .memory_fd = -1, .chunks = &chunk, .nchunks = 1 };
	struct module m = { .start = BASE, .is_opened = 1, .file_fd = -1 };
	struct module_options options = { .no_files = 1 };
	struct modules ms = { .target = &t, .options = &options, .item = &m,
	    .count = 1 };
	uint32_t word[7];

	if (size < sizeof word)
		return 0;
	memcpy(word, data, sizeof word);
	chunk.len = size - sizeof word;
	chunk.bytes = fuzz_exact(data + sizeof word, chunk.len);
	elf_version(EV_CURRENT);
	m.end = BASE + 2 * size;
	m.elf = make_module(&image, word[0], word[1]);
	/* It has no file: what is not in memory is nowhere. */
	m.image = (unsigned char *)&image;
	climb(&ms, word[2], word + 3);
	elf_end(m.elf);
	fuzz_forget();
	return 0;
}
