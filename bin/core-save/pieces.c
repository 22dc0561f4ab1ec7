/* SPDX-License-Identifier: ISC */
#include "pieces.h"

#include <sys/mman.h>

#include <elf.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "exits.h"
#include "live.h"
#include "xalloc.h"

#define ARENA_SIZE	(8u << 20)
#define POPULATE_MIN	(256 << 10)

/* Of Linux 5.14; refused before that, and no matter. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

void
pieces_init(struct pieces *p, const struct corehead *h)
{
	*p = (struct pieces){ .head = h,
	    .page = (size_t)sysconf(_SC_PAGESIZE) };
}

void
pieces_want(struct pieces *p, uint64_t start, uint64_t end)
{
	const struct corehead *h = p->head;
	const struct area *a = corehead_area(h, start);

	start -= start % p->page;
	end = end > UINT64_MAX - p->page ? UINT64_MAX - p->page : end;
	end += (p->page - end % p->page) % p->page;
	for (; a != NULL && a < h->area + h->areas && a->start < end; a++) {
		struct range r = { a->start > start ? a->start : start,
		    a->end < end ? a->end : end };

		if (r.start >= r.end)
			continue;
		xgrow(&p->wanted, &p->wants_cap, p->wants, sizeof *p->wanted);
		p->wanted[p->wants++] = r;
	}
}

static int
by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int
piece_by_start(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* What is wanted and not had yet, in order and apart; never across areas. */
static void
settle_wants(struct pieces *p)
{
	struct range *from = p->wanted;
	size_t count = p->wants, had = 0, cap = 0;
	uint64_t at = 0;

	if (count == 0)
		return;
	qsort(from, count, sizeof *from, by_start);
	p->wanted = NULL;
	p->wants = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t end = from[i].end;

		if (from[i].start > at)
			at = from[i].start;
		while (at < end) {
			struct range r = { at, end };

			while (had < p->count && p->piece[had].end <= at)
				had++;
			if (had < p->count && p->piece[had].start <= at) {
				at = p->piece[had].end;
				continue;
			}
			if (had < p->count && p->piece[had].start < end)
				r.end = p->piece[had].start;
			xgrow(&p->wanted, &cap, p->wants, sizeof r);
			p->wanted[p->wants++] = r;
			at = r.end;
		}
	}
	p->wants_cap = cap;
	free(from);
}

/*
 * Room was taken from FROM on: to touch it all at once costs a third of what it
 * costs to fault it in page by page.
 */
static void
populate(const struct pieces *p, const struct arena *arena,
    unsigned char *from)
{
	if (arena != p->arenas)
		from = (unsigned char *)p->arenas + p->page;
	if (p->arenas != NULL && p->arena - from >= POPULATE_MIN)
		(void)madvise(from, (size_t)(p->arena - from),
		    MADV_POPULATE_WRITE);
}

/* LEN bytes of zeros, as long as the pieces. */
static unsigned char *
take_room(struct pieces *p, size_t len)
{
	unsigned char *room;

	if (len > p->arena_left) {
		size_t size = len + p->page > ARENA_SIZE ?
		    len + p->page : ARENA_SIZE;
		struct arena *arena = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (arena == MAP_FAILED)
			err(EXIT_REFUSED, "allocate memory");
		arena->next = p->arenas;
		arena->size = size;
		p->arenas = arena;
		p->arena = (unsigned char *)arena + p->page;
		p->arena_left = size - p->page;
	}
	room = p->arena;
	p->arena += len;
	p->arena_left -= len;
	return room;
}

static void
add_piece(struct pieces *p, uint64_t start, uint64_t end, unsigned char *data)
{
	struct piece *piece;

	if (start == end)
		return;
	xgrow(&p->piece, &p->cap, p->count, sizeof *p->piece);
	piece = &p->piece[p->count++];
	piece->start = start;
	piece->end = end;
	piece->offset = 0;
	piece->data = data;
}

