/* SPDX-License-Identifier: ISC */
#include "corehead.h"

#include <elf.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "xalloc.h"

/* The kernel's own limit of mappings is 65,530, until somebody raises it. */
#define AREAS_MAX	(1u << 19)
#define NOTE_HEADER	12
#define NONE		255

#if BYTE_ORDER == LITTLE_ENDIAN
#define OWN_ORDER	ELFDATA2LSB
#else
#define OWN_ORDER	ELFDATA2MSB
#endif

/* As the kernel has them in NT_PRSTATUS. */
static const struct machine machines[] = {
	{ EM_X86_64, 8, 27, 16, 19, 4, 16, 21 },
	{ EM_386, 4, 17, 12, 15, 5, 0, NONE },
	{ EM_AARCH64, 8, 34, 32, 31, 29, 0, NONE },
	{ EM_ARM, 4, 18, 15, 13, 11, 0, NONE },
	{ EM_RISCV, 8, 32, 0, 2, 8, 0, NONE },
	{ EM_S390, 8, 18, 1, 17, 13, 20, NONE },
	{ EM_PPC64, 8, 48, 32, 1, 31, 64, NONE },
};

static uint64_t
get(const unsigned char *at, unsigned size)
{
	uint16_t half;
	uint32_t word;
	uint64_t wide;

	switch (size) {
	case 2:
		memcpy(&half, at, sizeof half);
		return half;
	case 4:
		memcpy(&word, at, sizeof word);
		return word;
	default:
		memcpy(&wide, at, sizeof wide);
		return wide;
	}
}

size_t
corehead_word_size(const struct corehead *h)
{
	return h->is_64 ? 8 : 4;
}

uint64_t
corehead_word(const struct corehead *h, const unsigned char *at)
{
	return get(at, h->is_64 ? 8 : 4);
}

size_t
corehead_entry_size(const struct corehead *h)
{
	return h->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

/* Returns why it is wrong, or NULL. */
static const char *
read_header(struct corehead *h)
{
	const unsigned char *p = h->bytes;
	unsigned machine;

	if (memcmp(p, ELFMAG, SELFMAG) != 0)
		return "it is no ELF file";
	h->is_64 = p[EI_CLASS] == ELFCLASS64;
	if (p[EI_DATA] != OWN_ORDER || get(p + 16, 2) != ET_CORE)
		return "it is no core of this machine";
	machine = (unsigned)get(p + 18, 2);
	for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
		if (machines[i].number == machine)
			h->machine = &machines[i];
	if (h->machine == NULL || (machine == EM_RISCV && !h->is_64) ||
	    (machine == EM_S390 && !h->is_64))
		return "the registers of its machine are not known";
	h->table = (size_t)(h->is_64 ? get(p + 32, 8) : get(p + 28, 4));
	h->count = (size_t)get(p + (h->is_64 ? 56 : 44), 2);
	if (h->table != (h->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)) ||
	    get(p + (h->is_64 ? 54 : 42), 2) != corehead_entry_size(h) ||
	    h->count < 2)
		return "the headers are not the kernel's";
	/* The notes' is the first, and says where the last ends. */
	h->need = h->table + corehead_entry_size(h);
	return NULL;
}

static void
get_area(const struct corehead *h, size_t i, uint32_t *type, struct area *a)
{
	const unsigned char *p = h->bytes + h->table +
	    i * corehead_entry_size(h);

	*type = (uint32_t)get(p, 4);
	if (h->is_64) {
		a->flags = (uint32_t)get(p + 4, 4);
		a->offset = get(p + 8, 8);
		a->start = get(p + 16, 8);
		a->file_size = get(p + 32, 8);
		a->end = get(p + 40, 8);
		a->align = get(p + 48, 8);
	} else {
		a->offset = get(p + 4, 4);
		a->start = get(p + 8, 4);
		a->file_size = get(p + 16, 4);
		a->end = get(p + 20, 4);
		a->flags = (uint32_t)get(p + 24, 4);
		a->align = get(p + 28, 4);
	}
	a->end += a->start;
}

static const char *
read_first(struct corehead *h)
{
	struct area notes;
	uint32_t type;

	get_area(h, 0, &type, &notes);
	if (h->count == PN_XNUM && notes.offset > h->table)
		h->count = (size_t)((notes.offset - h->table) /
		    corehead_entry_size(h));
	if (type != PT_NOTE || h->count < 2 || h->count > AREAS_MAX ||
	    notes.offset != h->table + h->count * corehead_entry_size(h) ||
	    notes.file_size > UINT64_MAX / 2)
		return "the headers are not the kernel's";
	h->notes = (size_t)notes.offset;
	h->notes_all = notes.file_size;
	h->notes_len = h->notes_all < HEAD_MAX ? (size_t)h->notes_all :
	    HEAD_MAX;
	h->need = h->notes + h->notes_len;
	return NULL;
}

