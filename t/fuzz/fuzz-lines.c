/* SPDX-License-Identifier: ISC */
/*
 * A line table that is let through to libdw: the input is a byte of what its
 * unit is, and .debug_line, which ends where memory does. libdw is not
 * instrumented, and reads not a byte behind it all the same.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "module/image.h"
#include "symbol/linetable.h"

#define ROOM ((size_t)1 << 16)
#define PAGE 4096

enum { WHICH = 3, IS_64 = 4, HAS_4 = 8 };

/* What the unit's only DIE is: it has its lines, from 0 on. */
struct unit {
	unsigned char info[64], abbrev[8];
	size_t size, die;
};

static void
put(struct unit *u, const void *bytes, size_t size)
{
	memcpy(u->info + u->size, bytes, size);
	u->size += size;
}

static void
make_unit(struct unit *u, int flags)
{
	static const unsigned char none[8], ones[] = { 0xff, 0xff, 0xff, 0xff };
	uint16_t version = (uint16_t)(2 + (flags & WHICH));
	unsigned char address = flags & HAS_4 ? 4 : 8, code = 1;
	unsigned char type = DW_UT_compile;
	size_t offset = flags & IS_64 ? 8 : 4, length;

	memset(u, 0, sizeof *u);
	if (offset == 8)
		put(u, ones, sizeof ones);
	put(u, none, offset);
	length = u->size;
	put(u, &version, sizeof version);
	if (version == 5) {
		put(u, &type, 1);
		put(u, &address, 1);
	}
	put(u, none, offset);
	if (version < 5)
		put(u, &address, 1);
	u->die = u->size;
	put(u, &code, 1);
	put(u, none, offset);
	length = u->size - length;
	memcpy(u->info + (offset == 8 ? sizeof ones : 0), &length, offset);
	memcpy(u->abbrev, (unsigned char[]){ 1, DW_TAG_compile_unit,
	    DW_CHILDREN_no, DW_AT_stmt_list, version >= 4 ?
	    DW_FORM_sec_offset : offset == 8 ? DW_FORM_data8 :
	    DW_FORM_data4, 0, 0, 0 }, 8);
}

static char *
end_of_memory(void)
{
	static char *end;
	char *room;

	if (end == NULL) {
		room = mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (room == MAP_FAILED ||
		    mprotect(room + ROOM, PAGE, PROT_NONE) == -1)
			abort();
		end = room + ROOM;
	}
	return end;
}

static void
read_lines(Dwarf_Die *die)
{
	Dwarf_Lines *lines;
	Dwarf_Files *files;
	size_t count;
	int line;

	if (dwarf_getsrclines(die, &lines, &count) == 0)
		for (size_t i = 0; i < count; i++) {
			dwarf_linesrc(dwarf_onesrcline(lines, i), NULL, NULL);
			dwarf_lineno(dwarf_onesrcline(lines, i), &line);
		}
	if (dwarf_getsrcfiles(die, &files, &count) == 0)
		for (size_t i = 0; i < count; i++)
			dwarf_filesrc(files, i, NULL, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char strings[] = "a.c\0/tmp/a";
	struct unit u;
	Dwarf_Die die;
	Dwarf *dw;
	Elf *elf;

	if (size < 2 || size - 1 > ROOM)
		return 0;
	elf_version(EV_CURRENT);
	make_unit(&u, data[0]);
	memcpy(end_of_memory() - (size - 1), data + 1, size - 1);
	dw = image_dwarf((struct image_section[]){
		{ ".debug_info", u.info, u.size },
		{ ".debug_abbrev", u.abbrev, sizeof u.abbrev },
		{ ".debug_line", end_of_memory() - (size - 1), size - 1 },
		{ ".debug_line_str", strings, sizeof strings },
		{ ".debug_str", strings, sizeof strings } }, 5);
	linetable_is_whole(data + 1, size - 1, 1);
	if (dw != NULL) {
		if (dwarf_offdie(dw, u.die, &die) != NULL &&
		    !linetable_is_damaged(&die))
			read_lines(&die);
		elf = dwarf_getelf(dw);
		dwarf_end(dw);
		elf_end(elf);
	}
	fuzz_forget();
	return 0;
}
