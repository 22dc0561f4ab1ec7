/* SPDX-License-Identifier: ISC */
#include "hold.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

void
hold_init(struct hold *h, struct ram *ram)
{
	*h = (struct hold){ .lock = PTHREAD_MUTEX_INITIALIZER,
	    .queued = PTHREAD_COND_INITIALIZER,
	    .done = PTHREAD_COND_INITIALIZER };
	slots_init(&h->slots, ram);
}

void
hold_release(struct hold *h)
{
	slots_release(&h->slots);
}

static struct slot *
take_slot(struct hold *h)
{
	struct slot *slot = slots_take(&h->slots, 0);

	if (slot != NULL)
		return slot;
	pthread_mutex_lock(&h->lock);
	h->reader_waits = 1;
	h->crowded(h->crowded_arg);
	pthread_cond_broadcast(&h->queued);
	pthread_mutex_unlock(&h->lock);
	slot = slots_take(&h->slots, 1);
	pthread_mutex_lock(&h->lock);
	h->reader_waits = 0;
	pthread_mutex_unlock(&h->lock);
	return slot;
}

void
frame_forget(struct hold *h, struct frame *frame)
{
	if (frame->slot != NULL)
		slots_drop(&h->slots, frame->slot);
	frame->slot = NULL;
	frame->data = NULL;
	free(frame->run);
	frame->run = NULL;
}

static void
queue(struct hold *h, struct frame *frame)
{
	if (frame->slot != NULL)
		slots_use(&h->slots, frame->slot);
	pthread_mutex_lock(&h->lock);
	if (h->first == NULL)
		h->first = frame;
	else
		h->last->next = frame;
	h->last = frame;
	if (frame->zeros > 0) {
		frame->state = FRAME_DONE;
		pthread_cond_signal(&h->done);
	} else {
		if (h->untaken == NULL)
			h->untaken = frame;
		h->waiting++;
		h->pinned += frame->runs > 0;
		if (h->waiting > 1)
			h->crowded(h->crowded_arg);
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

	if (f->data == NULL && f->runs == 0 && f->at == ZSEEK_BLOCK)
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
		if (f->runs > 0) {
			frame->run = xcalloc(f->runs, sizeof *f->run);
			memcpy(frame->run, f->run, f->runs * sizeof *f->run);
			frame->runs = f->runs;
		}
		queue(f->hold, frame);
	}
	f->data = NULL;
	f->at = f->used = f->runs = 0;
	memset(f->there, 0, sizeof f->there);
}

unsigned char *
fill_room(struct fill *f, size_t *room)
{
	if (f->data == NULL) {
		if (f->slot != NULL &&
		    SLOT_SIZE - f->slot->used < ZSEEK_BLOCK) {
			slots_drop(&f->hold->slots, f->slot);
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

void
fill_later(struct fill *f, uint64_t address, uint64_t len)
{
	len = within_limit(f, len);
	f->taken += len;
	while (len > 0) {
		uint64_t n = ZSEEK_BLOCK - f->at;

		if (n > len)
			n = len;
		f->run[f->runs++] = (struct run){ address, (uint32_t)f->at,
		    (uint32_t)n };
		f->at += (size_t)n;
		address += n;
		len -= n;
		if (f->at == ZSEEK_BLOCK)
			pass_block(f);
	}
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
	slots_end(&h->slots);
	if (f->slot != NULL)
		slots_drop(&h->slots, f->slot);
	f->slot = NULL;
	pthread_mutex_lock(&h->lock);
	h->ended = 1;
	pthread_cond_broadcast(&h->queued);
	pthread_cond_broadcast(&h->done);
	pthread_mutex_unlock(&h->lock);
}