static void
add_read(struct pieces *p, uint64_t start, uint64_t end, unsigned char *data)
{
	xgrow(&p->from, &p->from_cap, p->reads, sizeof *p->from);
	xgrow(&p->to, &p->reads_cap, p->reads, sizeof *p->to);
	p->from[p->reads].iov_base = (void *)(uintptr_t)start;
	p->to[p->reads].iov_base = data;
	p->from[p->reads].iov_len = p->to[p->reads].iov_len =
	    (size_t)(end - start);
	p->reads++;
}

/*
 * The pages that are in memory. DATA holds what the others are, and they belong
 * to the piece; of somebody else's file it is NULL, and they do not.
 */
static int
plan_present(struct pieces *p, struct live *l, const struct range *r,
    unsigned char *data)
{
	int is_whole = data != NULL;
	uint64_t start, end;
	int rc;

	if (!is_whole)
		data = take_room(p, (size_t)(r->end - r->start));
	pages_range(&l->pages, r->start, r->end);
	while ((rc = pages_next(&l->pages, &start, &end)) == 1) {
		if (start < r->start || end > r->end ||
		    (l->pages.is_swapped && pages_userfault(&l->pages,
		    start) != 0))
			continue;
		add_read(p, start, end, data + (start - r->start));
		if (!is_whole)
			add_piece(p, start, end, data + (start - r->start));
	}
	if (is_whole)
		add_piece(p, r->start, r->end, data);
	return rc;
}

/* Those of a file in memory that are not mapped are read from it. */
static int
plan_file(struct pieces *p, struct live *l, const struct mapping *map,
    const struct range *r)
{
	unsigned char *data;

	if (l->file.map != map)
		(void)shmem_open(&l->file, l->process, map);
	if (l->file.fd == -1)
		return plan_present(p, l, r, NULL);
	data = take_room(p, (size_t)(r->end - r->start));
	if (shmem_read(&l->file, r->start, data,
	    (size_t)(r->end - r->start)) == -1)
		data = NULL;
	return plan_present(p, l, r, data);
}

/* What to read for what is wanted of one area. */
static int
plan(struct pieces *p, struct live *l, const struct range *r)
{
	const struct mapping *map = live_map(l, r->start);

	/* What the process itself may not read is a guard, most of the time. */
	if (map == NULL || !map->readable || r->end > map->end)
		return 0;
	switch (live_absent(l, map)) {
	case ABSENT_ZERO:
		return plan_present(p, l, r,
		    take_room(p, (size_t)(r->end - r->start)));
	case ABSENT_FILE:
		return plan_file(p, l, map, r);
	case ABSENT_DOUBT:
		return plan_present(p, l, r, NULL);
	case ABSENT_FETCH:
		break;
	}
	add_piece(p, r->start, r->end,
	    take_room(p, (size_t)(r->end - r->start)));
	add_read(p, r->start, r->end, p->piece[p->count - 1].data);
	return 0;
}

/*
 * The page at ADDRESS cannot be read: past the end of its file, most likely,
 * as are those after it.
 */
static void
leave_out(struct pieces *p, uint64_t address)
{
	size_t i = pieces_find(p, address);

	address -= address % p->page;
	if (i < p->count && p->piece[i].start <= address)
		p->piece[i].end = address;
}

static int
read_planned(struct pieces *p, struct live *l)
{
	size_t i = 0;

	while (i < p->reads) {
		ssize_t n = pages_readv(&l->pages, p->to + i, p->from + i,
		    p->reads - i);

		if (n == -1)
			return -1;
		if (n == 0) {
			leave_out(p, (uintptr_t)p->from[i++].iov_base);
			continue;
		}
		while (i < p->reads && (size_t)n >= p->from[i].iov_len)
			n -= (ssize_t)p->from[i++].iov_len;
		if (n == 0)
			continue;
		/* The rest may be had the next time, or is refused then. */
		p->from[i].iov_base = (char *)p->from[i].iov_base + n;
		p->to[i].iov_base = (char *)p->to[i].iov_base + n;
		p->from[i].iov_len -= (size_t)n;
		p->to[i].iov_len -= (size_t)n;
	}
	return 0;
}

