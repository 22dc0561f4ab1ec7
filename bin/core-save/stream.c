/* SPDX-License-Identifier: ISC */
#include "stream.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "exits.h"
#include "io.h"
#include "xalloc.h"

#define SLOTS 16

struct ring {
	pthread_mutex_t lock;
	pthread_cond_t filled, freed;
	union block *block[SLOTS];
	size_t len[SLOTS];
	unsigned first;		/* the oldest filled one */
	unsigned count;		/* filled ones */
	int done;		/* no more will be filled */
	int failed;		/* what is filled is thrown away */
	struct stream *stream;
};

static volatile sig_atomic_t stopped;
static volatile sig_atomic_t teeing;
static int nothing = -1;	/* /dev/null, not to be written to */

/*
 * The read or write that was interrupted is begun again, and finds the end of
 * file, or a descriptor that takes nothing.
 */
static void
stop(int signal)
{
	int saved = errno;

	stopped = signal;
	dup2(nothing, STDIN_FILENO);
	if (teeing)
		dup2(nothing, STDOUT_FILENO);
	errno = saved;
}

void
stream_signals(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction sa = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGXFSZ, &sa, NULL);
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (nothing == -1)
		err(EXIT_REFUSED, "open '/dev/null'");
	sa.sa_handler = stop;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct sigaction old;

		/* nohup(1) and background shells mean what they say. */
		if (sigaction(ends[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(ends[i], &sa, NULL);
	}
}

int
stream_stopped(void)
{
	return stopped;
}

static void *
write_blocks(void *arg)
{
	struct ring *r = arg;
	struct stream *s = r->stream;

	if (s->prelude != NULL)
		s->prelude(s->prelude_arg);
	pthread_mutex_lock(&r->lock);
	for (;;) {
		unsigned slot = r->first;
		int failed = r->failed;

		if (r->count == 0 && r->done)
			break;
		if (r->count == 0) {
			pthread_cond_wait(&r->filled, &r->lock);
			continue;
		}
		pthread_mutex_unlock(&r->lock);
		if (!failed &&
		    pack_feed(s->pack, r->block[slot], r->len[slot]) == -1)
			failed = 1;
		pthread_mutex_lock(&r->lock);
		r->failed = failed;
		r->first = (r->first + 1) % SLOTS;
		r->count--;
		pthread_cond_signal(&r->freed);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* A block to read into, once there is one; sets *FAILED if it will be lost. */
static unsigned
take_slot(struct ring *r, int *failed)
{
	unsigned slot;

	pthread_mutex_lock(&r->lock);
	while (r->count == SLOTS)
		pthread_cond_wait(&r->freed, &r->lock);
	slot = (r->first + r->count) % SLOTS;
	*failed = r->failed;
	pthread_mutex_unlock(&r->lock);
	if (r->block[slot] == NULL)
		r->block[slot] = xmalloc(sizeof *r->block[slot]);
	return slot;
}

static void
pass_slot(struct ring *r, unsigned slot, size_t len)
{
	pthread_mutex_lock(&r->lock);
	r->len[slot] = len;
	r->count++;
	pthread_cond_signal(&r->filled);
	pthread_mutex_unlock(&r->lock);
}

static void
tee_block(struct stream *s, const union block *block, size_t len)
{
	if (!s->tee || s->tee_error != 0)
		return;
	if (io_write(STDOUT_FILENO, block->bytes, len) == -1)
		s->tee_error = errno;
}

/* How much of LEN bytes read is to be kept. */
static size_t
within_limit(struct stream *s, size_t len)
{
	uint64_t before = s->scan.seen - len;
	uint64_t room = s->limit > before ? s->limit - before : 0;

	if (len > room)
		s->over_limit = 1;
	return len > room ? (size_t)room : len;
}

static void
read_blocks(struct stream *s, struct ring *r)
{
	int failed;

	for (;;) {
		unsigned slot = take_slot(r, &failed);
		union block *block = r->block[slot];
		int wanted = s->tee && s->tee_error == 0;
		size_t keep;
		ssize_t n;

		wanted |= s->pack != NULL && !failed && !s->over_limit;
		if (!wanted)
			break;
		n = io_read(STDIN_FILENO, block, sizeof *block);
		if (n == -1)
			s->read_error = errno;
		if (n <= 0)
			break;
		elfscan_feed(&s->scan, block->bytes, (size_t)n);
		tee_block(s, block, (size_t)n);
		keep = s->pack == NULL ? 0 : within_limit(s, (size_t)n);
		if (keep > 0)
			pass_slot(r, slot, keep);
		if ((size_t)n < sizeof *block)
			break;
	}
	close(STDIN_FILENO);
}

/* Signals are for the thread that reads: its read is to be interrupted. */
static int
start_writer(pthread_t *writer, struct ring *r)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(writer, NULL, write_blocks, r);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

void
stream_run(struct stream *s)
{
	struct ring r = { .lock = PTHREAD_MUTEX_INITIALIZER,
	    .filled = PTHREAD_COND_INITIALIZER,
	    .freed = PTHREAD_COND_INITIALIZER, .stream = s };
	pthread_t writer;
	int rc;

	teeing = s->tee;
	/* Fewer wake-ups; refused to users above a limit, and no matter. */
	(void)fcntl(STDIN_FILENO, F_SETPIPE_SZ, ZSEEK_BLOCK);
	rc = start_writer(&writer, &r);
	if (rc != 0) {
		errno = rc;
		err(EXIT_REFUSED, "start a thread");
	}
	read_blocks(s, &r);
	pthread_mutex_lock(&r.lock);
	r.done = 1;
	pthread_cond_signal(&r.filled);
	pthread_mutex_unlock(&r.lock);
	pthread_join(writer, NULL);
	if (s->pack != NULL)
		s->write_error = pack_finish(s->pack, s->reserve);
	for (size_t i = 0; i < SLOTS; i++)
		free(r.block[i]);
}
