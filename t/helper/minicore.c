/* SPDX-License-Identifier: ISC */
/*
 * minicore [-b | -f | -s | -x]: write the smallest core that has everything to
 * stdout: three frames in an executable of a few hundred bytes, whose headers,
 * build-id, .eh_frame and code all are in the core. Made by hand, so that it is
 * the same on every machine.
 *	-b	make the build-id another one
 *	-f	print the offsets and lengths of its headers, one a line, instead
 *	-s	leave out the notes that tell of the process, but its registers
 *	-x	write the executable alone
 */
#include <elf.h>
#include <err.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BASE	UINT64_C(0x400000)
#define CODE	0x180			/* where in the executable */
#define TEXT	0x200			/* its size */
#define STACK	UINT64_C(0x7ffc0000)
#define SEGMENTS 3			/* notes, executable, stack */
#define NT_SIGINFO_SIZE 128

static unsigned char core[8192], text[TEXT], stack[128];
static size_t size;
static unsigned char build_id = 0xa0;
static int wants_fields, wants_executable, is_short;

static void
put(void *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((unsigned char *)at)[i] = (unsigned char)(value >> 8 * i);
}

static void
field(const char *what, size_t at, size_t len)
{
	if (wants_fields)
		printf("%zu %zu %s\n", at, len, what);
}

static void
note(uint32_t type, const void *desc, size_t len)
{
	field("note", size, 12);
	put(core + size, 5, 4);
	put(core + size + 4, len, 4);
	put(core + size + 8, type, 4);
	memcpy(core + size + 12, "CORE", 5);
	size += 20;
	memcpy(core + size, desc, len);
	size += (len + 3) & ~(size_t)3;
}

/* CIE and FDE for all of the code: the CFA is rsp + 8, as at a function's
   first instruction, and so it stays. */
static void
make_cfi(void)
{
	static const unsigned char cie[] = {
		0x14, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, 16, 1,
		0x1b, 0x0c, 7, 8, 0x90, 1, 0, 0
	};
	static const unsigned char header[] = {
		1, 0x1b, 0x03, 0x3b, 24, 0, 0, 0, 1, 0, 0, 0
	};
	unsigned char *p = text + 0x120;

	memcpy(p - 0x20, header, sizeof header);
	put(p - 0x20 + 4, 0x120 - 0x104, 4);
	put(p - 0x20 + 12, CODE - 0x100, 4);
	put(p - 0x20 + 16, 0x138 - 0x100, 4);
	memcpy(p, cie, sizeof cie);
	p += sizeof cie;
	put(p, 0x14, 4);
	put(p + 4, 0x1c, 4);
	put(p + 8, (uint64_t)CODE - 0x140, 4);
	put(p + 12, TEXT - CODE, 4);
}

static void
phdr(unsigned char *p, uint32_t type, uint64_t at, uint64_t address,
    uint64_t len, uint32_t flags)
{
	put(p, type, 4);
	put(p + 4, flags, 4);
	put(p + 8, at, 8);
	put(p + 16, address, 8);
	put(p + 32, len, 8);
	put(p + 40, len, 8);
	put(p + 48, 1, 8);
}

static void
ehdr(unsigned char *p, uint16_t type, uint16_t phnum, uint64_t entry)
{
	memcpy(p, ELFMAG "\2\1\1", 7);
	put(p + 16, type, 2);
	put(p + 18, EM_X86_64, 2);
	put(p + 20, 1, 4);
	put(p + 24, entry, 8);
	put(p + 32, 64, 8);
	put(p + 52, 64, 2);
	put(p + 54, 56, 2);
	put(p + 56, phnum, 2);
}

