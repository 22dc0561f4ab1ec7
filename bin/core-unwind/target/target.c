/* SPDX-License-Identifier: ISC */
#include "target/target.h"

#include <byteswap.h>
#include <string.h>

#include "bisect.h"
#include "io.h"
#include "target/arch.h"
#include "target/source.h"

int
target_is_little(const struct target *t)
{
	const uint16_t one = 1;

	return (*(const unsigned char *)&one == 1) != t->swapped;
}

uint16_t
target_u16(const struct target *t, const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return t->swapped ? bswap_16(v) : v;
}

uint32_t
target_u32(const struct target *t, const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return t->swapped ? bswap_32(v) : v;
}

uint64_t
target_u64(const struct target *t, const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return t->swapped ? bswap_64(v) : v;
}

uint64_t
target_uword(const struct target *t, const void *p)
{
	return t->is64 ? target_u64(t, p) : target_u32(t, p);
}

const struct segment *
target_segment(const struct target *t, uint64_t address)
{
	return BISECT_WITHIN(t->segments, t->nsegments, start, end,
	    address);
}

const struct mapping *
target_mapping(const struct target *t, uint64_t address)
{
	return BISECT_WITHIN(t->mappings, t->nmappings, start, end,
	    address);
}

static size_t
read_chunks(const struct target *t, uint64_t address, void *buf, size_t len)
{
	size_t n, i = BISECT_NOT_ABOVE(t->chunks, t->nchunks, start, address);
	const struct chunk *c;

	if (i == 0)
		return 0;
	c = &t->chunks[i - 1];
	if (address - c->start >= c->len)
		return 0;
	n = c->len - (size_t)(address - c->start);
	if (n > len)
		n = len;
	memcpy(buf, c->bytes + (address - c->start), n);
	return n;
}

size_t
target_read(struct target *t, uint64_t address, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const struct segment *s;
		uint64_t at = address + done, into;
		size_t n = read_chunks(t, at, (char *)buf + done, len - done);

		if (n > 0) {
			done += n;
			continue;
		}
		s = target_segment(t, at);
		if (s == NULL || at < address)
			break;
		n = len - done;
		if (n > s->end - at)
			n = (size_t)(s->end - at);
		if (t->source == NULL) {
			ssize_t got = io_pread(t->memory_fd,
			    (char *)buf + done, n, (off_t)at);

			if (got <= 0)
				break;
			done += (size_t)got;
			continue;
		}
		into = at - s->start;
		if (into >= s->file_size)
			break;
		if (n > s->file_size - into)
			n = (size_t)(s->file_size - into);
		n = source_read(t->source, s->file_offset + into,
		    (char *)buf + done, n);
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

size_t
target_read_sparse(struct target *t, uint64_t address, void *buf, size_t len)
{
	size_t done = 0, have = 0;

	while (done < len) {
		size_t n = target_read(t, address + done, (char *)buf + done,
		    len - done);
		uint64_t at = address + done + n, next;
		const struct segment *s = target_segment(t, at);

		have += n;
		next = s != NULL ? s->end : at - at % 4096 + 4096;
		if (next - address >= len)
			break;
		done = (size_t)(next - address);
	}
	return have;
}

static int
is_in_window(const struct window *w, uint64_t address, size_t size)
{
	uint64_t into = address - w->start;

	return into < w->len && size <= w->len - into;
}

/* A live process's memory goes on changing: nothing of it is kept. */
static int
read_word(struct target *t, uint64_t address, size_t size, uint64_t *value)
{
	struct window *w = &t->window;
	unsigned char buf[8];
	const unsigned char *at = buf;

	if (!is_in_window(w, address, size) && t->source != NULL) {
		w->start = address & ~(uint64_t)(WINDOW_SIZE - 1);
		w->len = target_read(t, w->start, w->bytes, WINDOW_SIZE);
	}
	if (is_in_window(w, address, size))
		at = w->bytes + (address - w->start);
	else if (target_read(t, address, buf, size) != size)
		return -1;
	*value = size == 8 ? target_u64(t, at) : target_u32(t, at);
	return 0;
}

int
target_word(struct target *t, uint64_t address, uint64_t *value)
{
	return read_word(t, address, t->is64 ? 8 : 4, value);
}

int
target_slot(struct target *t, uint64_t address, uint64_t *value)
{
	return read_word(t, address, t->arch->word, value);
}
