/* SPDX-License-Identifier: ISC */
#include "slot.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <err.h>
#include <stdlib.h>
#include <time.h>

#include "exits.h"
#include "save.h"
#include "xalloc.h"

/* These are had without asking: less would be no stream at all. */
#define SLOTS_MIN	8

/* So many are kept touched and ready. */
#define AHEAD		4

#define TOUCH_STEP	4096u

void
slots_init(struct slots *s, struct ram *ram)
{
	size_t size = ram->limit < SIZE_MAX / 4 ? (size_t)ram->limit :
	    SIZE_MAX / 4;
	void *memory = MAP_FAILED;

	*s = (struct slots){ .lock = PTHREAD_MUTEX_INITIALIZER,
	    .freed = PTHREAD_COND_INITIALIZER,
	    .wanted = PTHREAD_COND_INITIALIZER, .ram = ram };
	/* Only addresses; a machine may be strict about those too. */
	for (size = size / SLOT_SIZE + SLOTS_MIN; memory == MAP_FAILED;
	    size /= 2) {
		if (size < SLOTS_MIN)
			err(EXIT_REFUSED, "allocate memory");
		s->max = size;
		s->reserved = (size + 1) * SLOT_SIZE;
		memory = mmap(NULL, s->reserved, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	}
	s->memory = memory;
}

/* With the lock held, as all that follows. */
static int
may_grow(const struct slots *s)
{
	return s->count < SLOTS_MIN || (s->count < s->max &&
	    ram_allows(s->ram, (uint64_t)(s->count + 1 - SLOTS_MIN) *
	    SLOT_SIZE));
}

static struct slot *
new_slot(struct slots *s)
{
	uintptr_t base = ((uintptr_t)s->memory + SLOT_SIZE - 1) &
	    ~(uintptr_t)(SLOT_SIZE - 1);
	struct slot *slot = xcalloc(1, sizeof *slot);

	slot->memory = (unsigned char *)base + s->count * SLOT_SIZE;
	s->count++;
	return slot;
}

static void
put(struct slots *s, struct slot *slot)
{
	slot->next = s->unused;
	s->unused = slot;
	s->unused_count++;
	pthread_cond_signal(&s->freed);
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Without the lock. HUGE: with a page as large as the slot. */
static uint64_t
touch(unsigned char *memory, int huge)
{
	uint64_t began = now_ns();

	(void)madvise(memory, SLOT_SIZE, huge ? MADV_HUGEPAGE :
	    MADV_NOHUGEPAGE);
	for (size_t at = 0; at < SLOT_SIZE; at += TOUCH_STEP)
		((volatile unsigned char *)memory)[at] = 0;
	return now_ns() - began;
}

static void *
touch_ahead(void *arg)
{
	struct slots *s = arg;

	/* As much in a hurry as the one that reads. */
	(void)setpriority(PRIO_PROCESS, 0, SAVE_HURRY);
	pthread_mutex_lock(&s->lock);
	while (!s->ended) {
		struct slot *slot;
		uint64_t cost;
		int huge;

		if (s->unused_count >= AHEAD || !may_grow(s)) {
			pthread_cond_wait(&s->wanted, &s->lock);
			continue;
		}
		slot = new_slot(s);
		/* The dearer ones now and then: what is cheap changes. */
		huge = (s->cost[1] <= s->cost[0]) ^ (s->count % 32 == 0);
		pthread_mutex_unlock(&s->lock);
		cost = touch(slot->memory, huge);
		pthread_mutex_lock(&s->lock);
		s->cost[huge] = s->cost[huge] == 0 ? cost :
		    (s->cost[huge] * 3 + cost) / 4;
		put(s, slot);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static void
start_touchers(struct slots *s)
{
	while (s->touchers < TOUCHERS && save_thread(
	    &s->toucher[s->touchers], touch_ahead, s) == 0)
		s->touchers++;
}

struct slot *
slots_take(struct slots *s, int wait)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&s->lock);
	/* A small core touches of the first ones only what it needs. */
	if (s->unused == NULL && s->count < SLOTS_MIN)
		put(s, new_slot(s));
	if (s->unused == NULL && s->touchers == 0 && may_grow(s)) {
		start_touchers(s);
		if (s->touchers == 0)
			put(s, new_slot(s));
	}
	while (s->unused == NULL && wait)
		pthread_cond_wait(&s->freed, &s->lock);
	if (s->unused != NULL) {
		slot = s->unused;
		s->unused = slot->next;
		s->unused_count--;
		slot->used = 0;
		slot->users = 1;
	}
	pthread_cond_signal(&s->wanted);
	pthread_mutex_unlock(&s->lock);
	return slot;
}

void
slots_use(struct slots *s, struct slot *slot)
{
	pthread_mutex_lock(&s->lock);
	slot->users++;
	pthread_mutex_unlock(&s->lock);
}

void
slots_drop(struct slots *s, struct slot *slot)
{
	pthread_mutex_lock(&s->lock);
	if (--slot->users == 0) {
		/* It is better off with others now. */
		if (s->ended)
			(void)madvise(slot->memory, SLOT_SIZE, MADV_DONTNEED);
		put(s, slot);
	}
	pthread_mutex_unlock(&s->lock);
}

void
slots_end(struct slots *s)
{
	pthread_mutex_lock(&s->lock);
	s->ended = 1;
	pthread_cond_broadcast(&s->wanted);
	pthread_mutex_unlock(&s->lock);
}

void
slots_release(struct slots *s)
{
	for (unsigned i = 0; i < s->touchers; i++)
		pthread_join(s->toucher[i], NULL);
	while (s->unused != NULL) {
		struct slot *slot = s->unused;

		s->unused = slot->next;
		free(slot);
	}
	munmap(s->memory, s->reserved);
}
