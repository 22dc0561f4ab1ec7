/* SPDX-License-Identifier: ISC */
/*
 * The core between the thread that reads it and those that compress it: a
 * queue of frames in the core's order, and the memory that their content is
 * in. A process is let go when all of it has been read, not when it has been
 * compressed: as much is held as there is memory to spare (ram.h).
 *
 * Memory is taken in slots. To touch a fresh one can cost ten times what it
 * costs to copy into it (on a virtual machine whose host takes back what is
 * free), or next to nothing; and huge pages may be the cheapest ones, or those
 * that the host has to find first. So both are tried and timed, and one that was
 * used already is waited for, for as long as a fresh one would take.
 */
#ifndef CORE_SAVE_HOLD_H
#define CORE_SAVE_HOLD_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "ram.h"
#include "zseek.h"

/* What is zero, or is not, in the content of a frame is told by the granule. */
#define GRANULE		4096u
#define GRANULES	(ZSEEK_BLOCK / GRANULE)

struct slot;

enum frame_state { FRAME_QUEUED, FRAME_TAKEN, FRAME_DONE };

struct frame {
	struct frame *next;
	enum frame_state state;
	uint64_t zeros;		/* so many blocks of zeros, and no content */
	size_t len;		/* of the content */
	unsigned char *data;	/* its granules that are there, in a row */
	unsigned char there[GRANULES / 8];
	struct slot *slot;	/* where data is; NULL: there is none */
	unsigned char *out;	/* compressed; NULL: a block of zeros */
	size_t out_len;
};

struct hold {
	pthread_mutex_t lock;
	pthread_cond_t queued;	/* for those that compress */
	pthread_cond_t done;	/* for the one that writes */
	pthread_cond_t freed;	/* for the one that reads */
	struct frame *first;	/* the oldest that is not written */
	struct frame *untaken;	/* the oldest that is not compressed */
	struct frame *last;
	size_t waiting;		/* how many are not compressed */
	int reader_waits;
	int ended;		/* no more will be queued */
	int failed;		/* what is queued is thrown away */
	unsigned char *memory;	/* room for slots, most of it not touched */
	size_t reserved;
	size_t slots, slots_max;
	uint64_t cost[2];	/* of a fresh one, small pages and huge: ns */
	int patient;		/* waiting has paid the last time */
	struct slot *unused;
	struct ram *ram;
};

/* RAM is asked for each slot but the first few. */
void hold_init(struct hold *h, struct ram *ram);
void hold_release(struct hold *h);

/*
 * The reader's part: the place where it is in the core. Zeros are passed over,
 * all else is put where fill_room says.
 */
struct fill {
	struct hold *hold;
	uint64_t limit;		/* bytes to be taken */
	uint64_t taken;		/* bytes of the core so far */
	int over_limit;		/* there were more */
	size_t at;		/* in the block that is being filled */
	size_t used;		/* bytes of data in it */
	uint64_t zeros;		/* blocks of zeros before it */
	struct slot *slot;
	unsigned char *data;	/* NULL: none needed yet */
	unsigned char there[GRANULES / 8];
};

/*
 * Where the next bytes go: *ROOM of them, to the end of a block. May wait for
 * memory.
 */
unsigned char *fill_room(struct fill *f, size_t *room);

/* LEN bytes were put there. In the midst of a granule only more may follow. */
void fill_add(struct fill *f, size_t len);

/* LEN bytes of zeros follow, from the beginning of a granule to one's end. */
void fill_zeros(struct fill *f, uint64_t len);

/* Is more wanted? Not when the limit is reached or writing has failed. */
int fill_wanted(struct fill *f);

/* Pass on what there is, and tell that there is no more. */
void fill_end(struct fill *f);

/* The content of a frame is not needed any more. With the lock held. */
void frame_forget(struct hold *h, struct frame *frame);

#endif
