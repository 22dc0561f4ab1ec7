/* SPDX-License-Identifier: ISC */
#include "hold.h"

#include <sys/mman.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exits.h"
#include "xalloc.h"

/* A huge page on most machines, and two blocks. */
#define SLOT_SIZE	(2u << 20)

/* These are had without asking: less would be no stream at all. */
#define SLOTS_MIN	8

struct slot {
	struct slot *next;
	unsigned char *memory;
	size_t used;
	unsigned users;		/* frames, and the reader */
};

void
hold_init(struct hold *h, struct ram *ram)
{
	size_t size = ram->limit < SIZE_MAX / 4 ? (size_t)ram->limit :
	    SIZE_MAX / 4;
	void *memory = MAP_FAILED;
	pthread_condattr_t attr;

	*h = (struct hold){ .lock = PTHREAD_MUTEX_INITIALIZER,
	    .queued = PTHREAD_COND_INITIALIZER,
	    .done = PTHREAD_COND_INITIALIZER, .ram = ram };
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->freed, &attr);
	/* Only addresses; a machine may be strict about those too. */
	for (size = size / SLOT_SIZE + SLOTS_MIN; memory == MAP_FAILED;
	    size /= 2) {
		if (size < SLOTS_MIN)
			err(EXIT_REFUSED, "allocate memory");
		h->slots_max = size;
		h->reserved = (size + 1) * SLOT_SIZE;
		memory = mmap(NULL, h->reserved, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	}
	h->memory = memory;
}

