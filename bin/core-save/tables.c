/* SPDX-License-Identifier: ISC */
#include "tables.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "xalloc.h"

#define MODULES_MAX	4096u
#define HEADERS_MAX	64u		/* of one module */
#define NOTES_MAX	65536u
#define DYNAMIC_MAX	65536u
#define SYMBOLS_MAX	(UINT64_C(4) << 20)
#define DATA_MAIN_MAX	(UINT64_C(4) << 20)
#define DATA_MAX	65536u		/* of another module than the main one */
#define LINKS_MAX	4096u
#define SPACES_MAX	16u		/* of the dynamic linker */
#define NAME_LEN	256u
#define STACK_WORDS	8192u

/* One program header of a module. */
struct part {
	uint32_t type, flags;
	uint64_t offset, address, file_size, size;
};

/* Modules are runs of mappings of one file, the first with its first page. */
static void
find_modules(struct tables *t)
{
	struct loaded *m = NULL;
	const struct mapping *map = t->live->map;
	int is_executable = 0;

	for (size_t i = 0; i < t->live->map_count; i++, map++) {
		if (map->inode == 0)
			continue;
		if (m != NULL && m->map->inode == map->inode &&
		    m->map->major == map->major &&
		    m->map->minor == map->minor &&
		    (map->offset != 0 || map->start == m->end)) {
			m->end = map->end;
			is_executable |= map->executable;
			continue;
		}
		if (m != NULL && !is_executable)
			t->count--;
		m = NULL;
		if (map->offset != 0 || t->count == MODULES_MAX)
			continue;
		xgrow(&t->loaded, &t->cap, t->count, sizeof *t->loaded);
		m = &t->loaded[t->count++];
		*m = (struct loaded){ .map = map, .start = map->start,
		    .end = map->end };
		is_executable = map->executable;
	}
	if (m != NULL && !is_executable)
		t->count--;
}

static struct loaded *
module_at(struct tables *t, uint64_t address)
{
	size_t i = BISECT_NOT_ABOVE(t->loaded, t->count, end, address);

	return i < t->count && t->loaded[i].start <= address ?
	    &t->loaded[i] : NULL;
}

static void
mark(struct tables *t, uint64_t address)
{
	struct loaded *m = module_at(t, address);

	if (m != NULL)
		m->is_on_stack = 1;
}

/* Those that code was run of: what is known of them by now is on a stack. */
static void
mark_modules(struct tables *t)
{
	const struct corehead *h = t->head;
	uint64_t sp = corehead_register(h, 0, h->machine->sp);
	size_t len, word = corehead_word_size(h);
	const unsigned char *at;

	for (size_t i = 0; i < h->threads; i++)
		mark(t, corehead_register(h, i, h->machine->pc));
	for (size_t i = 0; i < t->count; i++) {
		size_t n = pieces_find(t->pieces, t->loaded[i].start);

		if (n < t->pieces->count &&
		    t->pieces->piece[n].start < t->loaded[i].end)
			t->loaded[i].is_on_stack = 1;
	}
	sp -= sp % word;
	at = pieces_at(t->pieces, sp, &len);
	for (size_t i = 0; at != NULL && i < len / word && i < STACK_WORDS; i++)
		mark(t, corehead_word(h, at + i * word));
}

/* Is there room for LEN more? */
static int
afford(struct tables *t, uint64_t len)
{
	if (len > t->left)
		return 0;
	t->left -= len;
	return 1;
}

static int
get_part(const struct tables *t, const unsigned char *first, size_t len,
    unsigned i, struct part *part)
{
	const struct corehead *h = t->head;
	int is_64 = h->is_64;
	uint64_t table = corehead_word(h, first + (is_64 ? 32 : 28));
	uint16_t size, count;
	const unsigned char *p;

	memcpy(&size, first + (is_64 ? 54 : 42), sizeof size);
	memcpy(&count, first + (is_64 ? 56 : 44), sizeof count);
	if (i >= count || i >= HEADERS_MAX || table > len ||
	    size < (is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) ||
	    (uint64_t)(i + 1) * size > len - table)
		return 0;
	p = first + table + (size_t)i * size;
	memcpy(&part->type, p, sizeof part->type);
	memcpy(&part->flags, p + (is_64 ? 4 : 24), sizeof part->flags);
	part->offset = corehead_word(h, p + (is_64 ? 8 : 4));
	part->address = corehead_word(h, p + (is_64 ? 16 : 8));
	part->file_size = corehead_word(h, p + (is_64 ? 32 : 16));
	part->size = corehead_word(h, p + (is_64 ? 40 : 20));
	return 1;
}

