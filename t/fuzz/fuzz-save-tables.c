/* SPDX-License-Identifier: ISC */
/*
 * Unwind tables, symbols and link maps of a process that made all of them up.
 * The input: what is mapped where, a few registers, and then the memory.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_pieces.h"
#include "live.h"
#include "pages_fake.h"
#include "tables.h"
#include "xalloc.h"

#define MAPS	8
#define BASE	UINT64_C(0x400000)

/* As the kernel has x86-64's; those of 4 bytes are nobody's. */
static const struct machine machines[2] = {
	{ EM_386, 4, 3, 0, 1, 2, 0, 255 }, { EM_X86_64, 8, 3, 0, 1, 2, 16, 255 }
};

struct process_input {
	uint8_t flags, maps;
	struct {
		uint8_t gap, pages, kind, offset, len[2];
	} map[MAPS];
	uint8_t word[3 + 4][8];		/* pc, sp, fp; two rows of auxv */
};

static struct area area[MAPS];
static struct mapping map[MAPS];

static void
make_maps(const struct process_input *in, size_t n, const uint8_t *memory,
    size_t size)
{
	uint64_t at = BASE;

	for (size_t i = 0; i < n; i++) {
		unsigned kind = in->map[i].kind;
		size_t len = (in->map[i].len[0] | (size_t)in->map[i].len[1]
		    << 8);
		uint64_t end;

		at += in->map[i].gap * (uint64_t)FAKE_PAGE;
		end = at + (in->map[i].pages % 32 + 1) * FAKE_PAGE;
		area[i] = (struct area){ .start = at, .end = end,
		    .file_size = end - at };
		map[i] = (struct mapping){ .start = at, .end = end,
		    .offset = in->map[i].offset * (uint64_t)FAKE_PAGE,
		    .readable = (kind & 1) == 0, .executable = (kind >> 1) & 1,
		    .shared = (kind & 12) == 12, .inode = kind >> 4 & 3,
		    .path = "" };
		len = len < size ? len : size;
		pages_fake_add(at, end, memory, len);
		memory += len;
		size -= len;
		at = end;
	}
}

/* All that tables.c takes of the beginning of a core. */
static void
make_head(struct corehead *h, const struct process_input *in)
{
	size_t width = (in->flags & 1) != 0 ? 8 : 4;

	h->state = HEAD_WHOLE;
	h->is_64 = width == 8;
	h->machine = &machines[h->is_64];
	h->bytes = xcalloc(7, width);
	for (size_t i = 0; i < 7; i++)
		memcpy(h->bytes + i * width, in->word[i], width);
	h->thread = xcalloc(1, sizeof *h->thread);
	h->threads = 1;
	h->auxv = 3 * width;
	h->auxv_len = 4 * width;
	h->area = area;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct process process = { .dir = -1 };
	struct process_input in;
	struct corehead head = { .state = HEAD_READING };
	struct live live = { .map = map, .process = &process, .file.fd = -1,
	    .pages.size = FAKE_PAGE };
	struct pieces p;
	struct tables t;
	uint64_t sp;

	if (size < sizeof in)
		return 0;
	memcpy(&in, data, sizeof in);
	pages_fake_begin(in.flags >> 4);
	head.areas = live.map_count = in.maps % MAPS + 1;
	make_maps(&in, live.map_count, data + sizeof in, size - sizeof in);
	make_head(&head, &in);
	pieces_init(&p, &head);
	sp = corehead_register(&head, 0, head.machine->sp);
	pieces_want(&p, sp, sp + FAKE_PAGE);
	if (pieces_read(&p, &live) == 0 &&
	    tables_read(&t, &head, &p, &live) == 0) {
		fuzz_pieces(&p);
		if (t.left > TABLES_MAX || t.count > live.map_count)
			abort();
		tables_free(&t);
	}
	pieces_free(&p);
	fuzz_forget();
	return 0;
}