void
hold_release(struct hold *h)
{
	while (h->unused != NULL) {
		struct slot *slot = h->unused;

		h->unused = slot->next;
		free(slot);
	}
	munmap(h->memory, h->reserved);
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Touch the memory of a slot, with the pages that have cost less so far. */
static void
touch(struct hold *h, unsigned char *memory)
{
	int huge = h->cost[1] <= h->cost[0];
	uint64_t began = now_ns(), cost;

	/* The other ones now and then: what is cheap changes. */
	if (h->slots % 32 == 0)
		huge = !huge;
	(void)madvise(memory, SLOT_SIZE, huge ? MADV_HUGEPAGE :
	    MADV_NOHUGEPAGE);
	for (size_t at = 0; at < SLOT_SIZE; at += GRANULE)
		((volatile unsigned char *)memory)[at] = 0;
	cost = now_ns() - began;
	h->cost[huge] = h->cost[huge] == 0 ? cost :
	    (h->cost[huge] * 3 + cost) / 4;
}

static int
may_grow(const struct hold *h)
{
	return h->slots < SLOTS_MIN || (h->slots < h->slots_max &&
	    ram_allows(h->ram, (uint64_t)(h->slots + 1 - SLOTS_MIN) *
	    SLOT_SIZE));
}

static struct slot *
new_slot(struct hold *h)
{
	uintptr_t base = ((uintptr_t)h->memory + SLOT_SIZE - 1) &
	    ~(uintptr_t)(SLOT_SIZE - 1);
	struct slot *slot = xcalloc(1, sizeof *slot);

	slot->memory = (unsigned char *)base + h->slots * SLOT_SIZE;
	/* A small core touches of the first ones only what it needs. */
	if (h->slots >= SLOTS_MIN)
		touch(h, slot->memory);
	h->slots++;
	return slot;
}

/* Wait until a slot is free, or for so long. With the lock held. */
static void
wait_freed(struct hold *h, uint64_t ns)
{
	struct timespec until;

	h->reader_waits = 1;
	pthread_cond_broadcast(&h->queued);
	if (ns == UINT64_MAX)
		pthread_cond_wait(&h->freed, &h->lock);
	else {
		ns += now_ns();
		until.tv_sec = (time_t)(ns / 1000000000);
		until.tv_nsec = (long)(ns % 1000000000);
		pthread_cond_timedwait(&h->freed, &h->lock, &until);
	}
	h->reader_waits = 0;
}

static struct slot *
take_slot(struct hold *h)
{
	uint64_t cost = h->cost[0] < h->cost[1] ? h->cost[0] : h->cost[1];
	struct slot *slot;

	pthread_mutex_lock(&h->lock);
	if (h->unused == NULL && cost > 0 && may_grow(h)) {
		wait_freed(h, h->patient ? cost : cost / 8);
		h->patient = h->unused != NULL;
	}
	while (h->unused == NULL && !may_grow(h))
		wait_freed(h, UINT64_MAX);
	slot = h->unused;
	if (slot != NULL)
		h->unused = slot->next;
	pthread_mutex_unlock(&h->lock);
	if (slot == NULL)
		slot = new_slot(h);
	slot->used = 0;
	slot->users = 1;
	return slot;
}

static void
drop_slot(struct hold *h, struct slot *slot)
{
	if (--slot->users > 0)
		return;
	/* Nobody will want it again: it is better off with others. */
	if (h->ended)
		(void)madvise(slot->memory, SLOT_SIZE, MADV_DONTNEED);
	slot->next = h->unused;
	h->unused = slot;
	pthread_cond_signal(&h->freed);
}

void
frame_forget(struct hold *h, struct frame *frame)
{
	if (frame->slot != NULL)
		drop_slot(h, frame->slot);
	frame->slot = NULL;
	frame->data = NULL;
}

static void
queue(struct hold *h, struct frame *frame)
{
	pthread_mutex_lock(&h->lock);
	if (h->first == NULL)
		h->first = frame;
	else
		h->last->next = frame;
	h->last = frame;
	if (frame->slot != NULL)
		frame->slot->users++;
	if (frame->zeros > 0) {
		frame->state = FRAME_DONE;
		pthread_cond_signal(&h->done);
	} else {
		if (h->untaken == NULL)
			h->untaken = frame;
		h->waiting++;
		pthread_cond_signal(&h->queued);
	}
	pthread_mutex_unlock(&h->lock);
}

static void
pass_zeros(struct fill *f)
{
	struct frame *frame;

	if (f->zeros == 0)
		return;
	frame = xcalloc(1, sizeof *frame);
	frame->zeros = f->zeros;
	f->zeros = 0;
	queue(f->hold, frame);
}

static void
pass_block(struct fill *f)
{
	struct frame *frame;

	if (f->data == NULL && f->at == ZSEEK_BLOCK)
		f->zeros++;
	else if (f->at > 0) {
		pass_zeros(f);
		frame = xcalloc(1, sizeof *frame);
		frame->len = f->at;
		frame->data = f->data;
		frame->slot = f->data == NULL ? NULL : f->slot;
		memcpy(frame->there, f->there, sizeof frame->there);
		if (f->data != NULL)
			f->slot->used += f->used;
		queue(f->hold, frame);
	}
	f->data = NULL;
	f->at = f->used = 0;
	memset(f->there, 0, sizeof f->there);
}

unsigned char *
fill_room(struct fill *f, size_t *room)
{
	if (f->data == NULL) {
		if (f->slot != NULL &&
		    SLOT_SIZE - f->slot->used < ZSEEK_BLOCK) {
			pthread_mutex_lock(&f->hold->lock);
			drop_slot(f->hold, f->slot);
			pthread_mutex_unlock(&f->hold->lock);
			f->slot = NULL;
		}
		if (f->slot == NULL)
			f->slot = take_slot(f->hold);
		/* Pages are put at pages: what was read whole is not. */
		f->slot->used = (f->slot->used + GRANULE - 1) &
		    ~(size_t)(GRANULE - 1);
		f->data = f->slot->memory + f->slot->used;
	}
	*room = ZSEEK_BLOCK - f->at;
	return f->data + f->used;
}

static uint64_t
within_limit(struct fill *f, uint64_t len)
{
	uint64_t room = f->limit - f->taken;

	if (len <= room)
		return len;
	f->over_limit = 1;
	return room;
}

void
fill_add(struct fill *f, size_t len)
{
	len = (size_t)within_limit(f, len);
	if (len == 0)
		return;
	for (size_t g = f->at / GRANULE; g * GRANULE < f->at + len; g++)
		f->there[g / 8] |= (unsigned char)(1u << g % 8);
	f->taken += len;
	f->used += len;
	f->at += len;
	if (f->at == ZSEEK_BLOCK)
		pass_block(f);
}

void
fill_zeros(struct fill *f, uint64_t len)
{
	len = within_limit(f, len);
	f->taken += len;
	while (len > 0) {
		uint64_t room = ZSEEK_BLOCK - f->at;

		if (f->at == 0 && len >= ZSEEK_BLOCK) {
			f->zeros += len / ZSEEK_BLOCK;
			len %= ZSEEK_BLOCK;
			continue;
		}
		if (room > len)
			room = len;
		f->at += (size_t)room;
		len -= room;
		if (f->at == ZSEEK_BLOCK)
			pass_block(f);
	}
	/* A count is not saved when we are killed. */
	if (f->zeros >= ZSEEK_ZEROS / ZSEEK_BLOCK)
		pass_zeros(f);
}

int
fill_wanted(struct fill *f)
{
	int failed;

	pthread_mutex_lock(&f->hold->lock);
	failed = f->hold->failed;
	pthread_mutex_unlock(&f->hold->lock);
	return !failed && !f->over_limit;
}

void
fill_end(struct fill *f)
{
	struct hold *h = f->hold;

	pass_block(f);
	pass_zeros(f);
	pthread_mutex_lock(&h->lock);
	h->ended = 1;
	if (f->slot != NULL)
		drop_slot(h, f->slot);
	f->slot = NULL;
	pthread_cond_broadcast(&h->queued);
	pthread_cond_broadcast(&h->done);
	pthread_mutex_unlock(&h->lock);
}
