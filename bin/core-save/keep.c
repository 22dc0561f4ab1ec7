/* SPDX-License-Identifier: ISC */
#include "keep.h"

#include <sys/statvfs.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "known.h"
#include "supersede.h"
#include "xalloc.h"

#define CHEAP		(UINT64_C(8) << 20)	/* a newest one always is */
#define PATIENCE	20		/* times its cost, between two of them */
#define COST_UNKNOWN	60000		/* ms: of one that is not done */
/* What a core shrinks to, about: what it really takes is accounted for later. */
#define SHRINKS		3
#define RECORD_SIZE	(UINT64_C(256) << 10)	/* a record without its core */

static uint64_t
milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/*
 * How large the core may be, of what is not zeros. Files are in it only when
 * the process has asked for that: then who knows how much of them.
 */
static uint64_t
resident(const struct process *p)
{
	size_t len;
	char *filter = p->dir == -1 ? NULL :
	    io_slurp(p->dir, "coredump_filter", 64, &len);
	int files = filter != NULL && (strtoul(filter, NULL, 16) & 0x8c) != 0;

	free(filter);
	if (files)
		return process_bytes(p, "VmSize");
	return process_bytes(p, "RssAnon") + process_bytes(p, "RssShmem") +
	    process_bytes(p, "VmSwap") + process_bytes(p, "HugetlbPages");
}

/* In one of a few buffers: two may be in one sentence. */
static const char *
show_size(uint64_t bytes)
{
	static const char unit[] = "BKMGT";
	static char text[4][24];
	static unsigned turn;
	double n = (double)bytes;
	size_t u = 0;

	for (; n >= 1024 && u < sizeof unit - 2; u++)
		n /= 1024;
	turn = (turn + 1) % 4;
	if (u == 0)
		snprintf(text[turn], sizeof text[turn], "%" PRIu64 " bytes",
		    bytes);
	else
		snprintf(text[turn], sizeof text[turn], "%.1f %ciB", n,
		    unit[u]);
	return text[turn];
}

/* Is there room for a core of SIZE bytes on the disk? Or K->reason. */
static int
disk_allows(struct keeping *k, const struct options *o, const struct statvfs *fs,
    const struct usage *u, uint64_t size)
{
	double all = (double)fs->f_blocks, unit = (double)fs->f_frsize;
	double rest = (double)fs->f_bavail -
	    (double)(size + u->pending) / unit;

	if (all <= 0 || rest * 100 >= all * o->keep_free)
		return 1;
	if ((double)fs->f_bavail * 100 < all * o->keep_free)
		k->reason = xasprintf("%.0f %% of the disk is free, "
		    "%u %% are to stay", (double)fs->f_bavail * 100 / all,
		    o->keep_free);
	else
		k->reason = xasprintf("it may take %s, and %u %% of the disk "
		    "are to stay free", show_size(size), o->keep_free);
	return 0;
}

/* The bounds on what all of it takes: 0 is none, UINT64_MAX a part of the disk. */
static int
usage_allows(struct keeping *k, const struct options *o, const struct statvfs *fs,
    const struct usage *u)
{
	uint64_t store = o->store_max, user = o->user_max;

	if (store == UINT64_MAX)
		store = (uint64_t)fs->f_blocks * fs->f_frsize / 10;
	if (user == UINT64_MAX)
		user = store / 4;
	if (store != 0 && u->total + k->reserved > store)
		k->reason = xasprintf("the records take %s, %s are allowed",
		    show_size(u->total), show_size(store));
	else if (user != 0 && u->user + k->reserved > user)
		k->reason = xasprintf("the records of user %" PRIu64
		    " take %s, %s are allowed", k->uid, show_size(u->user),
		    show_size(user));
	return k->reason == NULL;
}

static void
check_room(struct keeping *k, const struct options *o, const struct record *r,
    uint64_t size)
{
	struct statvfs fs;
	struct usage u;

	usage_read(k->known, k->uid, &u);
	k->reserved = size / SHRINKS + RECORD_SIZE;
	if (fstatvfs(r->store, &fs) == 0 &&
	    (!disk_allows(k, o, &fs, &u, size) ||
	    !usage_allows(k, o, &fs, &u)))
		usage_refused(k->known);
}

