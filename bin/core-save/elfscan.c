/* SPDX-License-Identifier: ISC */
#include "elfscan.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "xalloc.h"

static uint64_t
get(const struct elfscan *s, const unsigned char *p, unsigned size)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < size; i++)
		v |= (uint64_t)p[i] << 8 * (s->is_big ? size - 1 - i : i);
	return v;
}

/* The file must reach OFFSET + SIZE. */
static void
promise(struct elfscan *s, uint64_t offset, uint64_t size)
{
	if (size > UINT64_MAX - offset)
		s->lies = 1;
	else if (offset + size > s->end)
		s->end = offset + size;
}

static void
read_header(struct elfscan *s, const unsigned char *p, size_t len)
{
	uint64_t count, sections;

	if (len < EI_NIDENT || memcmp(p, ELFMAG, SELFMAG) != 0)
		return;
	s->is_64 = p[EI_CLASS] == ELFCLASS64;
	s->is_big = p[EI_DATA] == ELFDATA2MSB;
	s->end = s->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	if (len < s->end) {
		s->is_core = 1;		/* cut before it could say */
		return;
	}
	s->is_core = get(s, p + 16, 2) == ET_CORE;
	s->table = s->is_64 ? get(s, p + 32, 8) : get(s, p + 28, 4);
	s->entry_size = s->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	count = get(s, p + (s->is_64 ? 56 : 44), 2);
	if (count > 0 &&
	    get(s, p + (s->is_64 ? 54 : 42), 2) != s->entry_size) {
		s->lies = 1;
		count = 0;
	}
	s->is_xnum = count == PN_XNUM;
	promise(s, s->table, count * s->entry_size);
	s->table_end = s->lies ? s->table : s->table + count * s->entry_size;
	/* The kernel's only section header, when there are PN_XNUM segments. */
	sections = s->is_64 ? get(s, p + 40, 8) : get(s, p + 32, 4);
	if (sections != 0)
		promise(s, sections, get(s, p + (s->is_64 ? 60 : 48), 2) *
		    get(s, p + (s->is_64 ? 58 : 46), 2));
}

static void
read_entry(struct elfscan *s)
{
	const unsigned char *p = s->entry;
	struct segment segment = { .type = (uint32_t)get(s, p, 4) };
	uint64_t offset = s->is_64 ? get(s, p + 8, 8) : get(s, p + 4, 4);

	segment.offset = offset;
	segment.address = s->is_64 ? get(s, p + 16, 8) : get(s, p + 8, 4);
	segment.file_size = s->is_64 ? get(s, p + 32, 8) : get(s, p + 16, 4);
	segment.memory_size = s->is_64 ? get(s, p + 40, 8) :
	    get(s, p + 20, 4);
	promise(s, offset, segment.file_size);
	if (s->see != NULL)
		s->see(s->see_arg, &segment);
	if (!s->is_xnum)
		return;
	/*
	 * The count is in a section header at the end of the file. But the
	 * notes come first and begin where the program headers end.
	 */
	s->is_xnum = 0;
	if (segment.type == PT_NOTE && offset > s->table)
		s->table_end = s->table +
		    (offset - s->table) / s->entry_size * s->entry_size;
}

void
elfscan_feed(struct elfscan *s, const unsigned char *bytes, size_t len)
{
	uint64_t at = s->seen, stop = s->seen + len;

	if (at == 0)
		read_header(s, bytes, len);
	s->seen = stop;
	if (at < s->table)
		at = s->table;
	while (at < stop && at < s->table_end) {
		s->entry[s->have++] = bytes[len - (stop - at)];
		at++;
		if (s->have == s->entry_size) {
			read_entry(s);
			s->have = 0;
		}
	}
}

void
elfscan_pass(struct elfscan *s, uint64_t len)
{
	s->seen += len;
}

char *
elfscan_verdict(const struct elfscan *s)
{
	if (s->seen == 0)
		return xstrdup("empty stream");
	if (!s->is_core)
		return xstrdup("not an ELF core");
	if (s->lies)
		return xstrdup("the program headers are not possible");
	if (s->seen < s->end)
		return xasprintf("cut short: %" PRIu64 " of %" PRIu64 " bytes",
		    s->seen, s->end);
	return NULL;
}
