/* SPDX-License-Identifier: ISC */
/*
 * mkcore [-3] [-b] [-l LIE] [-n SEGMENTS] [-s SIZE]: write a core laid out as
 * the kernel does, to stdout: SEGMENTS of SIZE bytes (default 4 of 512),
 * 32-bit with -3, big-endian with -b, and PN_XNUM when there are so many.
 * LIE is a header field to be given an impossible value: phentsize, phoff,
 * phnum or filesz.
 */
#include <elf.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_32, is_big;
static uint64_t offset;

static void
put(uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		putchar((int)(value >> 8 * (is_big ? size - 1 - i : i) & 255));
	offset += size;
}

static void
put_word(uint64_t value)		/* an address or an offset */
{
	put(value, is_32 ? 4 : 8);
}

static void
put_phdr(uint32_t type, uint64_t at, uint64_t address, uint64_t size)
{
	put(type, 4);
	if (!is_32)
		put(PF_R, 4);
	put_word(at);
	put_word(address);
	put_word(0);
	put_word(size);
	put_word(size);
	if (is_32)
		put(PF_R, 4);
	put_word(1);
}

static void
put_ehdr(unsigned long segments, uint64_t sections, const char *lie)
{
	unsigned long count = segments + 1;
	unsigned ehsize = is_32 ? sizeof(Elf32_Ehdr) : sizeof(Elf64_Ehdr);
	unsigned phsize = is_32 ? sizeof(Elf32_Phdr) : sizeof(Elf64_Phdr);
	unsigned shsize = is_32 ? sizeof(Elf32_Shdr) : sizeof(Elf64_Shdr);

	fwrite(ELFMAG, 1, SELFMAG, stdout);
	putchar(is_32 ? ELFCLASS32 : ELFCLASS64);
	putchar(is_big ? ELFDATA2MSB : ELFDATA2LSB);
	putchar(EV_CURRENT);
	offset = 7;
	put(0, 9);
	put(ET_CORE, 2);
	put(is_big ? EM_PPC64 : is_32 ? EM_386 : EM_X86_64, 2);
	put(EV_CURRENT, 4);
	put_word(0);
	put_word(strcmp(lie, "phoff") == 0 ? UINT64_MAX - 8 : ehsize);
	put_word(sections);
	put(0, 4);
	put(ehsize, 2);
	put(strcmp(lie, "phentsize") == 0 ? 1 : phsize, 2);
	put(strcmp(lie, "phnum") == 0 ? 60000 :
	    count >= PN_XNUM ? PN_XNUM : count, 2);
	put(sections == 0 ? 0 : shsize, 2);
	put(sections == 0 ? 0 : 1, 2);
	put(0, 2);
}

static void
put_note(void)
{
	put(5, 4);
	put(336, 4);
	put(NT_PRSTATUS, 4);
	fwrite("CORE\0\0\0", 1, 8, stdout);
	offset += 8;
	for (int i = 0; i < 42; i++)
		put(0, 8);
}

int
main(int argc, char **argv)
{
	unsigned long segments = 4, size = 512;
	uint64_t notes, memory, end;
	const char *lie = "";
	uint32_t seed = 1;
	int c;

	while ((c = getopt(argc, argv, "3bl:n:s:")) != -1)
		switch (c) {
		case '3':
			is_32 = 1;
			break;
		case 'b':
			is_big = 1;
			break;
		case 'l':
			lie = optarg;
			break;
		case 'n':
			segments = strtoul(optarg, NULL, 10);
			break;
		case 's':
			size = strtoul(optarg, NULL, 10);
			break;
		default:
			return 100;
		}
	notes = is_32 ? sizeof(Elf32_Ehdr) + (segments + 1) *
	    sizeof(Elf32_Phdr) : sizeof(Elf64_Ehdr) + (segments + 1) *
	    sizeof(Elf64_Phdr);
	memory = (notes + 20 + 336 + 511) / 512 * 512;
	end = memory + segments * size;
	put_ehdr(segments, segments + 1 >= PN_XNUM ? end : 0, lie);
	put_phdr(PT_NOTE, notes, 0, 20 + 336);
	for (unsigned long i = 0; i < segments; i++)
		put_phdr(PT_LOAD, memory + i * size, 0x400000 + i * 0x1000,
		    strcmp(lie, "filesz") == 0 ? UINT64_MAX - 1 : size);
	put_note();
	while (offset < end) {
		seed = seed * 1103515245 + 12345;
		put(offset < memory ? 0 : seed >> 24, 1);
	}
	if (segments + 1 >= PN_XNUM) {
		put(0, 4);
		put(0, 4);
		put_word(0);
		put_word(0);
		put_word(0);
		put_word(0);
		put(0, 4);
		put(segments + 1, 4);
		put_word(0);
		put_word(0);
	}
	if (fflush(stdout) == EOF)
		err(111, "write core");
	return 0;
}