static void
see_part(struct tables *t, struct loaded *m, const struct part *part,
    uint64_t data_max)
{
	uint64_t at = m->bias + part->address, len = part->size;

	switch (part->type) {
	case PT_LOAD:
		if ((part->flags & PF_W) == 0)
			break;
		len = len > data_max ? data_max : len;
		if (afford(t, len))
			pieces_want(t->pieces, at, at + len);
		break;
	case PT_DYNAMIC:
		m->dynamic = at;
		m->dynamic_len = len > DYNAMIC_MAX ? DYNAMIC_MAX : len;
		pieces_want(t->pieces, at, at + m->dynamic_len);
		break;
	case PT_NOTE:
		pieces_want(t->pieces, at,
		    at + (len > NOTES_MAX ? NOTES_MAX : len));
		break;
	case PT_GNU_EH_FRAME:
		m->header = at;
		m->header_len = len > TABLE_MAX ? 0 : len;
		if (afford(t, m->header_len))
			pieces_want(t->pieces, at, at + m->header_len);
		else
			m->header_len = 0;
		t->left_out += m->header_len == 0;
		break;
	}
}

/* What the first page of module M says is worth having. */
static void
see_module(struct tables *t, struct loaded *m)
{
	uint64_t data_max = DATA_MAX, main = corehead_auxv(t->head, AT_PHDR);
	size_t len;
	const unsigned char *first = pieces_at(t->pieces, m->start, &len);
	struct part part;
	int has_bias = 0;

	if (first == NULL || len < sizeof(Elf64_Ehdr) ||
	    memcmp(first, ELFMAG, SELFMAG) != 0 ||
	    first[EI_CLASS] != (t->head->is_64 ? ELFCLASS64 : ELFCLASS32))
		return;
	if (main >= m->start && main < m->end)
		data_max = DATA_MAIN_MAX;
	for (unsigned i = 0; get_part(t, first, len, i, &part); i++)
		if (part.type == PT_LOAD && !has_bias) {
			m->bias = m->start - (part.address - part.offset);
			has_bias = 1;
		}
	for (unsigned i = 0; get_part(t, first, len, i, &part); i++) {
		see_part(t, m, &part, data_max);
		if (part.type == PT_LOAD && m->header == 0)
			m->segment_end = m->bias + part.address +
			    part.file_size;
	}
	/* The table may come before the segment that it is in. */
	for (unsigned i = 0; get_part(t, first, len, i, &part); i++)
		if (part.type == PT_LOAD &&
		    m->header - m->bias - part.address < part.size)
			m->segment_end = m->bias + part.address + part.size;
}

/*
 * .eh_frame: the header says where it begins, and the highest of the entries in
 * the header's search table how far it goes.
 */
static void
want_frames(struct tables *t, struct loaded *m)
{
	static const unsigned char usual[4] = { 1, 0x1b, 0x03, 0x3b };
	size_t len;
	const unsigned char *at = pieces_at(t->pieces, m->header, &len);
	uint64_t begin = m->header + m->header_len, end = m->segment_end;
	uint32_t count;
	int32_t word;

	if (m->header_len < 12 || at == NULL)
		return;
	if (len > m->header_len)
		len = (size_t)m->header_len;
	if (len >= 12 && memcmp(at, usual, sizeof usual) == 0) {
		int64_t last = 0;

		memcpy(&word, at + 4, sizeof word);
		memcpy(&count, at + 8, sizeof count);
		begin = m->header + 4 + (uint64_t)(int64_t)word;
		for (size_t i = 0; i < count && 12 + (i + 1) * 8 <= len; i++) {
			memcpy(&word, at + 12 + i * 8 + 4, sizeof word);
			if (word > last || i == 0)
				last = word;
		}
		/* The longest entries are of some hundred bytes. */
		end = m->header + (uint64_t)last + t->pieces->page;
	}
	if (begin < m->start || begin >= m->end)
		return;
	if (end > m->segment_end || end < begin)
		end = m->segment_end;
	if (end <= begin)
		return;
	if (end - begin <= TABLE_MAX && afford(t, end - begin))
		pieces_want(t->pieces, begin, end);
	else
		t->left_out++;
}

static uint64_t
dynamic_value(const struct tables *t, const struct loaded *m, uint64_t tag)
{
	const struct corehead *h = t->head;
	size_t word = corehead_word_size(h);
	unsigned char row[16];

	for (uint64_t at = 0; at + 2 * word <= m->dynamic_len; at += 2 * word) {
		if (pieces_get(t->pieces, m->dynamic + at, row, 2 * word) !=
		    2 * word)
			return 0;
		if (corehead_word(h, row) == DT_NULL)
			return 0;
		if (corehead_word(h, row) == tag)
			return corehead_word(h, row + word);
	}
	return 0;
}

