/* SPDX-License-Identifier: ISC */
#include "pool.h"

#include <sys/resource.h>
#include <sys/syscall.h>

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "press.h"
#include "save.h"
#include "xalloc.h"

/* Above this a context is large: fewer of them keep the promise of memory. */
#define LARGE_LEVEL	12

/* linux/ioprio.h is younger than the call. */
#define IO_LAST		((2 << 13) | 7)	/* best effort, behind the others */
#define IO_THREAD	1

/*
 * Nobody waits for us any more; but while we keep the memory of a process that
 * has ended, its successor may need it: 19 would be a seventh of 10's share, and
 * minutes where the machine is busy.
 */
#define NICE_PINNED	10
#define NICE		19

/*
 * Stand back, when the reading has ended, further when no memory is pinned. *NOW
 * is how far this very thread does. No matter if it cannot.
 */
static void
stand_back(const struct hold *h, int *now)
{
	int nice = !h->ended ? 0 : h->pinned > 0 ? NICE_PINNED : NICE;

	if (nice == *now)
		return;
	*now = nice;
	(void)setpriority(PRIO_PROCESS, 0, nice);
	(void)syscall(SYS_ioprio_set, IO_THREAD, 0, IO_LAST);
}

static int
is_there(const struct frame *frame, size_t at)
{
	return frame->there[at / GRANULE / 8] >> at / GRANULE % 8 & 1;
}

/*
 * The content of FRAME as it was, in BLOCK unless it lies there whole. NULL
 * when it could not be fetched.
 */
static const void *
expand(const struct hold *h, const struct frame *frame, unsigned char *block)
{
	const unsigned char *from = frame->data;
	int dense = 1;

	for (size_t at = 0; at < frame->len && dense; at += GRANULE)
		dense = is_there(frame, at);
	if (dense)
		return from;
	for (size_t at = 0; at < frame->len; at += GRANULE) {
		size_t n = frame->len - at < GRANULE ? frame->len - at :
		    GRANULE;

		if (is_there(frame, at)) {
			memcpy(block + at, from, n);
			from += n;
		} else
			memset(block + at, 0, n);
	}
	for (size_t i = 0; i < frame->runs; i++)
		if (h->fetch(h->fetch_arg, frame->run[i].address,
		    block + frame->run[i].at, frame->run[i].len) == -1)
			return NULL;
	return block;
}

/* Is there a frame for one more worker? While one reads, it comes first. */
static int
may_take(const struct pool *p)
{
	const struct hold *h = p->hold;
	unsigned most = p->workers_max;

	if (!h->ended && !h->reader_waits && most > 1 &&
	    most == p->processors)
		most--;
	return h->untaken != NULL && p->active < most && (p->buffers > 0 ||
	    p->buffers_made < 2 * p->workers_max);
}

static struct frame *
take_frame(struct pool *p, unsigned char **out)
{
	struct hold *h = p->hold;
	struct frame *frame = h->untaken;

	/* First the buffer: whoever has a frame can finish it. */
	if (p->buffers > 0)
		*out = p->buffer[--p->buffers];
	else {
		*out = xmalloc(PRESS_BOUND);
		p->buffers_made++;
	}
	frame->state = FRAME_TAKEN;
	do
		h->untaken = h->untaken->next;
	while (h->untaken != NULL && h->untaken->zeros > 0);
	h->waiting--;
	p->active++;
	return frame;
}

/* What one needs to compress. */
struct tools {
	struct press *press;
	unsigned char *block;
};

static struct tools
get_tools(const struct pool *p)
{
	return (struct tools){ press_new(p->level), xmalloc(ZSEEK_BLOCK) };
}

static void
put_tools(struct tools *t)
{
	free(t->block);
	press_free(t->press);
}

/* Compress the next frame. With the lock, which is let go meanwhile. */
static void
press_next(struct pool *p, const struct tools *t, int *nice)
{
	struct hold *h = p->hold;
	int failed = h->failed, was_pinned;
	const void *content;
	unsigned char *out;
	struct frame *frame = take_frame(p, &out);

	stand_back(h, nice);
	pthread_mutex_unlock(&h->lock);
	frame->out = out;
	frame->out_len = 0;
	content = failed ? NULL : expand(h, frame, t->block);
	if (content != NULL)
		frame->out_len = press_block(t->press, content, frame->len,
		    out);
	frame->lost = content == NULL && !failed;
	was_pinned = frame->runs > 0;
	frame_forget(h, frame);
	pthread_mutex_lock(&h->lock);
	h->pinned -= was_pinned;
	p->active--;
	frame->state = FRAME_DONE;
	if (frame == h->first)
		pthread_cond_signal(&h->done);
}

