/* SPDX-License-Identifier: ISC */
#include "stream.h"

#include <sys/resource.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exits.h"
#include "io.h"
#include "live.h"
#include "pool.h"
#include "save.h"
#include "stacks.h"

/* Seconds after the deadline in which to finish what there is. */
#define GRACE	5

static volatile int stopped;
static volatile sig_atomic_t teeing;
static int nothing = -1;	/* /dev/null, not to be written to */
static unsigned char scrap[ZSEEK_BLOCK];	/* for what is not kept */

/*
 * The read or write that was interrupted is begun again, and finds the end of
 * file, or a descriptor that takes nothing.
 */
static void
stop(int signal)
{
	int saved = errno;

	if (signal == SIGALRM)
		alarm(GRACE);
	stopped = signal;
	dup2(nothing, STDIN_FILENO);
	if (teeing)
		dup2(nothing, STDOUT_FILENO);
	errno = saved;
}

/*
 * A signal that is caught says nothing to who waits within the kernel for a page
 * that somebody has to bring.
 */
static void
kill_after(unsigned seconds)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGKILL };
	struct itimerspec when = { .it_value.tv_sec = (time_t)seconds };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 ||
	    timer_settime(timer, 0, &when, NULL) == -1)
		warn("set deadline");
}

void
stream_signals(unsigned seconds)
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
	/* Once: the second one kills. */
	sa.sa_flags = (int)SA_RESETHAND;
	if (seconds != 0 && sigaction(SIGALRM, &sa, NULL) == 0) {
		alarm(seconds);
		kill_after(seconds + GRACE + 1);
	}
}

int
stream_stopped(void)
{
	return stopped;
}

int
stream_wanted(struct stream *s)
{
	return s->pack != NULL && stopped == 0 && fill_wanted(&s->fill);
}

void
stream_add(struct stream *s, size_t len)
{
	elfscan_pass(&s->scan, len);
	fill_add(&s->fill, len);
}

void
stream_zeros(struct stream *s, uint64_t len)
{
	elfscan_pass(&s->scan, len);
	fill_zeros(&s->fill, len);
}

void
stream_later(struct stream *s, uint64_t address, uint64_t len)
{
	elfscan_pass(&s->scan, len);
	fill_later(&s->fill, address, len);
}

int
save_thread(pthread_t *thread, void *(*run)(void *), void *arg)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

/* It has no stacks to pick: all of it is kept, as it came and will come. */
static void
keep_instead(struct stream *s, const unsigned char *bytes, size_t len)
{
	s->stacks_only = 0;
	while (len > 0 && fill_wanted(&s->fill)) {
		size_t room;
		unsigned char *to = fill_room(&s->fill, &room);

		if (room > len)
			room = len;
		memcpy(to, bytes, room);
		fill_add(&s->fill, room);
		bytes += room;
		len -= room;
	}
}

int
stream_keep_whole(struct stream *s)
{
	static const unsigned char zeros[GRANULE];
	size_t len;
	const unsigned char *head = stacks_head(s->stacks, &len);
	uint64_t begin = s->scan.seen;

	/* What rounds the notes up to a page is zeros, and to be put there as
	   bytes: they begin in the midst of a granule. */
	if (len > begin || begin - len >= GRANULE)
		return 0;
	keep_instead(s, head, len);
	keep_instead(s, zeros, (size_t)(begin - len));
	return 1;
}

static void
see_stacks(struct stream *s, const unsigned char *bytes, size_t len)
{
	const unsigned char *all;
	size_t all_len;

	if (bytes != NULL)
		stacks_feed(s->stacks, bytes, len);
	else
		stacks_end(s->stacks);
	if (stacks_refused(s->stacks, &all, &all_len) == NULL)
		return;
	s->has_stacks = 0;
	if (s->stacks_only)
		keep_instead(s, all, all_len);
}

static void
keep_notes(struct stream *s, const unsigned char *bytes, size_t len)
{
	size_t room = sizeof s->notes.bytes - s->notes.len;

	len = len < room ? len : room;
	memcpy(s->notes.bytes + s->notes.len, bytes, len);
	s->notes.len += len;
}

