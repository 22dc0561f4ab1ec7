/* SPDX-License-Identifier: ISC */
#include "choose.h"

#include <elf.h>
#include <string.h>

/* The stack of the thread that crashed: all of one of the usual size. */
#define CRASHED_MAX	((UINT64_C(8) << 20) + (UINT64_C(128) << 10))
#define CRASHED_INNER	(UINT64_C(6) << 20)
#define CRASHED_OUTER	(UINT64_C(1) << 20)

/* Those of all the others together, and of one, and of one of very many. */
#define OTHERS_MAX	(UINT64_C(48) << 20)
#define OTHER_MAX	(UINT64_C(256) << 10)
#define OTHER_MIN	(UINT64_C(16) << 10)

/* How far below its mapping an overflown stack's pointer can be. */
#define OVERFLOW_MAX	(UINT64_C(16) << 20)

#define AROUND		256u		/* bytes of what is pointed at */
#define WORDS_CRASHED	512		/* that are looked at */
#define WORDS_OTHER	32
#define WORDS_SIGNAL	8192

void
choice_init(struct choice *c, const struct corehead *h, struct pieces *p)
{
	*c = (struct choice){ .head = h, .pieces = p,
	    .stack_left = OTHERS_MAX };
}

static uint64_t
stack_pointer(const struct choice *c, size_t thread)
{
	const struct machine *m = c->head->machine;
	uint64_t sp = corehead_register(c->head, thread, m->sp);
	uint64_t zone = (uint64_t)m->red_zone * corehead_word_size(c->head);

	return sp > zone ? sp - zone : sp;
}

/*
 * The area of a stack whose pointer is SP. Of one that has overflown it points
 * below, into a guard or into nothing.
 */
static const struct area *
stack_area(const struct choice *c, uint64_t sp)
{
	const struct corehead *h = c->head;
	const struct area *a = corehead_area(h, sp);

	for (; a != NULL && a < h->area + h->areas; a++) {
		if (a->start > sp && a->start - sp > OVERFLOW_MAX)
			return NULL;
		if ((a->flags & (PF_R | PF_W)) == (PF_R | PF_W))
			return a;
	}
	return NULL;
}

/*
 * The stack above SP: all of it when it is no more than MAX, else its INNER
 * and OUTER ends. Returns how much that is.
 */
static uint64_t
want_stack(struct choice *c, uint64_t sp, uint64_t max, uint64_t inner,
    uint64_t outer)
{
	const struct area *a = stack_area(c, sp);
	uint64_t start;

	if (a == NULL)
		return 0;
	start = a->start > sp ? a->start : sp;
	start -= start % c->pieces->page;
	if (a->end - start <= max) {
		pieces_want(c->pieces, start, a->end);
		return a->end - start;
	}
	pieces_want(c->pieces, start, start + inner);
	pieces_want(c->pieces, a->end - outer, a->end);
	return inner + outer;
}

void
choose_stacks(struct choice *c)
{
	size_t others = c->head->threads - 1;
	uint64_t each = OTHER_MAX;

	if (want_stack(c, stack_pointer(c, 0), CRASHED_MAX, CRASHED_INNER,
	    CRASHED_OUTER) == CRASHED_INNER + CRASHED_OUTER)
		c->cut = 1;
	if (others > 0 && OTHERS_MAX / others < each)
		each = OTHERS_MAX / others;
	each -= each % OTHER_MIN;
	if (each < OTHER_MIN)
		each = OTHER_MIN;
	for (size_t i = 1; i <= others; i++) {
		uint64_t n;

		if (c->stack_left < each) {
			c->threads_left_out = others - i + 1;
			return;
		}
		n = want_stack(c, stack_pointer(c, i), each, each / 4 * 3,
		    each / 4);
		c->stack_left -= n;
	}
}

/* Has this page been wanted before? It has been now. */
static int
was_wanted(struct choice *c, uint64_t page)
{
	size_t i = (size_t)(page * UINT64_C(0x9e3779b97f4a7c15) >> 48) %
	    POINTED_ROOM;

	while (c->page[i] != 0 && c->page[i] != page)
		i = (i + 1) % POINTED_ROOM;
	if (c->page[i] == page)
		return 1;
	c->page[i] = page;
	return 0;
}

/* What is at ADDRESS and shortly before and after it. */
static void
want_around(struct choice *c, uint64_t address)
{
	size_t page = c->pieces->page, n;
	uint64_t start = address > AROUND ? address - AROUND : 0;
	uint64_t end = address < UINT64_MAX - AROUND ? address + AROUND :
	    address;
	const struct area *a = corehead_area(c->head, address);

	if (a == NULL || a->start > address || (a->flags & PF_R) == 0)
		return;
	start = start < a->start ? a->start : start;
	end = end > a->end ? a->end : end;
	for (start -= start % page; start < end; start += page) {
		if (c->pages == POINTED_MAX)
			return;
		if (pieces_at(c->pieces, start, &n) != NULL ||
		    was_wanted(c, start))
			continue;
		pieces_want(c->pieces, start, start + 1);
		c->pages++;
	}
}

void
choose_registers(struct choice *c)
{
	for (size_t i = 0; i < c->head->threads; i++)
		for (unsigned n = 0; n < c->head->machine->count; n++)
			want_around(c, corehead_register(c->head, i, n));
}

/*
 * A handler that runs on a stack of its own: the kernel has put below it where
 * that stack is, and then the registers of what was interrupted, on another.
 */
static void
choose_interrupted(struct choice *c, const unsigned char *at, size_t words,
    uint64_t sp)
{
	const struct corehead *h = c->head;

	if (h->machine->number != EM_X86_64 || !h->is_64)
		return;
	/* uc_stack: base, flags, size; the 16th register is the stack pointer. */
	for (size_t i = 0; i + 20 <= words; i++, at += 8) {
		uint64_t base = corehead_word(h, at);
		uint64_t size = corehead_word(h, at + 16);
		uint64_t old = corehead_word(h, at + 18 * 8);

		if (base == 0 || sp < base || sp - base >= size ||
		    size > CRASHED_MAX || (old >= base && old - base < size))
			continue;
		want_stack(c, old - 128, CRASHED_MAX, CRASHED_INNER,
		    CRASHED_OUTER);
		for (size_t n = 3; n < 20; n++)
			want_around(c, corehead_word(h, at + n * 8));
		return;
	}
}

static void
choose_words_of(struct choice *c, size_t thread, size_t most)
{
	const struct corehead *h = c->head;
	uint64_t sp = stack_pointer(c, thread);
	const struct area *a = stack_area(c, sp);
	size_t word = corehead_word_size(h), len, words;
	const unsigned char *at;

	if (a == NULL)
		return;
	if (a->start > sp)
		sp = a->start;
	sp -= sp % word;
	at = pieces_at(c->pieces, sp, &len);
	if (at == NULL)
		return;
	words = len / word;
	for (size_t i = 0; i < words && i < most; i++)
		want_around(c, corehead_word(h, at + i * word));
	if (thread == 0)
		choose_interrupted(c, at, words < WORDS_SIGNAL ? words :
		    WORDS_SIGNAL, sp);
}

void
choose_words(struct choice *c)
{
	for (size_t i = 0; i < c->head->threads; i++)
		choose_words_of(c, i, i == 0 ? WORDS_CRASHED : WORDS_OTHER);
}