static void *
work(void *arg)
{
	struct pool *p = arg;
	struct hold *h = p->hold;
	struct tools tools = get_tools(p);
	int nice = 0;

	pthread_mutex_lock(&h->lock);
	while (h->untaken != NULL || !h->ended)
		if (may_take(p))
			press_next(p, &tools, &nice);
		else
			pthread_cond_wait(&h->queued, &h->lock);
	pthread_mutex_unlock(&h->lock);
	put_tools(&tools);
	return NULL;
}

/* Another worker, when there is more than those that there are can take. */
static void
grow(struct pool *p)
{
	if (p->workers == p->workers_max || p->hold->waiting <= p->workers)
		return;
	if (save_thread(&p->worker[p->workers], work, p) == 0)
		p->workers++;
	else
		p->workers_max = p->workers;
}

/* The first comes before the writer is done with its prelude. */
static void
begin_work(void *arg)
{
	struct pool *p = arg;

	if (p->workers == 0)
		grow(p);
	if (p->workers == 0)
		pthread_cond_signal(&p->hold->done);
}

/* One frame is no work for a thread of its own; and there may be none to be had,
   but then no more is compressed than can be written next. */
static int
is_writers(const struct pool *p)
{
	const struct hold *h = p->hold;

	return p->workers == 0 && h->untaken != NULL &&
	    h->untaken == h->first &&
	    ((h->ended && h->waiting == 1) || p->workers_max == 0);
}

static void
press_here(struct pool *p, int *nice)
{
	struct tools tools = get_tools(p);

	press_next(p, &tools, nice);
	put_tools(&tools);
}

static int
write_frame(struct pool *p, const struct frame *frame)
{
	if (frame->zeros > 0)
		return pack_zeros(p->pack, frame->zeros);
	if (frame->out_len == 0)
		return pack_zeros(p->pack, 1);
	return pack_frame(p->pack, frame->out, frame->out_len, frame->len);
}

static void *
write_frames(void *arg)
{
	struct pool *p = arg;
	struct hold *h = p->hold;
	int nice = 0;

	if (p->prelude != NULL)
		p->prelude(p->prelude_arg);
	pthread_mutex_lock(&h->lock);
	for (;;) {
		struct frame *frame = h->first;
		int failed = h->failed, ended = h->ended;

		if (frame == NULL && ended)
			break;
		if (is_writers(p)) {
			press_here(p, &nice);
			continue;
		}
		if (h->waiting > 1)
			grow(p);
		if (frame == NULL || frame->state != FRAME_DONE) {
			pthread_cond_wait(&h->done, &h->lock);
			continue;
		}
		h->first = frame->next;
		stand_back(h, &nice);
		pthread_mutex_unlock(&h->lock);
		failed |= frame->lost;
		if (!failed && write_frame(p, frame) == -1)
			failed = 1;
		pthread_mutex_lock(&h->lock);
		h->failed = failed;
		h->lost |= frame->lost;
		if (frame->out != NULL)
			p->buffer[p->buffers++] = frame->out;
		pthread_cond_signal(&h->queued);
		free(frame);
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

static unsigned
processors(void)
{
	cpu_set_t set;
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	if (sched_getaffinity(0, sizeof set, &set) == 0 &&
	    CPU_COUNT(&set) < online)
		online = CPU_COUNT(&set);
	return online < 1 ? 1 : (unsigned)online;
}

void
pool_start(struct pool *p)
{
	int rc;

	p->processors = processors();
	p->workers_max = p->processors < WORKERS_MAX ? p->processors :
	    WORKERS_MAX;
	if (p->level > LARGE_LEVEL && p->workers_max > 2)
		p->workers_max = 2;
	p->hold->crowded = begin_work;
	p->hold->crowded_arg = p;
	rc = save_thread(&p->writer, write_frames, p);
	if (rc != 0) {
		errno = rc;
		err(EXIT_REFUSED, "start a thread");
	}
}

void
pool_finish(struct pool *p)
{
	pthread_join(p->writer, NULL);
	pthread_mutex_lock(&p->hold->lock);
	pthread_cond_broadcast(&p->hold->queued);
	pthread_mutex_unlock(&p->hold->lock);
	for (unsigned i = 0; i < p->workers; i++)
		pthread_join(p->worker[i], NULL);
	for (unsigned i = 0; i < p->buffers; i++)
		free(p->buffer[i]);
}
