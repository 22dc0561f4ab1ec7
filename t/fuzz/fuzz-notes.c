/* SPDX-License-Identifier: ISC */
/*
 * Notes, of a core that is nothing else, of each machine and byte order: first
 * which of them, then the notes. Registers and siginfo are in there, and the
 * cause of the crash comes from them.
 */
#include <byteswap.h>
#include <elf.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_report.h"
#include "target/arch.h"
#include "xalloc.h"

static uint16_t
half(uint16_t n, int swapped)
{
	return swapped ? bswap_16(n) : n;
}

static uint32_t
word(uint64_t n, int swapped)
{
	return swapped ? bswap_32((uint32_t)n) : (uint32_t)n;
}

static uint64_t
wide(uint64_t n, int swapped)
{
	return swapped ? bswap_64(n) : n;
}

/* Both headers, in *BYTES. Returns how many bytes. */
static size_t
begin_64(uint8_t *bytes, uint16_t machine, size_t size, int swapped)
{
	const Elf64_Ehdr header = { .e_ident = ELFMAG, .e_type =
	    half(ET_CORE, swapped), .e_machine = half(machine, swapped),
	    .e_phoff = wide(sizeof header, swapped), .e_phentsize =
	    half(sizeof(Elf64_Phdr), swapped), .e_phnum = half(1, swapped) };
	const Elf64_Phdr part = { .p_type = word(PT_NOTE, swapped), .p_offset =
	    wide(sizeof header + sizeof part, swapped), .p_filesz =
	    wide(size, swapped) };

	memcpy(bytes, &header, sizeof header);
	memcpy(bytes + sizeof header, &part, sizeof part);
	bytes[EI_CLASS] = ELFCLASS64;
	return sizeof header + sizeof part;
}

static size_t
begin_32(uint8_t *bytes, uint16_t machine, size_t size, int swapped)
{
	const Elf32_Ehdr header = { .e_ident = ELFMAG, .e_type =
	    half(ET_CORE, swapped), .e_machine = half(machine, swapped),
	    .e_phoff = word(sizeof header, swapped), .e_phentsize =
	    half(sizeof(Elf32_Phdr), swapped), .e_phnum = half(1, swapped) };
	const Elf32_Phdr part = { .p_type = word(PT_NOTE, swapped), .p_offset =
	    word(sizeof header + sizeof part, swapped), .p_filesz =
	    word(size, swapped) };

	memcpy(bytes, &header, sizeof header);
	memcpy(bytes + sizeof header, &part, sizeof part);
	bytes[EI_CLASS] = ELFCLASS32;
	return sizeof header + sizeof part;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_options modules = { .exe_fd = -1, .no_files = 1 };
	const struct arch *arch;
	uint8_t *core;
	size_t len;
	int swapped;

	if (size < 2)
		return 0;
	arch = &arch_table[data[0] % arch_count];
	swapped = data[1] & 1;
	core = xcalloc(1, 128 + size);
	len = arch->is64 ? begin_64(core, arch->machine, size - 2, swapped) :
	    begin_32(core, arch->machine, size - 2, swapped);
	core[EI_DATA] = swapped ? ELFDATA2MSB : ELFDATA2LSB;
	core[EI_VERSION] = EV_CURRENT;
	memcpy(core + len, data + 2, size - 2);
	fuzz_report(fuzz_file(core, len + size - 2), &modules, 0);
	fuzz_forget();
	return 0;
}