/* Those from OLD on are new, and in order by themselves. */
static void
merge(struct pieces *p, size_t old)
{
	size_t fresh = p->count - old, at = p->count;
	struct piece *from;

	if (fresh == 0)
		return;
	from = xreallocarray(NULL, fresh, sizeof *from);
	memcpy(from, p->piece + old, fresh * sizeof *from);
	while (fresh > 0) {
		if (old > 0 && p->piece[old - 1].start > from[fresh - 1].start)
			p->piece[--at] = p->piece[--old];
		else
			p->piece[--at] = from[--fresh];
	}
	free(from);
}

int
pieces_read(struct pieces *p, struct live *l)
{
	const struct arena *arena = p->arenas;
	unsigned char *room = p->arena;
	size_t old = p->count;
	int rc = 0;

	settle_wants(p);
	p->reads = 0;
	for (size_t i = 0; i < p->wants && rc == 0; i++)
		rc = plan(p, l, &p->wanted[i]);
	p->wants = 0;
	merge(p, old);
	populate(p, arena, room);
	return rc == -1 ? -1 : read_planned(p, l);
}

static int
piece_by_offset(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

void
pieces_expect(struct pieces *p)
{
	settle_wants(p);
	for (size_t i = 0; i < p->wants; i++) {
		struct range r = p->wanted[i];
		const struct area *a = corehead_area(p->head, r.start);

		if (r.end > a->start + a->file_size)
			r.end = a->start + a->file_size;
		if (r.start >= r.end)
			continue;
		add_piece(p, r.start, r.end,
		    take_room(p, (size_t)(r.end - r.start)));
		p->piece[p->count - 1].offset = a->offset + (r.start - a->start);
	}
	p->wants = 0;
	/* Without any there is no array to sort. */
	if (p->count > 0)
		qsort(p->piece, p->count, sizeof *p->piece, piece_by_offset);
}

int
pieces_pass(struct pieces *p, uint64_t offset, const unsigned char *bytes,
    size_t len)
{
	for (; p->passing < p->count; p->passing++) {
		const struct piece *piece = &p->piece[p->passing];
		uint64_t end = piece->offset + (piece->end - piece->start);
		uint64_t from = piece->offset > offset ? piece->offset : offset;
		uint64_t to = end < offset + len ? end : offset + len;

		if (from < to)
			memcpy(piece->data + (from - piece->offset),
			    bytes + (from - offset), (size_t)(to - from));
		if (end > offset + len)
			break;
	}
	return p->passing < p->count;
}

void
pieces_cut(struct pieces *p, uint64_t offset)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct piece piece = p->piece[i];
		uint64_t left = piece.offset < offset ?
		    offset - piece.offset : 0;

		left -= left % p->page;
		if (left < piece.end - piece.start)
			piece.end = piece.start + left;
		if (piece.start < piece.end)
			p->piece[kept++] = piece;
	}
	p->count = kept;
	if (p->count > 0)
		qsort(p->piece, p->count, sizeof *p->piece, piece_by_start);
}

size_t
pieces_find(const struct pieces *p, uint64_t address)
{
	return BISECT_NOT_ABOVE(p->piece, p->count, end, address);
}

const unsigned char *
pieces_at(const struct pieces *p, uint64_t address, size_t *len)
{
	size_t i = pieces_find(p, address);
	const struct piece *piece;

	*len = 0;
	if (i == p->count || p->piece[i].start > address)
		return NULL;
	piece = &p->piece[i];
	*len = (size_t)(piece->end - address);
	return piece->data + (address - piece->start);
}

size_t
pieces_get(const struct pieces *p, uint64_t address, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t n;
		const unsigned char *from = pieces_at(p, address + done, &n);

		if (from == NULL)
			break;
		if (n > len - done)
			n = len - done;
		memcpy((char *)buf + done, from, n);
		done += n;
	}
	return done;
}

void
pieces_free(struct pieces *p)
{
	while (p->arenas != NULL) {
		struct arena *arena = p->arenas;

		p->arenas = arena->next;
		munmap(arena, arena->size);
	}
	free(p->piece);
	free(p->wanted);
	free(p->from);
	free(p->to);
}
