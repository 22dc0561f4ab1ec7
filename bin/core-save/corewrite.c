/* SPDX-License-Identifier: ISC */
#include "corewrite.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "press.h"
#include "xalloc.h"
#include "zseek.h"

struct out {
	struct pack *pack;
	struct press *press;
	unsigned char *block, *frame;
	size_t at;		/* in the block */
	uint64_t left;		/* until the limit */
	int over_limit;
	int failed;
};

/* Program headers, as they are made. */
struct table {
	const struct corehead *head;
	unsigned char *bytes;	/* NULL: they are counted */
	size_t count;
	uint64_t offset;	/* of the content that comes next */
};

static void
flush(struct out *o)
{
	size_t size;

	if (o->at == 0 || o->failed)
		return;
	size = press_block(o->press, o->block, o->at, o->frame);
	o->failed = (size == 0 ? pack_zeros(o->pack, 1) :
	    pack_frame(o->pack, o->frame, size, o->at)) == -1;
	o->at = 0;
}

static void
put(struct out *o, const void *bytes, size_t len)
{
	const unsigned char *from = bytes;

	if (len > o->left) {
		len = (size_t)o->left;
		o->over_limit = 1;
	}
	o->left -= len;
	while (len > 0 && !o->failed) {
		size_t n = ZSEEK_BLOCK - o->at;

		if (n > len)
			n = len;
		memcpy(o->block + o->at, from, n);
		o->at += n;
		from += n;
		len -= n;
		if (o->at == ZSEEK_BLOCK)
			flush(o);
	}
}

static void
add_entry(struct table *t, uint32_t type, const struct area *a)
{
	size_t at = t->count++ * corehead_entry_size(t->head);
	Elf64_Phdr wide = { .p_type = type, .p_flags = a->flags,
	    .p_offset = a->offset, .p_vaddr = a->start,
	    .p_filesz = a->file_size, .p_memsz = a->end - a->start,
	    .p_align = a->align };
	Elf32_Phdr narrow = { .p_type = type, .p_flags = a->flags,
	    .p_offset = (uint32_t)a->offset, .p_vaddr = (uint32_t)a->start,
	    .p_filesz = (uint32_t)a->file_size,
	    .p_memsz = (uint32_t)(a->end - a->start),
	    .p_align = (uint32_t)a->align };

	if (t->bytes == NULL)
		return;		/* they are counted */
	if (t->head->is_64)
		memcpy(t->bytes + at, &wide, sizeof wide);
	else
		memcpy(t->bytes + at, &narrow, sizeof narrow);
}

/* One mapping: parts that begin with what is kept of it, if anything is. */
static void
add_area(struct table *t, const struct pieces *p, const struct area *area)
{
	struct area part = *area;
	size_t i = pieces_find(p, area->start);

	part.offset = t->offset;
	part.file_size = 0;
	for (; i < p->count && p->piece[i].start < area->end; i++) {
		const struct piece *piece = &p->piece[i];
		uint64_t len = piece->end - piece->start;

		if (len == 0)
			continue;
		if (piece->start > part.start + part.file_size) {
			part.end = piece->start;
			add_entry(t, PT_LOAD, &part);
			part.start = piece->start;
			part.offset = t->offset;
			part.file_size = 0;
		}
		part.file_size += len;
		t->offset += len;
	}
	part.end = area->end;
	add_entry(t, PT_LOAD, &part);
}

static void
fill_table(struct table *t, const struct pieces *p, uint64_t notes,
    uint64_t memory)
{
	const struct corehead *h = t->head;
	/* Of the notes, an address is none. */
	struct area note = { .offset = notes, .file_size = h->notes_len };

	t->count = 0;
	t->offset = memory;
	add_entry(t, PT_NOTE, &note);
	for (size_t i = 0; i < h->areas; i++)
		add_area(t, p, &h->area[i]);
}

/* With more than e_phnum can count, a section header says how many. */
static void
put_header(struct out *o, const struct table *t, uint64_t end)
{
	const struct corehead *h = t->head;
	int is_many = t->count >= PN_XNUM;
	uint16_t count = is_many ? PN_XNUM : (uint16_t)t->count;
	Elf64_Ehdr wide;
	Elf32_Ehdr narrow;

	if (h->is_64) {
		memcpy(&wide, h->bytes, sizeof wide);
		wide.e_phnum = count;
		wide.e_shoff = is_many ? end : 0;
		wide.e_shnum = (uint16_t)is_many;
		wide.e_shentsize = is_many ? sizeof(Elf64_Shdr) : 0;
		put(o, &wide, sizeof wide);
	} else {
		memcpy(&narrow, h->bytes, sizeof narrow);
		narrow.e_phnum = count;
		narrow.e_shoff = is_many ? (uint32_t)end : 0;
		narrow.e_shnum = (uint16_t)is_many;
		narrow.e_shentsize = is_many ? sizeof(Elf32_Shdr) : 0;
		put(o, &narrow, sizeof narrow);
	}
}

static void
put_count(struct out *o, const struct table *t)
{
	Elf64_Shdr wide = { .sh_size = 1, .sh_info = (uint32_t)t->count };
	Elf32_Shdr narrow = { .sh_size = 1, .sh_info = (uint32_t)t->count };

	if (t->count < PN_XNUM)
		return;
	if (t->head->is_64)
		put(o, &wide, sizeof wide);
	else
		put(o, &narrow, sizeof narrow);
}

static void
write_all(struct out *o, const struct table *t, const struct pieces *p,
    uint64_t memory)
{
	static const unsigned char zeros[65536];
	const struct corehead *h = t->head;
	size_t table_len = t->count * corehead_entry_size(h);
	uint64_t pad = memory - h->table - table_len - h->notes_len;

	put_header(o, t, t->offset);
	put(o, t->bytes, table_len);
	put(o, h->bytes + h->notes, h->notes_len);
	put(o, zeros, (size_t)pad);
	for (size_t i = 0; i < p->count; i++)
		put(o, p->piece[i].data,
		    (size_t)(p->piece[i].end - p->piece[i].start));
	put_count(o, t);
	flush(o);
}

int
corewrite(const struct corehead *h, const struct pieces *pieces,
    struct pack *p, int level, uint64_t limit)
{
	struct table t = { .head = h };
	struct out o = { .pack = p, .left = limit };
	uint64_t notes, memory;

	fill_table(&t, pieces, 0, 0);
	notes = h->table + t.count * corehead_entry_size(h);
	memory = notes + h->notes_len;
	memory += (pieces->page - memory % pieces->page) % pieces->page;
	t.bytes = xcalloc(t.count, corehead_entry_size(h));
	fill_table(&t, pieces, notes, memory);
	o.press = press_new(level);
	o.block = xmalloc(ZSEEK_BLOCK);
	o.frame = xmalloc(PRESS_BOUND);
	write_all(&o, &t, pieces, memory);
	press_free(o.press);
	free(o.block);
	free(o.frame);
	free(t.bytes);
	return o.failed ? -1 : o.over_limit;
}
