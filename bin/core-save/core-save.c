/* SPDX-License-Identifier: ISC */
/*
 * core-save: read a core on stdin, as the kernel writes it, and save it where
 * it can be read again, with what /proc knows of the process that is held
 * until all of it is read. See core-save(8).
 */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "birth.h"
#include "exits.h"
#include "keep.h"
#include "layout.h"
#include "lists.h"
#include "live.h"
#include "meta.h"
#include "module.h"
#include "osrelease.h"
#include "process.h"
#include "record.h"
#include "save.h"
#include "stacks.h"
#include "stream.h"
#include "xalloc.h"

static uint64_t
milliseconds(const struct timespec *from, const struct timespec *to)
{
	return (uint64_t)((to->tv_sec - from->tv_sec) * 1000 +
	    (to->tv_nsec - from->tv_nsec) / 1000000);
}

/*
 * Why the core in the file is not the whole of it, or NULL when it is. The
 * caller frees.
 */
static char *
reason_of(const struct stream *s)
{
	if (s->write_error != 0)
		return xasprintf("write: %s", strerror(s->write_error));
	if (s->read_error != 0)
		return xasprintf("read: %s", strerror(s->read_error));
	if (s->over_limit)
		return xasprintf("cut at the limit of %" PRIu64 " bytes",
		    s->limit);
	if (s->stacks_only)
		return stacks_is_cut(s->stacks) ?
		    xstrdup("the stream ended before all stacks were in") :
		    NULL;
	if (s->stopped != 0)
		return xasprintf("stopped by signal %d", s->stopped);
	if (s->killed)
		return xstrdup("its process was killed while it was read");
	return elfscan_verdict(&s->scan);
}

/*
 * Who may read it: what the kernel told decides, never what /proc says, and a
 * doubt is enough for root alone.
 */
static uid_t
decide_owner(const struct options *o, const struct process *p,
    struct missing *m)
{
	const char *dumpable = o->told[TOLD_DUMPABLE];
	const char *why = NULL;

	if (geteuid() != 0)
		return geteuid();
	if (o->owner == 0)
		return 0;
	if (p->mismatch)
		why = "its process is not known for sure";
	else if (dumpable != NULL && strcmp(dumpable, "1") != 0)
		why = "it was not dumpable as its user";
	else if (o->told[TOLD_UID] != NULL &&
	    told_number(o, TOLD_UID) != (int64_t)o->owner)
		why = "it ran as another user";
	if (why == NULL)
		return o->owner;
	missing_matters(m, "access: only root can read this record: %s", why);
	return 0;
}

static gid_t
gid_of_user(const struct options *o)
{
	int64_t told = told_number(o, TOLD_GID);

	return told < 0 || told > UINT32_MAX ? 65534 : (gid_t)told;
}

struct job {
	struct record record;
	struct process process;
	struct lists lists;
	struct missing missing;
	struct modules modules;
	struct live live;
	struct keeping keep;
	struct meta meta;
	const struct stream *stream;
};

static void
before_release(void *arg)
{
	struct job *j = arg;

	lists_wait(&j->lists);
	sender_find(&j->meta.sender, &j->stream->notes, j->meta.options,
	    &j->process, j->record.owner);
}

/* What is known already, while the core comes in: all there is if we die. */
static void
write_early(void *arg)
{
	struct job *j = arg;

	lists_wait(&j->lists);
	record_write_proc(&j->record, &j->process, &j->missing);
	if (record_write_meta(&j->record, &j->meta) == -1)
		warn("write 'meta.json' of record '%s'", j->record.id);
}

/* The last words, on a full disk too: rather no core than no word of it. */
static int
write_late(struct job *j)
{
	static const char why[] = "it was dropped for meta.json, which could "
	    "not be written";

	record_use_reserve(&j->record);
	if (record_write_meta(&j->record, &j->meta) == 0 ||
	    record_write_meta(&j->record, &j->meta) == 0)
		return 0;
	warn("write 'meta.json' of record '%s'", j->record.id);
	if (j->record.core == -1 || ftruncate(j->record.core, 0) == -1)
		return -1;
	j->meta.bytes = j->meta.stored = 0;
	if (j->meta.reason == NULL) {
		j->meta.reason = why;
		missing_matters(&j->missing, "core: %s", why);
	}
	return record_write_meta(&j->record, &j->meta);
}

