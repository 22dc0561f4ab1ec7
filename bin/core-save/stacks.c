/* SPDX-License-Identifier: ISC */
#include "stacks.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>

#include "choose.h"
#include "corehead.h"
#include "corewrite.h"
#include "live.h"
#include "pieces.h"
#include "tables.h"
#include "xalloc.h"

/* What is cut out of a stream for its size: a mapping, and all of them. */
#define SMALL_MAX	(UINT64_C(256) << 10)
#define SMALLS_MAX	(UINT64_C(16) << 20)

struct stacks {
	struct corehead head;
	struct pieces pieces;
	struct choice choice;
	struct tables tables;
	uint64_t seen;		/* bytes of the core */
	int is_planned;		/* what to cut out of the stream is known */
	int is_live, is_done, is_cut;
};

struct stacks *
stacks_new(void)
{
	struct stacks *k = xcalloc(1, sizeof *k);

	pieces_init(&k->pieces, &k->head);
	choice_init(&k->choice, &k->head, &k->pieces);
	return k;
}

/*
 * Without the process's memory at hand what is pointed at by memory is not
 * known; but small mappings are the data of modules, for the most part, and
 * their first pages.
 */
static void
plan_stream(struct stacks *k)
{
	const struct corehead *h = &k->head;
	uint64_t vdso = corehead_auxv(h, AT_SYSINFO_EHDR);
	uint64_t left = SMALLS_MAX;

	choose_stacks(&k->choice);
	choose_registers(&k->choice);
	pieces_want(&k->pieces, vdso, vdso + 1);
	for (size_t i = 0; i < h->areas; i++) {
		const struct area *a = &h->area[i];

		if (a->file_size > 0 && a->file_size <= SMALL_MAX &&
		    a->file_size <= left) {
			left -= a->file_size;
			pieces_want(&k->pieces, a->start,
			    a->start + a->file_size);
		}
	}
	pieces_expect(&k->pieces);
	k->is_planned = 1;
}

void
stacks_feed(struct stacks *k, const unsigned char *bytes, size_t len)
{
	const struct corehead *h = &k->head;
	size_t used = 0;

	if (k->is_done)
		return;
	if (h->state != HEAD_WHOLE)
		used = corehead_feed(&k->head, bytes, len);
	k->seen += used;
	/* To begin with, notes that are too many, and what rounds them up. */
	if (h->state == HEAD_WHOLE && k->seen < h->memory) {
		size_t rest = len - used;

		if (rest > h->memory - k->seen)
			rest = (size_t)(h->memory - k->seen);
		used += rest;
		k->seen += rest;
	}
	if (used == len)
		return;
	if (!k->is_planned)
		plan_stream(k);
	if (!pieces_pass(&k->pieces, k->seen, bytes + used, len - used))
		k->is_done = 1;
	k->seen += len - used;
	if (k->is_done)
		pieces_cut(&k->pieces, k->seen);
}

int
stacks_wants(const struct stacks *k)
{
	return !k->is_done;
}

void
stacks_end(struct stacks *k)
{
	corehead_end(&k->head);
	if (k->head.state != HEAD_WHOLE || k->is_done)
		return;
	if (!k->is_planned)
		plan_stream(k);
	pieces_cut(&k->pieces, k->seen);
	k->is_done = k->is_cut = 1;
}

const char *
stacks_refused(const struct stacks *k, const unsigned char **bytes, size_t *len)
{
	if (k->head.state != HEAD_WRONG)
		return NULL;
	*bytes = k->head.bytes;
	*len = k->head.len;
	return k->head.wrong;
}

static int
read_memory(struct stacks *k, struct live *l)
{
	choose_stacks(&k->choice);
	choose_registers(&k->choice);
	if (pieces_read(&k->pieces, l) == -1)
		return -1;
	choose_words(&k->choice);
	if (pieces_read(&k->pieces, l) == -1)
		return -1;
	return tables_read(&k->tables, &k->head, &k->pieces, l);
}

int
stacks_read(struct stacks *k, struct live *l)
{
	int rc;

	if (k->head.state != HEAD_WHOLE) {
		errno = EINVAL;
		return -1;
	}
	rc = read_memory(k, l);
	/* Memory that was taken away under our hands looks as if never used. */
	if (rc == 0 && !live_is_held(l)) {
		errno = ESRCH;
		rc = -1;
	}
	if (rc == 0) {
		k->is_live = k->is_done = 1;
		return 0;
	}
	rc = errno;
	pieces_free(&k->pieces);
	pieces_init(&k->pieces, &k->head);
	choice_init(&k->choice, &k->head, &k->pieces);
	errno = rc;
	return -1;
}

int
stacks_is_live(const struct stacks *k)
{
	return k->is_live;
}

int
stacks_is_cut(const struct stacks *k)
{
	return k->is_cut;
}

uint64_t
stacks_size(const struct stacks *k)
{
	uint64_t size = k->head.len;

	for (size_t i = 0; i < k->pieces.count; i++)
		size += k->pieces.piece[i].end - k->pieces.piece[i].start;
	return size;
}

const unsigned char *
stacks_head(const struct stacks *k, size_t *len)
{
	*len = k->head.len;
	return k->head.bytes;
}

void
stacks_missing(const struct stacks *k, struct missing *m)
{
	const struct corehead *h = &k->head;

	if (h->notes_len < h->notes_all)
		missing_note(m, "stacks: notes beyond %u MiB", HEAD_MAX >> 20);
	if (k->choice.cut)
		missing_note(m, "stacks: the middle of the crashed thread's "
		    "stack");
	if (k->choice.threads_left_out > 0)
		missing_note(m, "stacks: those of %zu of %zu threads",
		    k->choice.threads_left_out, h->threads);
	if (!k->is_live)
		missing_note(m, "stacks: unwind tables, and what only memory "
		    "points at: not read from the process");
	else if (k->tables.left_out > 0)
		missing_note(m, "stacks: unwind tables of %zu modules, for "
		    "their size", k->tables.left_out);
}

int
stacks_write(struct stacks *k, struct pack *p, int level, uint64_t limit)
{
	return corewrite(&k->head, &k->pieces, p, level, limit);
}

void
stacks_free(struct stacks *k)
{
	tables_free(&k->tables);
	pieces_free(&k->pieces);
	corehead_free(&k->head);
	free(k);
}
