/* SPDX-License-Identifier: ISC */
#include "symbol/skeleton.h"

#include <dwarf.h>
#include <string.h>

#include "module/reader.h"
#include "module/section.h"

/* Of .debug_addr (DWARF 5, 7.27): a length, its version, two sizes. */
#define ADDRESSES_HEADER 8
#define ADDRESSES_HEADER64 16

/* The number that attribute NAME is, or the GNU one before it; 0: none. */
static uint64_t
base_of(Dwarf_Die *die, unsigned name, unsigned gnu_name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if ((name != 0 && dwarf_attr(die, name, &attr) != NULL) ||
	    dwarf_attr(die, gnu_name, &attr) != NULL)
		return dwarf_formudata(&attr, &value) == 0 ? value : UINT64_MAX;
	return 0;
}

/* Section NAME from BASE on. Returns -1 when that is behind its end. */
static int
take_section(Elf *elf, const char *name, uint64_t base,
    const unsigned char **at, size_t *size)
{
	const Elf_Data *data = section_data(elf, name);

	if (data == NULL)
		return base == 0 ? 0 : -1;
	if (base > data->d_size)
		return -1;
	*at = (const unsigned char *)data->d_buf + base;
	*size = data->d_size - (size_t)base;
	return 0;
}

/* No more addresses than the header before them says; before 5 it is absent. */
static int
bound_addresses(struct skeleton *s, uint64_t base, unsigned offset_size)
{
	size_t header = offset_size == 8 ? ADDRESSES_HEADER64 :
	    ADDRESSES_HEADER, its_size;
	struct reader r = { .end = s->addresses };
	uint64_t length;

	if (s->addresses_size == 0)
		return 0;
	if (base < header)
		return -1;
	r.at = s->addresses - header;
	length = reader_length(&r, &its_size);
	if (its_size != offset_size || reader_take(&r, 2) != 5 || length < 4 ||
	    length - 4 > s->addresses_size)
		return -1;
	s->addresses_size = (size_t)length - 4;
	return 0;
}

int
skeleton_read(Dwarf_Die *die, struct skeleton *s)
{
	Elf *elf = dwarf_getelf(dwarf_cu_getdwarf(die->cu));
	Dwarf_Half version;
	uint8_t type, offset_size;
	uint64_t base = base_of(die, DW_AT_addr_base, DW_AT_GNU_addr_base);

	memset(s, 0, sizeof *s);
	if (elf == NULL || dwarf_cu_info(die->cu, &version, &type, NULL, NULL,
	    &s->id, NULL, &offset_size) == -1 || type != DW_UT_skeleton ||
	    take_section(elf, ".debug_addr", base, &s->addresses,
	    &s->addresses_size) == -1)
		return -1;
	if (dwarf_lowpc(die, &s->low_pc) == -1)
		s->low_pc = 0;
	if (version >= 5)
		return bound_addresses(s, base, offset_size);
	return take_section(elf, ".debug_ranges", base_of(die, 0,
	    DW_AT_GNU_ranges_base), &s->ranges, &s->ranges_size);
}
