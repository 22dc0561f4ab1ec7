/* SPDX-License-Identifier: ISC */
/*
 * The core on its way: one thread reads it, from the process itself where it
 * can (live.h) and else from stdin, others compress and write it (pool.h), with
 * as much of it held in between as there is memory to spare (hold.h). stdin is
 * closed the moment that there is nothing more to be read: that lets the
 * process go.
 */
#ifndef CORE_SAVE_STREAM_H
#define CORE_SAVE_STREAM_H

#include <stdint.h>
#include <time.h>

#include "elfscan.h"
#include "hold.h"
#include "pack.h"
#include "sender.h"
#include "tee.h"

struct live;
struct stacks;

struct stream {
	struct pack *pack;	/* NULL: the core is not kept */
	struct live *live;	/* NULL: never to be read */
	struct stacks *stacks;	/* NULL: not asked for */
	int stacks_only;	/* they are what goes to the pack, */
	int or_whole;		/* not if all of the core is no larger */
	uint64_t limit;		/* bytes to keep */
	uint64_t ram;		/* to hold them in, as ram_init has it */
	int level;		/* of compression */
	struct tee tee;		/* .on: all of it to stdout as well */
	int *reserve;		/* for pack_finish */
	void (*before_release)(void *);	/* of the process; or NULL */
	void (*prelude)(void *);/* run beside the reading, before all writing */
	void *prelude_arg;

	/* What came of it: */
	struct elfscan scan;
	int read_error;		/* errno values, or 0 */
	int write_error;
	int over_limit;
	int stopped;		/* the signal that did, or 0 */
	int is_live;		/* memory was read from the process */
	int killed;		/* which ended before all of it was */
	int has_stacks;		/* what was asked of them could be done */
	int is_small;		/* all of it is kept alone, as or_whole has it */
	int is_in_notes;	/* while they are read, their beginning is */
	struct notes_begin notes;	/* kept here */
	struct timespec closed;	/* CLOCK_MONOTONIC: when it was let go */

	struct fill fill;	/* the readers' place in it */
};

/*
 * Copy stdin until its end, or until nobody wants more of it. Does not fail:
 * the struct says what went wrong.
 */
void stream_run(struct stream *s);

/*
 * For those who read: what comes next is LEN bytes of stdin, or LEN bytes that
 * were put into s->fill, or LEN zeros, or LEN bytes for live_fetch. stream_take returns 0 when there were
 * not so many, or no more are wanted.
 */
int stream_take(struct stream *s, uint64_t len);
void stream_add(struct stream *s, size_t len);
void stream_zeros(struct stream *s, uint64_t len);
void stream_later(struct stream *s, uint64_t address, uint64_t len);
int stream_wanted(struct stream *s);

/*
 * Of what came so far, up to where memory begins, only the stacks were to be
 * kept: keep all of it instead. 0 when not all of it is at hand.
 */
int stream_keep_whole(struct stream *s);

/*
 * From now on SIGHUP, SIGINT and SIGTERM end the stream as if the core ended
 * there, and so does SIGALRM after SECONDS, unless that is 0; what then takes
 * longer than a few more is killed. SIGPIPE and SIGXFSZ become errors of
 * write(2).
 */
void stream_signals(unsigned seconds);

/* The signal that has ended the stream by now, or 0. */
int stream_stopped(void);

#endif