/* Of stacks: what they lack; or that all of it is kept in their stead. */
static void
describe_stacks(struct job *j, const struct options *o, struct stream *s)
{
	const unsigned char *bytes;
	size_t len;

	if (s->is_small) {
		j->meta.kind = "full";
		missing_note(&j->missing, "stacks: all of the core is kept "
		    "instead, for it is no larger");
		return;
	}
	if (!s->stacks_only) {
		j->meta.kind = "full";
		missing_note(&j->missing, "stacks: all of the core is kept "
		    "instead: %s", stacks_refused(s->stacks, &bytes, &len));
		return;
	}
	stacks_missing(s->stacks, &j->missing);
	if (j->meta.reason == NULL) {
		j->meta.reason = xasprintf("stacks only: %s",
		    o->keep == KEEP_AUTO ? j->keep.reason : o->keep_why);
		missing_note(&j->missing, "core: %s", j->meta.reason);
	}
}

static void
describe_core(struct job *j, const struct options *o, struct stream *s)
{
	j->meta.file = NULL;
	if (o->keep == KEEP_NONE)
		j->meta.reason = "not kept: --keep=none";
	else if (s->pack == NULL)
		j->meta.reason = "core.zst could not be created";
	else {
		j->meta.live = s->is_live;
		if (s->write_error == 0 && fsync(j->record.core) == -1)
			s->write_error = errno;
		j->meta.file = "core.zst";
		j->meta.bytes = pack_content(s->pack);
		j->meta.stored = pack_stored(s->pack);
		j->meta.reason = reason_of(s);
		if (j->meta.reason != NULL)
			missing_matters(&j->missing, "core: %s",
			    j->meta.reason);
		if (s->stacks != NULL && !j->keep.newest)
			describe_stacks(j, o, s);
	}
	if (s->tee.error != 0)
		missing_matters(&j->missing, "tee: %s",
		    strerror(s->tee.error));
}

/* Are its stacks to be kept: in the place of the core, or beside it? */
static void
ask_stacks(struct stream *s, const struct options *o,
    const struct keeping *keep)
{
	int only = o->keep == KEEP_STACKS ||
	    (o->keep == KEEP_AUTO && !keep->full);

	if (s->pack == NULL || (!only && !keep->newest))
		return;
	s->stacks = stacks_new();
	s->stacks_only = only;
	s->or_whole = o->keep == KEEP_AUTO;
}

/*
 * What takes the place of the core when a newer one of its kind comes, if that
 * is of any use.
 */
static void
write_beside(struct job *j, const struct options *o, struct stream *s)
{
	static const char no_larger[] = "stacks: not kept beside the core, "
	    "which is no larger";
	struct pack *pack;
	int none = -1, fd;

	if (!j->keep.newest || !s->has_stacks || j->meta.reason != NULL)
		return;
	/* Before they are compressed that can be seen already, or after it. */
	if (s->is_small) {
		missing_note(&j->missing, no_larger);
		return;
	}
	fd = record_create(&j->record, "stacks.zst", &j->missing);
	if (fd == -1)
		return;
	pack = pack_new(fd);
	if (stacks_write(s->stacks, pack, o->level, UINT64_MAX) == 0 &&
	    pack_finish(pack, &none) == 0 &&
	    pack_stored(pack) < j->meta.stored && fsync(fd) == 0) {
		j->meta.stacks_bytes = pack_content(pack);
		j->meta.stacks_stored = pack_stored(pack);
	} else {
		unlinkat(j->record.dir, "stacks.zst", 0);
		if (pack_stored(pack) >= j->meta.stored)
			missing_note(&j->missing, no_larger);
	}
	pack_free(pack);
	close(fd);
}

/* What the record takes on the disk by now, about: a report will follow. */
static uint64_t
room_taken(const struct job *j)
{
	uint64_t bytes = j->meta.stored + j->meta.stacks_stored +
	    (UINT64_C(64) << 10);

	for (int i = 0; i < PROC_FILES; i++)
		bytes += (j->process.file[i].len + 4095) & ~(uint64_t)4095;
	return bytes;
}

/* What is true if we die. */
static void
begin_meta(struct job *j, const struct options *o, const char *kind)
{
	j->meta.options = o;
	j->meta.process = &j->process;
	j->meta.missing = &j->missing;
	j->meta.id = j->record.id;
	j->meta.owner = j->record.owner;
	j->meta.crash_key = j->keep.key;
	j->meta.file = j->record.core == -1 ? NULL : "core.zst";
	j->meta.kind = kind;
	j->meta.reason = "the capture did not finish";
}