static void
make_text(void)
{
	unsigned char *id = text + 0xe8;

	ehdr(text, ET_EXEC, 3, BASE + CODE);
	phdr(text + 64, PT_LOAD, 0, BASE, TEXT, PF_R | PF_X);
	phdr(text + 120, PT_NOTE, 0xe8, BASE + 0xe8, 20, PF_R);
	phdr(text + 176, PT_GNU_EH_FRAME, 0x100, BASE + 0x100, 20, PF_R);
	put(id, 4, 4);
	put(id + 4, 4, 4);
	put(id + 8, NT_GNU_BUILD_ID, 4);
	memcpy(id + 12, "GNU", 4);
	/* Its last byte but one tells two of them apart. */
	put(id + 16, 0x00c0de00u | build_id, 4);
	make_cfi();
	memset(text + CODE, 0x90, TEXT - CODE);
	for (int i = 0; i < 3; i++)		/* call, to somewhere */
		put(text + CODE + 0x10 * i, 0x10e8, 5);
	/* movl $7, 0x10(%rax) */
	memcpy(text + CODE + 0x35, "\xc7\x40\x10\7\0\0\0", 7);
}

static void
make_stack(void)
{
	put(stack, BASE + CODE + 0x25, 8);
	put(stack + 8, BASE + CODE + 0x15, 8);
	put(stack + 16, 0, 8);
}

static void
make_notes(void)
{
	unsigned char status[336] = { 0 }, info[136] = { 0 },
	    signal_info[NT_SIGINFO_SIZE] = { 0 }, auxv[48] = { 0 },
	    files[64] = { 0 };

	put(status + 12, SIGSEGV, 2);
	put(status + 32, 42, 4);
	put(status + 112 + 8 * 16, BASE + CODE + 0x35, 8);	/* rip */
	put(status + 112 + 8 * 19, STACK, 8);			/* rsp */
	note(NT_PRSTATUS, status, sizeof status);
	if (is_short)
		return;
	put(info + 24, 42, 4);
	memcpy(info + 40, "mini", 5);
	memcpy(info + 56, "mini --core", 12);
	note(NT_PRPSINFO, info, sizeof info);
	put(signal_info, SIGSEGV, 4);
	put(signal_info + 8, 1, 4);
	put(signal_info + 16, 0x10, 8);
	note(NT_SIGINFO, signal_info, sizeof signal_info);
	put(auxv, AT_ENTRY, 8);
	put(auxv + 8, BASE + CODE, 8);
	put(auxv + 16, AT_PHDR, 8);
	put(auxv + 24, BASE + 64, 8);
	note(NT_AUXV, auxv, sizeof auxv);
	put(files, 1, 8);
	put(files + 8, 1, 8);
	put(files + 16, BASE, 8);
	put(files + 24, BASE + TEXT, 8);
	memcpy(files + 40, "/nowhere/mini", 14);
	note(NT_FILE, files, 56);
}

static void
make_core(void)
{
	size_t notes = 64 + SEGMENTS * 56;

	field("ehdr", 0, 64);
	field("phdrs", 64, SEGMENTS * 56);
	size = notes;
	make_notes();
	ehdr(core, ET_CORE, SEGMENTS, 0);
	phdr(core + 64, PT_NOTE, notes, 0, size - notes, 0);
	size = (size + 7) & ~(size_t)7;
	phdr(core + 120, PT_LOAD, size, BASE, TEXT, PF_R | PF_X);
	memcpy(core + size, text, TEXT);
	field("executable's ehdr", size, 64);
	field("executable's phdrs", size + 64, 3 * 56);
	field("executable's build-id", size + 0xe8, 20);
	field("executable's .eh_frame", size + 0x100, 0x60);
	size += TEXT;
	phdr(core + 176, PT_LOAD, size, STACK, sizeof stack, PF_R | PF_W);
	memcpy(core + size, stack, sizeof stack);
	size += sizeof stack;
}

int
main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "bfsx")) != -1)
		switch (c) {
		case 'b':
			build_id = 0xb0;
			break;
		case 'f':
			wants_fields = 1;
			break;
		case 's':
			is_short = 1;
			break;
		case 'x':
			wants_executable = 1;
			break;
		default:
			return 100;
		}
	make_text();
	make_stack();
	make_core();
	if (wants_executable)
		fwrite(text, 1, sizeof text, stdout);
	else if (!wants_fields)
		fwrite(core, 1, size, stdout);
	if (fflush(stdout) == EOF)
		err(111, "write core");
	return 0;
}
