/* SPDX-License-Identifier: ISC */
/*
 * A DWARF package's index, and a split unit made whole: the input is the index,
 * the unit's parts of .debug_info, .debug_abbrev, .debug_str_offsets and
 * .debug_loclists, and what is .debug_addr, .debug_ranges and .debug_rnglists
 * at once. The first ID of the index is the skeleton's.
 */
#include <elfutils/libdw.h>

#include <string.h>

#include "fuzz.h"
#include "module/dwp.h"
#include "symbol/skeleton.h"
#include "symbol/splitunit.h"

#define IDS_AT 16
#define IDS_END 144
#define ENTRIES_MAX 4096
#define DEPTH_MAX 64

static struct dwp_section
next_section(const uint8_t **data, size_t *size)
{
	struct dwp_section s;
	char *part = fuzz_part(data, size, &s.size);

	s.data = fuzz_exact((const uint8_t *)part, s.size);
	return s;
}

static void
walk(Dwarf_Die *within, int depth, int *left)
{
	Dwarf_Die die;
	Dwarf_Addr base, start, end;

	if (depth == 0 || dwarf_child(within, &die) != 0)
		return;
	do {
		dwarf_ranges(&die, 0, &base, &start, &end);
		dwarf_diename(&die);
		walk(&die, depth - 1, left);
	} while (--*left > 0 && dwarf_siblingof(&die, &die) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dwp_section index = next_section(&data, &size), other;
	struct dwp_part part[DWP_SECTIONS];
	struct dwp_half half = { 0 };
	struct skeleton s = { .low_pc = 0x1000 };
	int left = ENTRIES_MAX;
	Dwarf_Die die;
	Dwarf *dw;
	Elf *elf;

	elf_version(EV_CURRENT);
	for (size_t at = IDS_AT; s.id == 0 && at < IDS_END &&
	    at + sizeof s.id <= index.size; at += sizeof s.id)
		memcpy(&s.id, index.data + at, sizeof s.id);
	half.version = dwpindex_find(index.data, index.size, s.id, part);
	half.section[DWP_INFO] = next_section(&data, &size);
	half.section[DWP_ABBREV] = next_section(&data, &size);
	half.section[DWP_STR_OFFSETS] = next_section(&data, &size);
	half.section[DWP_LOCATIONS] = next_section(&data, &size);
	other = next_section(&data, &size);
	half.section[DWP_RNGLISTS] = other;
	s.addresses = s.ranges = other.data;
	s.addresses_size = s.ranges_size = other.size;
	if (half.version > 0 && splitunit_join(&s, &half, &die) == 0) {
		walk(&die, DEPTH_MAX, &left);
		dw = dwarf_cu_getdwarf(die.cu);
		elf = dwarf_getelf(dw);
		dwarf_end(dw);
		elf_end(elf);
	}
	fuzz_forget();
	return 0;
}
