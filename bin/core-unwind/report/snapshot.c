/* SPDX-License-Identifier: ISC */
#include "report/snapshot.h"

#include <time.h>

#include "cause/sender.h"
#include "crash.h"
#include "jsonw.h"
#include "module/package.h"
#include "report/framesjson.h"
#include "target/arch.h"

#define SNAPSHOT_VERSION 1

/* -1 is what nobody told. */
static void
put_id(struct jsonw *w, const char *key, int64_t value)
{
	if (value < 0)
		jsonw_null(w, key);
	else
		jsonw_int(w, key, value);
}

/* What it calls itself and where it runs: a container's, if it is in one. */
static void
put_system(const struct meta *m, struct jsonw *w)
{
	jsonw_string(w, "hostname", m->hostname);
	if (m->os_id == NULL && m->os_version_id == NULL &&
	    m->os_pretty_name == NULL)
		jsonw_null(w, "os_release");
	else {
		jsonw_begin_object(w, "os_release");
		jsonw_string(w, "id", m->os_id);
		jsonw_string(w, "version_id", m->os_version_id);
		jsonw_string(w, "pretty_name", m->os_pretty_name);
		jsonw_end_object(w);
	}
	jsonw_begin_object(w, "namespaces");
	for (size_t i = 0; i < m->nnamespaces; i++)
		put_id(w, m->namespaces[i].name, m->namespaces[i].inode);
	jsonw_end_object(w);
}

static void
put_process(const struct crash *c, struct jsonw *w)
{
	const struct target *t = c->target;
	const struct meta *m = c->meta;

	jsonw_begin_object(w, "process");
	put_id(w, "pid", m->pid >= 0 ? m->pid : t->pid > 0 ? (int64_t)t->pid : -1);
	put_id(w, "tid", m->tid >= 0 ? m->tid :
	    t->nthreads > 0 ? (int64_t)t->threads[0].tid : -1);
	jsonw_string(w, "exe", m->exe != NULL ? m->exe : t->exe);
	jsonw_string(w, "comm", m->comm != NULL ? m->comm : t->comm);
	jsonw_string(w, "cmdline", m->cmdline != NULL ? m->cmdline : t->args);
	put_id(w, "uid", m->uid >= 0 ? m->uid : t->has_ids ?
	    (int64_t)t->uid : -1);
	put_id(w, "gid", m->gid >= 0 ? m->gid : t->has_ids ?
	    (int64_t)t->gid : -1);
	put_id(w, "ns_pid", m->ns_pid);
	put_id(w, "ns_tid", m->ns_tid);
	jsonw_string(w, "container", m->container);
	jsonw_string(w, "unit", m->unit);
	if (c->environment.count > 0) {
		jsonw_begin_array(w, "environment");
		for (size_t i = 0; i < c->environment.count; i++)
			jsonw_string(w, NULL, c->environment.item[i]);
		jsonw_end_array(w);
	}
	put_system(m, w);
	jsonw_end_object(w);
}

static void
put_signal(const struct crash *c, struct jsonw *w)
{
	const struct siginfo *si = &c->target->siginfo;

	if (c->signal == 0) {
		jsonw_null(w, "signal");
		return;
	}
	jsonw_begin_object(w, "signal");
	jsonw_int(w, "number", c->signal);
	jsonw_string(w, "name", signal_name(c->signal));
	if (!si->present) {
		jsonw_null(w, "code");
		jsonw_null(w, "code_name");
		jsonw_null(w, "address");
		jsonw_null(w, "sender_pid");
		jsonw_end_object(w);
		return;
	}
	jsonw_int(w, "code", si->code);
	jsonw_string(w, "code_name", signal_code_name(c->signal, si->code));
	if (signal_has_address(c->signal, si->code))
		jsonw_address(w, "address", si->address);
	else
		jsonw_null(w, "address");
	if (si->code <= 0) {
		jsonw_uint(w, "sender_pid", si->sender_pid);
		jsonw_uint(w, "sender_uid", si->sender_uid);
		if (sender_comm(c) != NULL) {
			jsonw_string(w, "sender_comm", sender_comm(c));
			jsonw_string(w, "sender_exe", sender_exe(c));
		}
	} else
		jsonw_null(w, "sender_pid");
	jsonw_end_object(w);
}

static void
put_fingerprint(const struct crash *c, struct jsonw *w)
{
	const struct fingerprint *fp = &c->fingerprint;

	jsonw_begin_object(w, "fingerprint");
	jsonw_int(w, "version", FINGERPRINT_VERSION);
	jsonw_string(w, "signature", fp->signature);
	jsonw_string(w, "strict", fp->strict);
	jsonw_string(w, "loose", fp->loose);
	jsonw_bool(w, "weak", fp->weak);
	jsonw_end_object(w);
}

struct gap {
	const struct frame *first;	/* behind it */
	size_t before;
};