int
stream_take(struct stream *s, uint64_t len)
{
	while (len > 0) {
		int keep = s->pack != NULL && !s->stacks_only &&
		    fill_wanted(&s->fill);
		int pick = s->has_stacks && stacks_wants(s->stacks);
		size_t room = sizeof scrap;
		unsigned char *to = scrap;
		ssize_t n;

		if (!keep && !pick && (!s->tee.on || s->tee.error != 0))
			return 0;
		if (keep)
			to = fill_room(&s->fill, &room);
		if (room > len)
			room = (size_t)len;
		n = io_read(STDIN_FILENO, to, room);
		if (n == -1)
			s->read_error = errno;
		if (n <= 0)
			return 0;
		elfscan_feed(&s->scan, to, (size_t)n);
		tee_add(&s->tee, to, (size_t)n);
		if (s->is_in_notes)
			keep_notes(s, to, (size_t)n);
		if (keep)
			fill_add(&s->fill, (size_t)n);
		if (pick)
			see_stacks(s, to, (size_t)n);
		if ((size_t)n < room)
			return 0;
		len -= (uint64_t)n;
	}
	return 1;
}

/* Read LEN bytes that were had already. 0 when there were not so many. */
static int
pass_over(struct stream *s, uint64_t len)
{
	while (len > 0) {
		size_t want = len < sizeof scrap ? (size_t)len : sizeof scrap;
		ssize_t n = io_read(STDIN_FILENO, scrap, want);

		if (n == -1)
			s->read_error = errno;
		if (n > 0)
			tee_add(&s->tee, scrap, (size_t)n);
		if (n > 0 && s->has_stacks)
			see_stacks(s, scrap, (size_t)n);
		if (n != (ssize_t)want)
			return 0;
		len -= want;
	}
	return 1;
}

static void
read_core(struct stream *s)
{
	uint64_t skip = 0;

	s->tee.aside = s->live != NULL && s->pack != NULL;
	if (s->tee.aside)
		s->is_live = live_read(s->live, s, &skip);
	if (s->is_live)
		return;
	/*
	 * Fewer wake-ups; refused to users above a limit, and no matter. Not
	 * before: what fits the pipe holds nobody.
	 */
	(void)fcntl(STDIN_FILENO, F_SETPIPE_SZ, ZSEEK_BLOCK);
	tee_catch_up(&s->tee);
	if (pass_over(s, skip))
		stream_take(s, UINT64_MAX);
	else
		/* More was read from its memory than the kernel had said. */
		s->is_live = s->killed = 1;
}

/* Let the process go, as soon as nobody wants more of it. */
static void
let_go(struct stream *s)
{
	if (s->is_live)
		tee_rest(&s->tee, &stopped);
	if (s->before_release != NULL)
		s->before_release(s->prelude_arg);
	close(STDIN_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &s->closed);
	if (s->tee.on && stopped != 0 && s->tee.error == 0)
		s->tee.error = EINTR;
}

void
stream_run(struct stream *s)
{
	struct ram ram;
	struct hold hold;
	struct pool pool = { .hold = &hold, .pack = s->pack,
	    .level = s->level, .prelude = s->prelude,
	    .prelude_arg = s->prelude_arg };

	teeing = s->tee.on;
	s->has_stacks = s->stacks != NULL;
	ram_init(&ram, s->ram);
	hold_init(&hold, &ram);
	hold.fetch = live_fetch;
	hold.fetch_arg = s->live;
	s->fill = (struct fill){ .hold = &hold, .limit = s->limit };
	pool_start(&pool);
	/* Somebody waits for this very thread; refused to users, no matter. */
	(void)setpriority(PRIO_PROCESS, 0, SAVE_HURRY);
	read_core(s);
	if (s->has_stacks)
		see_stacks(s, NULL, 0);
	s->over_limit = s->fill.over_limit;
	s->stopped = stopped;
	fill_end(&s->fill);
	let_go(s);
	(void)setpriority(PRIO_PROCESS, 0, 0);
	pool_finish(&pool);
	s->killed |= hold.lost;
	if (s->live != NULL)
		after_end(&s->live->after);
	hold_release(&hold);
	if (s->stacks_only && s->pack != NULL)
		s->over_limit = stacks_write(s->stacks, s->pack, s->level,
		    s->limit) == 1;
	if (s->pack != NULL)
		s->write_error = pack_finish(s->pack, s->reserve);
}