static int
by_start(const void *a, const void *b)
{
	const struct area *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int
read_areas(struct corehead *h)
{
	uint64_t at = 0;

	h->area = xcalloc(h->count, sizeof *h->area);
	for (size_t i = 1; i < h->count; i++) {
		struct area *a = &h->area[h->areas];
		uint32_t type;

		get_area(h, i, &type, a);
		if (type != PT_LOAD || a->end < a->start ||
		    a->file_size > a->end - a->start ||
		    (i > 1 && a->offset != at) ||
		    a->file_size > UINT64_MAX / 2 - a->offset ||
		    (a->start | a->end | a->file_size) % 4096 != 0)
			return -1;
		if (i == 1)
			h->memory = a->offset;
		at = a->offset + a->file_size;
		h->areas += a->end > a->start;
	}
	if (h->memory < h->notes + h->notes_all)
		return -1;
	qsort(h->area, h->areas, sizeof *h->area, by_start);
	for (size_t i = 1; i < h->areas; i++)
		if (h->area[i].start < h->area[i - 1].end)
			return -1;
	return 0;
}

static void
read_note(struct corehead *h, uint32_t type, size_t at, size_t len)
{
	/* What comes before the registers has a few words that differ. */
	size_t before = h->is_64 ? 112 : 72;

	if (type == NT_PRSTATUS && len >= before +
	    (size_t)h->machine->count * h->machine->width) {
		xgrow(&h->thread, &h->threads_cap, h->threads,
		    sizeof *h->thread);
		h->thread[h->threads++] = at + before;
	} else if (type == NT_AUXV && h->auxv_len == 0) {
		h->auxv = at;
		h->auxv_len = len;
	}
}

/* Only whole notes are kept. */
static void
read_notes(struct corehead *h)
{
	size_t at = h->notes, end = h->notes + h->notes_len;

	while (end - at >= NOTE_HEADER) {
		const unsigned char *p = h->bytes + at;
		uint64_t name = get(p, 4), desc = get(p + 4, 4);
		uint64_t skip = NOTE_HEADER + ((name + 3) & ~UINT64_C(3));
		uint64_t size = skip + ((desc + 3) & ~UINT64_C(3));

		if (size > end - at)
			break;
		if (name == 5 && memcmp(p + NOTE_HEADER, "CORE", 5) == 0)
			read_note(h, (uint32_t)get(p + 8, 4), at + (size_t)skip,
			    (size_t)desc);
		at += (size_t)size;
	}
	h->notes_len = at - h->notes;
}

static const char *
read_rest(struct corehead *h)
{
	if (read_areas(h) == -1)
		return "the headers are not the kernel's";
	read_notes(h);
	if (h->threads == 0)
		return "no registers are in its notes";
	h->state = HEAD_WHOLE;
	return NULL;
}

static void
add(struct corehead *h, const unsigned char *bytes, size_t len)
{
	if (len > h->cap - h->len) {
		h->cap = h->len + len > h->cap * 2 ? h->len + len : h->cap * 2;
		h->bytes = xreallocarray(h->bytes, h->cap, 1);
	}
	memcpy(h->bytes + h->len, bytes, len);
	h->len += len;
}

size_t
corehead_feed(struct corehead *h, const unsigned char *bytes, size_t len)
{
	size_t used = 0;

	if (h->need == 0)
		h->need = sizeof(Elf64_Ehdr);
	while (h->state == HEAD_READING && used < len) {
		size_t n = h->need - h->len;

		if (n > len - used)
			n = len - used;
		add(h, bytes + used, n);
		used += n;
		while (h->state == HEAD_READING && h->len >= h->need) {
			h->wrong = h->table == 0 ? read_header(h) :
			    h->notes == 0 ? read_first(h) : read_rest(h);
			if (h->wrong != NULL)
				h->state = HEAD_WRONG;
		}
	}
	if (h->state == HEAD_WRONG) {
		add(h, bytes + used, len - used);
		used = len;
	}
	return used;
}

void
corehead_end(struct corehead *h)
{
	if (h->state != HEAD_READING)
		return;
	h->state = HEAD_WRONG;
	h->wrong = h->len == 0 ? "it is empty" : "its notes are cut";
}

uint64_t
corehead_register(const struct corehead *h, size_t thread, unsigned number)
{
	unsigned width = h->machine->width;

	return get(h->bytes + h->thread[thread] + (size_t)number * width,
	    width);
}

uint64_t
corehead_auxv(const struct corehead *h, uint64_t type)
{
	size_t word = corehead_word_size(h);

	for (size_t at = 0; at + 2 * word <= h->auxv_len; at += 2 * word) {
		const unsigned char *p = h->bytes + h->auxv + at;

		if (corehead_word(h, p) == type)
			return corehead_word(h, p + word);
	}
	return 0;
}

const struct area *
corehead_area(const struct corehead *h, uint64_t address)
{
	size_t i = BISECT_NOT_ABOVE(h->area, h->areas, end, address);

	return i < h->areas ? &h->area[i] : NULL;
}

void
corehead_free(struct corehead *h)
{
	free(h->bytes);
	free(h->area);
	free(h->thread);
}