static int
count_before(void *arg, size_t number, const struct shown_frame *f)
{
	struct gap *gap = arg;

	(void)number;
	if (f->frame >= gap->first)
		return 1;
	gap->before++;
	return 0;
}

/* How many of the frames that are written, inlined calls too, precede it. */
static size_t
before_gap(const struct crash *c, size_t i)
{
	const struct stack *s = &c->stacks[i];
	struct gap gap = { .first = s->frame + s->omitted_after };

	crash_each_frame(c, i, count_before, &gap);
	return gap.before;
}

static void
put_thread(const struct crash *c, size_t i, struct jsonw *w,
    struct framesjson *frames)
{
	const struct thread *th = &c->target->threads[i];
	const struct arch *a = c->target->arch;
	const struct stack *s = &c->stacks[i];

	jsonw_begin_object(w, NULL);
	jsonw_uint(w, "tid", th->tid);
	jsonw_string(w, "name", th->name);
	jsonw_bool(w, "crashed", th->crashed);
	jsonw_begin_object(w, "registers");
	for (size_t r = 0; r < a->nraw; r++)
		jsonw_address(w, a->raw[r].name, th->raw[r]);
	jsonw_end_object(w);
	jsonw_begin_array(w, "frames");
	framesjson_thread(frames, c, i, w);
	jsonw_end_array(w);
	jsonw_bool(w, "truncated", s->truncated || s->omitted > 0);
	if (s->omitted > 0) {
		jsonw_uint(w, "omitted", s->omitted);
		jsonw_uint(w, "omitted_after", before_gap(c, i));
	}
	if (s->why != NULL)
		jsonw_string(w, "truncated_why", s->why);
	jsonw_end_object(w);
}

static void
put_threads(const struct crash *c, struct jsonw *w)
{
	struct framesjson *frames = framesjson_new();

	jsonw_begin_array(w, "threads");
	for (size_t i = 0; i < c->target->nthreads; i++)
		if (c->chosen[i])
			put_thread(c, i, w, frames);
	jsonw_end_array(w);
	framesjson_free(frames);
}

static void
put_package(const struct package *p, struct jsonw *w)
{
	if (p->name != NULL)
		jsonw_string(w, "package", p->name);
	if (p->version != NULL)
		jsonw_string(w, "package_version", p->version);
	if (p->debug != NULL)
		jsonw_string(w, "debug_package", p->debug);
}

static void
put_modules(struct crash *c, struct jsonw *w)
{
	jsonw_begin_array(w, "modules");
	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];

		if (!m->is_elf)
			continue;
		jsonw_begin_object(w, NULL);
		jsonw_string(w, "path", m->path);
		jsonw_address(w, "start", m->start);
		jsonw_address(w, "end", m->end);
		jsonw_string(w, "build_id", module_build_id(m));
		jsonw_string(w, "symbols", m->symbols);
		jsonw_string(w, "missing", m->missing);
		put_package(&m->package, w);
		jsonw_end_object(w);
	}
	jsonw_end_array(w);
}

static uint64_t
elapsed_ms(const struct crash *c)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000 -
	    c->started_us) / 1000;
}

void
snapshot_write(struct crash *c, FILE *out)
{
	const struct target *t = c->target;
	struct jsonw w;

	jsonw_init(&w, out);
	jsonw_begin_object(&w, NULL);
	jsonw_int(&w, "version", SNAPSHOT_VERSION);
	jsonw_string(&w, "id", c->meta->id);
	jsonw_string(&w, "time", c->time);
	jsonw_string(&w, "host", c->meta->host);
	jsonw_string(&w, "arch", t->arch->name);
	put_process(c, &w);
	put_signal(c, &w);
	jsonw_string(&w, "cause", c->cause);
	jsonw_string(&w, "message", c->message);
	put_fingerprint(c, &w);
	if (t->source == NULL)
		jsonw_uint(&w, "stopped_us", t->stopped_us);
	put_threads(c, &w);
	put_modules(c, &w);
	jsonw_begin_object(&w, "attributes");
	for (size_t i = 0; i < c->nattributes; i++)
		jsonw_string(&w, c->attributes[i].key, c->attributes[i].value);
	jsonw_end_object(&w);
	jsonw_begin_array(&w, "missing");
	for (size_t i = 0; i < c->meta->missing.count; i++)
		jsonw_string(&w, NULL, c->meta->missing.item[i]);
	for (size_t i = 0; i < t->missing.count; i++)
		jsonw_string(&w, NULL, t->missing.item[i]);
	jsonw_end_array(&w);
	jsonw_begin_object(&w, "tool");
	jsonw_string(&w, "name", "core-unwind");
	jsonw_string(&w, "version", VERSION);
	jsonw_uint(&w, "elapsed_ms", elapsed_ms(c));
	jsonw_end_object(&w);
	jsonw_end_object(&w);
	putc('\n', out);
}
