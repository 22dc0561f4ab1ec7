/* SPDX-License-Identifier: ISC */
/*
 * The core between the thread that reads it and those that compress it: a
 * queue of frames in the core's order, and the memory that their content is
 * in. A process is let go when all of it has been read, not when it has been
 * compressed: as much is held as there is memory to spare (ram.h).
 */
#ifndef CORE_SAVE_HOLD_H
#define CORE_SAVE_HOLD_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "slot.h"
#include "zseek.h"

/* What is zero, or is not, in the content of a frame is told by the granule. */
#define GRANULE		4096u
#define GRANULES	(ZSEEK_BLOCK / GRANULE)

enum frame_state { FRAME_QUEUED, FRAME_TAKEN, FRAME_DONE };

/* Content that is not here yet: it is fetched when it is compressed. */
struct run {
	uint64_t address;
	uint32_t at, len;	/* in the frame; whole granules but at its end */
};

struct frame {
	struct frame *next;
	enum frame_state state;
	uint64_t zeros;		/* so many blocks of zeros, and no content */
	size_t len;		/* of the content */
	unsigned char *data;	/* its granules that are there, in a row */
	unsigned char there[GRANULES / 8];
	struct slot *slot;	/* where data is; NULL: there is none */
	struct run *run;	/* the others that are there */
	size_t runs;
	unsigned char *out;	/* compressed; NULL: a block of zeros */
	size_t out_len;
	int lost;		/* it could not be fetched */
};

struct hold {
	pthread_mutex_t lock;
	pthread_cond_t queued;	/* for those that compress */
	pthread_cond_t done;	/* for the one that writes */
	struct frame *first;	/* the oldest that is not written */
	struct frame *untaken;	/* the oldest that is not compressed */
	struct frame *last;
	size_t waiting;		/* how many are not compressed, */
	size_t pinned;		/* and of how many content is to be fetched */
	int reader_waits;
	int ended;		/* no more will be queued */
	int failed;		/* what is queued is thrown away */
	int lost;		/* because there was no more to be fetched */
	/* How runs are fetched, by any thread: 0, or -1. */
	int (*fetch)(void *arg, uint64_t address, void *to, size_t len);
	void *fetch_arg;
	/* Called when more than one waits, or the reader, with the lock held. */
	void (*crowded)(void *arg);
	void *crowded_arg;
	struct slots slots;
};

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
	struct run run[GRANULES];
	size_t runs;
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

/* LEN bytes follow, whole granules, that are to be fetched from ADDRESS. */
void fill_later(struct fill *f, uint64_t address, uint64_t len);

/* Is more wanted? Not when the limit is reached or writing has failed. */
int fill_wanted(struct fill *f);

/* Pass on what there is, and tell that there is no more. */
void fill_end(struct fill *f);

/* The content of a frame is not needed any more. */
void frame_forget(struct hold *h, struct frame *frame);

#endif
