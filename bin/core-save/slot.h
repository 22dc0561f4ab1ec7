/* SPDX-License-Identifier: ISC */
/*
 * The memory that a core is held in, in slots of two blocks. A slot comes back
 * when its content is compressed, and is taken again; or a fresh one is taken,
 * while ram.h allows. To touch fresh memory can cost ten times what it costs to
 * copy into it (on a virtual machine whose host takes back what is free), or
 * next to nothing. So threads of their own touch it ahead of the reader, with
 * small pages or huge ones, whichever have cost less; and the reader takes what
 * is there first.
 */
#ifndef CORE_SAVE_SLOT_H
#define CORE_SAVE_SLOT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "ram.h"
#include "zseek.h"

#define SLOT_SIZE	(2 * ZSEEK_BLOCK)	/* a huge page on most machines */
#define TOUCHERS	2

struct slot {
	struct slot *next;
	unsigned char *memory;
	size_t used;		/* the taker's to count */
	unsigned users;
};

struct slots {
	pthread_mutex_t lock;
	pthread_cond_t freed;	/* for the one that takes */
	pthread_cond_t wanted;	/* for those that touch */
	unsigned char *memory;	/* room for all, most of it not touched */
	size_t reserved;
	size_t count, max;
	struct slot *unused;
	size_t unused_count;
	uint64_t cost[2];	/* of a fresh one, small pages and huge: ns */
	int ended;		/* none will be taken any more */
	pthread_t toucher[TOUCHERS];
	unsigned touchers;
	struct ram *ram;
};

void slots_init(struct slots *s, struct ram *ram);

/* One, with one user. Waits for it, or returns NULL when WAIT is 0. */
struct slot *slots_take(struct slots *s, int wait);

void slots_use(struct slots *s, struct slot *slot);	/* one user more */
void slots_drop(struct slots *s, struct slot *slot);	/* one less */

/* None will be taken any more: what is dropped now is given back. */
void slots_end(struct slots *s);

void slots_release(struct slots *s);

#endif