/* Is it time for another newest one? A loop may spend a twentieth on them. */
static int
is_worth(const struct known *of, uint64_t size, uint64_t now)
{
	uint64_t cost = of->cost == 0 ? COST_UNKNOWN : of->cost;

	return size <= CHEAP || now < of->last ||
	    now - of->last >= cost * PATIENCE;
}

static void
decide(struct keeping *k, const struct options *o, const struct record *r,
    struct known *of, uint64_t size)
{
	uint64_t now = milliseconds(CLOCK_REALTIME);

	if (size > o->limit)
		k->reason = xasprintf("%s are in memory, the limit is %s",
		    show_size(size), show_size(o->limit));
	else if (of->full >= o->first && !is_worth(of, size, now))
		k->reason = xasprintf("%" PRIu64 " full core%s of this crash "
		    "%s kept already", of->full, of->full == 1 ? "" : "s",
		    of->full == 1 ? "is" : "are");
	else
		check_room(k, o, r, size);
	k->full = k->reason == NULL;
	if (!k->full) {
		k->reserved = RECORD_SIZE;
		return;
	}
	k->newest = of->full >= o->first;
	if (!k->newest)
		of->full++;
	of->last = now;
	of->cost = 0;
}

void
keep_decide(struct keeping *k, const struct options *o, const struct process *p,
    const struct record *r)
{
	struct known of = { 0 };
	int64_t uid = told_number(o, TOLD_UID);
	int lock;

	*k = (struct keeping){ .full = 1,
	    .uid = uid == -1 ? r->owner : (uint64_t)uid };
	clock_gettime(CLOCK_MONOTONIC, &k->began);
	crashkey_make(k->key, o, p, r->owner);
	k->known = known_open(r->store);
	if (k->known == -1)
		return;
	lock = known_lock(k->known);
	if (*k->key != '\0')
		known_read(k->known, k->key, &of);
	decide(k, o, r, &of, resident(p));
	of.uid = k->uid;
	of.seen++;
	if (lock != -1) {
		if (*k->key != '\0')
			(void)known_write(k->known, k->key, &of);
		(void)usage_add(k->known, k->uid, (int64_t)k->reserved,
		    (int64_t)k->reserved);
		close(lock);
	} else
		k->reserved = 0;
}

/* What was decided has come about, or has not. With the lock held. */
static void
settle(struct keeping *k, const struct record *r, int complete)
{
	struct timespec now;
	struct known of;

	known_read(k->known, k->key, &of);
	if (!complete) {
		if (!k->newest && of.full > 0)
			of.full--;
	} else {
		clock_gettime(CLOCK_MONOTONIC, &now);
		of.cost = (uint64_t)((now.tv_sec - k->began.tv_sec) * 1000 +
		    (now.tv_nsec - k->began.tv_nsec) / 1000000) + 1;
		if (k->newest && strcmp(r->id, of.newest) > 0)
			memcpy(of.newest, r->id, sizeof of.newest);
	}
	(void)known_write(k->known, k->key, &of);
}

/* Of two newest ones, whichever is done first, the older gives way. */
static void
replace_older(struct keeping *k, const struct record *r, int64_t more)
{
	int turn = supersede_lock(k->known);
	int lock = known_lock(k->known);
	uint64_t freed = 0;
	struct known of;

	known_read(k->known, k->key, &of);
	if (lock != -1)
		close(lock);
	if (strcmp(r->id, of.newest) < 0)
		freed = supersede(r->store, r->id, of.newest);
	else if (*of.newest != '\0')
		freed = supersede(r->store, of.newest, r->id);
	lock = known_lock(k->known);
	if (lock != -1) {
		(void)usage_add(k->known, k->uid, more - (int64_t)freed,
		    -(int64_t)k->reserved);
		settle(k, r, 1);
		close(lock);
	}
	if (turn != -1)
		close(turn);
}

void
keep_settle(struct keeping *k, const struct record *r, uint64_t stored,
    int complete)
{
	int64_t more = (int64_t)stored - (int64_t)k->reserved;
	int lock;

	if (k->known == -1)
		return;
	if (*k->key != '\0' && k->full && k->newest && complete)
		replace_older(k, r, more);
	else if ((lock = known_lock(k->known)) != -1) {
		(void)usage_add(k->known, k->uid, more,
		    -(int64_t)k->reserved);
		if (*k->key != '\0' && k->full)
			settle(k, r, complete);
		close(lock);
	}
	close(k->known);
	free(k->reason);
}
