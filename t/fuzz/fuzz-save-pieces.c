/* SPDX-License-Identifier: ISC */
/*
 * Which pieces of memory are wanted, in what order, is the process's doing:
 * what is had must be what was there. The input is a machine code: areas, and
 * then what is wanted of them and when it is read, or passes.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_pieces.h"
#include "live.h"
#include "pages_fake.h"

#define AREAS	6
#define SPAN	(AREAS * 24 * FAKE_PAGE)
#define BASE	UINT64_C(0x10000)

static uint8_t memory[SPAN];		/* by address, from BASE on */
static struct area area[AREAS];
static struct mapping map[AREAS];

struct input {
	const uint8_t *at, *end;
};

static unsigned
byte(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* PAGES of them from address AT on, the first THERE with something in them. */
static void
fill(uint64_t at, size_t there, size_t pages)
{
	uint8_t *to = memory + (at - BASE);

	for (size_t i = 0; i < there * FAKE_PAGE; i++)
		to[i] = (uint8_t)(at / FAKE_PAGE + i / FAKE_PAGE + i * 7 + 1);
	memset(to + there * FAKE_PAGE, 0, (pages - there) * FAKE_PAGE);
}

/* Areas with what is mapped there; of each some pages were never touched. */
static size_t
make_areas(struct input *in, int passes)
{
	size_t n = byte(in) % AREAS + 1;
	uint64_t at = BASE, offset = FAKE_PAGE;

	for (size_t i = 0; i < n; i++) {
		unsigned kind = byte(in), pages = byte(in) % 8 + 1;
		unsigned there = byte(in) % (pages + 1);
		uint64_t end;

		at += (kind >> 4) * FAKE_PAGE;
		end = at + pages * FAKE_PAGE;
		area[i] = (struct area){ .start = at, .end = end,
		    .offset = offset, .file_size = (uint64_t)(passes ? there :
		    pages) * FAKE_PAGE };
		offset += area[i].file_size;
		map[i] = (struct mapping){ .start = at, .end = end,
		    .readable = (kind & 1) == 0, .shared = (kind & 2) != 0,
		    .inode = (kind & 4) != 0, .major = 99, .path = "" };
		pages_fake_add(at, end, memory + (at - BASE),
		    there * (size_t)FAKE_PAGE);
		fill(at, there, pages);
		at = end;
	}
	return n;
}

static uint64_t
address(struct input *in)
{
	uint64_t high = byte(in), low = byte(in);

	/* And a few that are nowhere. */
	return high == 255 ? UINT64_MAX - low : BASE + (high << 11) + (low << 5);
}

static void
want(struct input *in, struct pieces *p)
{
	uint64_t from = address(in);

	pieces_want(p, from, from + byte(in) * UINT64_C(1024));
}

/* The core, in the steps that the input says; up to CUT. */
static void
pass(struct input *in, struct pieces *p, size_t areas, uint64_t cut)
{
	for (size_t i = 0; i < areas; i++) {
		uint64_t done = 0;

		while (done < area[i].file_size &&
		    area[i].offset + done < cut) {
			uint64_t n = byte(in) * UINT64_C(64) + 1;

			if (n > area[i].file_size - done)
				n = area[i].file_size - done;
			if (n > cut - area[i].offset - done)
				n = cut - area[i].offset - done;
			pieces_pass(p, area[i].offset + done, memory +
			    (area[i].start - BASE) + done, (size_t)n);
			done += n;
		}
	}
}

static void
check(const struct pieces *p)
{
	fuzz_pieces(p);
	for (size_t i = 0; i < p->count; i++) {
		const struct piece *piece = &p->piece[i];
		size_t len = (size_t)(piece->end - piece->start), had;

		if (len == 0)
			continue;
		if (pieces_at(p, piece->start, &had) != piece->data ||
		    had != len)
			abort();
		if (!pages_fake_refused() && memcmp(piece->data, memory +
		    (piece->start - BASE), len) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct process process = { .dir = -1 };
	struct input in = { data, data + size };
	unsigned how = byte(&in);
	int passes = how & 1;
	struct corehead head = { .area = area };
	struct live live = { .map = map, .process = &process, .file.fd = -1,
	    .pages.size = FAKE_PAGE };
	struct pieces p;
	uint64_t cut;

	pages_fake_begin(how >> 2);
	head.areas = live.map_count = make_areas(&in, passes);
	pieces_init(&p, &head);
	for (int i = 0; i < 200 && in.at < in.end; i++) {
		if (byte(&in) % 4 > 0 || passes)
			want(&in, &p);
		else if (pieces_read(&p, &live) == -1 && !pages_fake_refused())
			abort();
	}
	if (passes) {
		cut = (how & 2) == 0 ? UINT64_MAX :
		    byte(&in) * UINT64_C(256) + byte(&in);
		pieces_expect(&p);
		in = (struct input){ data, data + size };
		pass(&in, &p, head.areas, cut);
		pieces_cut(&p, cut);
	} else
		pieces_read(&p, &live);
	check(&p);
	pieces_free(&p);
	fuzz_forget();
	return 0;
}