static int
save_record(const struct options *o)
{
	static struct job j;
	struct stream s = { .live = &j.live, .limit = o->limit, .ram = o->ram,
	    .level = o->level, .tee.on = o->tee };
	struct timespec began;

	clock_gettime(CLOCK_MONOTONIC, &began);
	clock_gettime(CLOCK_REALTIME, &j.meta.began);
	process_gather(&j.process, o, &j.missing);
	lists_start(&j.lists, &j.process, &j.missing);
	meta_missing(o, &j.process, &j.missing);
	j.record.owner = decide_owner(o, &j.process, &j.missing);
	if (record_open(&j.record, o, process_bytes(&j.process, "VmSize"),
	    &j.missing) == -1) {
		/* Whoever reads what we pass on still gets it. */
		if (o->tee)
			stream_run(&s);
		return EXIT_REFUSED;
	}
	osrelease_read(&j.meta.os, &j.process, j.record.owner,
	    gid_of_user(o), &j.missing);
	modules_pin(&j.modules, &j.process, &j.missing);
	live_open(&j.live, o, &j.process);
	if (o->keep == KEEP_AUTO)
		keep_decide(&j.keep, o, &j.process, &j.record);
	else
		crashkey_make(j.keep.key, o, &j.process, j.record.owner);
	if (j.record.core != -1)
		s.pack = pack_new(j.record.core);
	ask_stacks(&s, o, &j.keep);
	begin_meta(&j, o, s.stacks_only ? "stacks" : "full");
	s.reserve = &j.record.reserve;
	s.prelude = write_early;
	s.before_release = before_release;
	s.prelude_arg = &j;
	j.stream = &s;
	stream_run(&s);
	j.meta.core_time_ms = milliseconds(&began, &s.closed);
	j.meta.why = j.live.why;
	describe_core(&j, o, &s);
	write_beside(&j, o, &s);
	modules_copy(&j.modules, &j.process, j.record.dir, &j.missing);
	if (layout_marker(j.record.store, j.record.owner, j.record.id) == -1)
		missing_matters(&j.missing, "access: not in its owner's list");
	if (write_late(&j) == -1 || record_publish(&j.record) == -1)
		return EXIT_REFUSED;
	if (o->keep == KEEP_AUTO)
		keep_settle(&j.keep, &j.record, room_taken(&j),
		    j.meta.reason == NULL);
	if (!o->tee && (printf("%s%s%s\n", j.record.id,
	    o->print_key && j.keep.key[0] != '\0' ? " " : "",
	    o->print_key ? j.keep.key : "") < 0 || fflush(stdout) == EOF))
		warn("write to stdout");
	return j.missing.matters ? EXIT_PARTIAL : EXIT_SUCCESS;
}

static int
save_file(const struct options *o)
{
	struct missing missing = { 0 };
	struct process process;
	struct live live;
	struct stream s = { .live = &live, .limit = o->limit, .ram = o->ram,
	    .level = o->level, .tee.on = o->tee };
	struct outfile f;
	int reserve = -1, usable, status = EXIT_SUCCESS;
	char *reason;

	process_gather(&process, o, &missing);
	live_open(&live, o, &process);
	if (outfile_open(&f, o->out) == -1) {
		if (o->tee)
			stream_run(&s);
		return EXIT_REFUSED;
	}
	s.pack = pack_new(f.fd);
	ask_stacks(&s, o, &(struct keeping){ 0 });
	s.reserve = f.dir == -1 ? NULL : &reserve;
	stream_run(&s);
	reason = reason_of(&s);
	if (reason != NULL) {
		warnx("core: %s", reason);
		status = EXIT_PARTIAL;
	}
	if (s.tee.error != 0) {
		warnx("tee: %s", strerror(s.tee.error));
		status = EXIT_PARTIAL;
	}
	if (s.stacks != NULL && !s.stacks_only)
		warnx("core: all of it is kept, and not its stacks");
	usable = s.write_error == 0 ||
	    (f.dir != -1 && pack_content(s.pack) > 0);
	if (outfile_close(&f, usable) == -1 || !usable)
		status = EXIT_REFUSED;
	free(reason);
	pack_free(s.pack);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o;

	birth_stdio();
	birth_undumpable();
	/* What threads allocate is large or rare: no heap for each of them. */
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
#endif
	options_parse(&o, argc, argv);
	stream_signals(o.timeout);
	/* Modes are given where files are made; a user's are the user's. */
	umask(geteuid() == 0 ? 0 : 077);
	return o.store != NULL ? save_record(&o) : save_file(&o);
}
