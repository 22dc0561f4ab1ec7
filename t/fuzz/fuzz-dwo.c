/* SPDX-License-Identifier: ISC */
/*
 * A .dwo file, with types that are units of their own: the input is two
 * sections .debug_info.dwo, two .debug_types.dwo, and .debug_abbrev.dwo,
 * .debug_str_offsets.dwo, .debug_loclists.dwo and .debug_str.dwo. Its types are
 * looked for once from what libdw makes of it, and once from its units made
 * whole.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "symbol/dwtype.h"
#include "symbol/skeleton.h"
#include "symbol/splitunit.h"
#include "bin/core-unwind/symbol/typeunit.c"

#define SECTIONS 8
#define ENTRIES_MAX 2048
#define DEPTH_MAX 32
/* In a unit of DWARF 5, of 32 and 64 bits. */
#define ID_AT 12
#define ID_AT64 24

static void walk(Dwarf_Die *within, int depth, int *left);

/* What is said of a variable or a field: its type, and what that has. */
static void
look(Dwarf_Die *die, int depth, int *left)
{
	Dwarf_Die type;
	uint64_t size;

	dwarf_diename(die);
	if (dwtype_of(die, &type) == -1 || dwtype_peel(&type) == 0)
		return;
	dwtype_name(&type);
	dwtype_number(&type, DW_AT_byte_size, &size);
	dwtype_is_cxx(&type);
	walk(&type, depth, left);
}

static void
walk(Dwarf_Die *within, int depth, int *left)
{
	Dwarf_Die die;

	if (depth == 0 || dwarf_child(within, &die) != 0)
		return;
	do {
		look(&die, depth - 1, left);
		walk(&die, depth - 1, left);
	} while (--*left > 0 && dwarf_siblingof(&die, &die) == 0);
}

static void
walk_units(Dwarf *dw)
{
	Dwarf_Off off = 0, next;
	size_t header;
	int left = ENTRIES_MAX;
	Dwarf_Die die;

	typeunits_serve_itself(dw);
	while (left > 0 && dwarf_nextcu(dw, off, &next, &header, NULL, NULL,
	    NULL) == 0) {
		if (dwarf_offdie(dw, off + header, &die) != NULL)
			walk(&die, DEPTH_MAX, &left);
		off = next;
	}
}

static void
walk_wholes(struct dwo *file)
{
	static const unsigned char addresses[64];
	struct typeunits *types = typeunits_of_file(file);
	struct skeleton s = { .low_pc = 0x1000, .addresses = addresses,
	    .addresses_size = sizeof addresses };
	struct dwp_half half;
	int left = ENTRIES_MAX;
	Dwarf_Die die;

	for (size_t i = 0; left > 0 && dwo_unit(file, i, &half) == 0; i++) {
		const struct dwp_section *info = &half.section[DWP_INFO];
		size_t at = info->data[0] == 0xff ? ID_AT64 : ID_AT;

		if (info->size >= at + sizeof s.id)
			memcpy(&s.id, info->data + at, sizeof s.id);
		if (splitunit_join(&s, &half, &die) == -1)
			continue;
		typeunits_serve(types, dwarf_cu_getdwarf(die.cu));
		walk(&die, DEPTH_MAX, &left);
	}
}

static void
end_all(void)
{
	for (size_t i = 0; i < all.count; i++) {
		Dwarf *dw = (Dwarf *)(uintptr_t)all.served[i].dwarf;
		Elf *elf = dwarf_getelf(dw);

		dwarf_end(dw);
		elf_end(elf);
	}
	memset(&all, 0, sizeof all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[SECTIONS] = {
		".debug_info.dwo", ".debug_info.dwo", ".debug_types.dwo",
		".debug_types.dwo", ".debug_abbrev.dwo",
		".debug_str_offsets.dwo", ".debug_loclists.dwo",
		".debug_str.dwo"
	};
	struct image_section section[SECTIONS];
	Dwarf *dw;
	Elf_Scn *scn = NULL;

	elf_version(EV_CURRENT);
	for (size_t i = 0; i < SECTIONS; i++) {
		char *part = fuzz_part(&data, &size, &section[i].size);

		section[i].name = name[i];
		section[i].data = fuzz_exact((const uint8_t *)part,
		    section[i].size);
	}
	dw = image_dwarf(section, SECTIONS);
	if (dw != NULL) {
		/* What libdw gets is theirs too who want it as it is in a file. */
		while ((scn = elf_nextscn(dwarf_getelf(dw), scn)) != NULL)
			*elf_rawdata(scn, NULL) = *elf_getdata(scn, NULL);
		walk_wholes(dwo_of(dwarf_getelf(dw)));
		walk_units(dw);
	}
	end_all();
	fuzz_forget();
	return 0;
}