/* The names of its functions that it has for others: often all there are. */
static void
want_symbols(struct tables *t, const struct loaded *m)
{
	uint64_t symbols = dynamic_value(t, m, DT_SYMTAB);
	uint64_t names = dynamic_value(t, m, DT_STRTAB);
	uint64_t size = dynamic_value(t, m, DT_STRSZ);

	if (symbols == 0 || names == 0 || !m->is_on_stack)
		return;
	/* The dynamic linker has made addresses of them, for most machines. */
	symbols += symbols < m->start ? m->bias : 0;
	names += names < m->start ? m->bias : 0;
	if (symbols >= names || size > SYMBOLS_MAX ||
	    names - symbols > SYMBOLS_MAX ||
	    !afford(t, names - symbols + size))
		return;
	pieces_want(t->pieces, symbols, names);
	pieces_want(t->pieces, names, names + size);
}

/* Memory that is had now, if it was not. */
static int
get(struct tables *t, uint64_t address, void *buf, size_t len)
{
	if (pieces_get(t->pieces, address, buf, len) == len)
		return 1;
	pieces_want(t->pieces, address, address + len);
	return pieces_read(t->pieces, t->live) == 0 &&
	    pieces_get(t->pieces, address, buf, len) == len;
}

/* One list of struct link_map: l_addr, l_name, l_ld, l_next, l_prev. */
static void
follow_links(struct tables *t, uint64_t at)
{
	const struct corehead *h = t->head;
	size_t word = corehead_word_size(h);
	unsigned char entry[5 * 8];

	for (unsigned i = 0; i < LINKS_MAX && at != 0; i++) {
		if (!afford(t, t->pieces->page) ||
		    !get(t, at, entry, 5 * word))
			return;
		/* The rest of it is the linker's own, and of no use. */
		at = corehead_word(h, entry + word);
		pieces_want(t->pieces, at, at + NAME_LEN);
		at = corehead_word(h, entry + 2 * word);
		pieces_want(t->pieces, at, at + 1);
		at = corehead_word(h, entry + 3 * word);
	}
}

/* struct r_debug: its version, the list, three more words, the next one. */
static void
want_links(struct tables *t)
{
	const struct corehead *h = t->head;
	size_t word = corehead_word_size(h);
	uint64_t main = corehead_auxv(h, AT_PHDR);
	const struct loaded *m = module_at(t, main);
	uint64_t at = m == NULL ? 0 : dynamic_value(t, m, DT_DEBUG);
	unsigned char debug[6 * 8];

	for (unsigned i = 0; i < SPACES_MAX && at != 0; i++) {
		uint32_t version;

		if (!get(t, at, debug, 5 * word))
			return;
		memcpy(&version, debug, sizeof version);
		follow_links(t, corehead_word(h, debug + word));
		at = version >= 2 && get(t, at, debug, 6 * word) ?
		    corehead_word(h, debug + 5 * word) : 0;
	}
}

static int
by_use(const void *a, const void *b)
{
	const struct loaded *const *x = a, *const *y = b;

	if ((*x)->is_on_stack != (*y)->is_on_stack)
		return (*y)->is_on_stack - (*x)->is_on_stack;
	return (*x)->start < (*y)->start ? -1 : (*x)->start > (*y)->start;
}

static int
read_modules(struct tables *t, struct loaded **order)
{
	uint64_t vdso = corehead_auxv(t->head, AT_SYSINFO_EHDR);
	const struct mapping *map = live_map(t->live, vdso);

	if (map != NULL && map->inode == 0 && vdso == map->start)
		pieces_want(t->pieces, vdso, map->end < vdso + DYNAMIC_MAX ?
		    map->end : vdso + DYNAMIC_MAX);
	for (size_t i = 0; i < t->count; i++) {
		order[i] = &t->loaded[i];
		pieces_want(t->pieces, t->loaded[i].start,
		    t->loaded[i].start + 1);
	}
	qsort(order, t->count, sizeof *order, by_use);
	if (pieces_read(t->pieces, t->live) == -1)
		return -1;
	for (size_t i = 0; i < t->count; i++)
		see_module(t, order[i]);
	if (pieces_read(t->pieces, t->live) == -1)
		return -1;
	for (size_t i = 0; i < t->count; i++) {
		want_frames(t, order[i]);
		want_symbols(t, order[i]);
	}
	want_links(t);
	return pieces_read(t->pieces, t->live);
}

int
tables_read(struct tables *t, const struct corehead *h, struct pieces *p,
    struct live *l)
{
	struct loaded **order;
	int rc;

	*t = (struct tables){ .head = h, .pieces = p, .live = l,
	    .left = TABLES_MAX };
	find_modules(t);
	mark_modules(t);
	order = xcalloc(t->count + 1, sizeof *order);
	rc = read_modules(t, order);
	free(order);
	return rc;
}

void
tables_free(struct tables *t)
{
	free(t->loaded);
}
