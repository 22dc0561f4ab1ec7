/* SPDX-License-Identifier: ISC */
/*
 * core-unwind: what happened in a crashed process, from its core, or where a
 * live one stands. Run by handler.sh as root (with --user), and by anybody.
 * It reads a stranger's core, and a stranger's executables: one process opens
 * what is needed and takes the results to their places, its child drops all
 * rights, closes a sandbox around itself, and only then reads.
 *
 * Its directories, each of which includes no other but those before it:
 *	target	a process, from a core or alive: threads, registers, memory
 *	module	its executable and libraries, and where their debug data is
 *	symbol	names, source lines and scopes for addresses
 *	frame	the stacks
 *	value	arguments and variables
 *	cause	why it died, in words
 *	report	what is written of all that
 */
#include <sys/prctl.h>

#include <err.h>
#include <errno.h>
#include <libelf.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "analyse.h"
#include "birth.h"
#include "crash.h"
#include "exits.h"
#include "meta.h"
#include "report/disasm.h"
#include "report/refingerprint.h"
#include "report/report.h"
#include "report/snapshot.h"
#include "run.h"
#include "sandbox.h"
#include "target/corefile.h"
#include "target/source.h"
#include "text.h"

static struct target *
read_target(struct run *r, struct target *live)
{
	int waits = supervise_waits_for_pipe(r);
	struct source *src;
	const char *why;

	if (!waits)
		supervise_start_clock(r);
	if (r->pid != 0)
		return live;
	errno = 0;
	src = source_open(r->core_fd, r->options.spool, &why);
	if (src == NULL)
		err(errno == EISDIR ? EXIT_WRONG : EXIT_REFUSED,
		    "read core %s: %s", text_show(r->options.core), why);
	if (waits)
		supervise_start_clock(r);
	if (corefile_read(live, src, &why) == -1)
		errx(source_is_refused(src) ? EXIT_REFUSED : EXIT_WRONG,
		    "read core %s: %s", text_show(r->options.core), why);
	return live;
}

/* What befell the parser and the sandbox themselves goes first. */
static void
add_missing(struct crash *c, const struct strings *early, const char *died)
{
	for (size_t i = 0; i < early->count; i++)
		strings_add(&c->target->missing, "%s", early->item[i]);
	if (died != NULL)
		strings_add(&c->target->missing, "%s", died);
}

/* Did --frames leave out any? By default no end of a stack is left out. */
static int
is_at_limit(struct crash *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->target->nthreads; i++)
		n += c->chosen[i] && c->stacks[i].at_limit;
	if (n > 0)
		strings_add(&c->target->missing, "%zu thread%s more frames "
		    "than were asked for", n, n == 1 ? " has" : "s have");
	return n > 0;
}

/* Writes what was found out. Returns the exit status: is it all there is? */
static int
tell(struct run *r, struct crash *c, int died)
{
	const struct target *t = c->target;
	int partial = is_at_limit(c) || supervise_expired || died ||
	    t->nthreads == 0 || t->is_cut || source_is_damaged(t->source) ||
	    memchr(c->chosen, 1, t->nthreads) == NULL;

	if (r->json_to.file != NULL)
		snapshot_write(c, r->json_to.file);
	if (r->text_to.file != NULL)
		report_write(c, r->text_to.file, r->colour);
	if (output_flush(&r->json_to) == -1 || output_flush(&r->text_to) == -1)
		err(EXIT_REFUSED, "write the result");
	for (size_t i = 0; partial && i < t->missing.count; i++)
		warnx("note: %s", text_show(t->missing.item[i]));
	return partial ? EXIT_PARTIAL : EXIT_SUCCESS;
}

/* The child: everything hostile is read here. Returns its exit status. */
static int
work(struct run *r, struct target *live, const char *died)
{
	struct options *o = &r->options;
	struct crash c = { .attributes = o->attributes,
	    .nattributes = o->nattributes };
	struct strings early = { 0 };
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	c.started_us = (uint64_t)now.tv_sec * 1000000 +
	    (uint64_t)now.tv_nsec / 1000;
	if (o->user != NULL && !birth_drop_alone(o->user))
		strings_add(&early, "user '%s' is not known here: core-unwind "
		    "ran as nobody", o->user);
	/* For the user that it now is, and not before. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (r->text_to.file != NULL)
		disasm_prepare();
	sandbox_enter(o->memory, died == NULL ? r->closed : NULL, &early);
	if (o->refingerprint) {
		supervise_start_clock(r);
		return refingerprint(r->core_fd, o->core, r->json_to.file);
	}
	if (elf_version(EV_CURRENT) == EV_NONE)
		errx(EXIT_REFUSED, "start libelf: %s", elf_errmsg(-1));
	c.target = read_target(r, live);
	c.meta = meta_read(r->files);
	record_name_threads(r->files, c.meta, c.target);
	c.time = c.meta->time != NULL ? c.meta->time : r->time;
	c.core_name = r->pid != 0 || o->record != NULL ||
	    strcmp(o->core, "-") == 0 ? NULL : o->core;
	add_missing(&c, &early, died);
	o->analyse.limits.expired = &supervise_expired;
	analyse(&c, &o->modules, &o->analyse);
	return tell(r, &c, died != NULL);
}

int
main(int argc, char **argv)
{
	struct run r = { 0 };
	struct target live = { .memory_fd = -1 };
	int status;

	birth_stdio();
	birth_undumpable();
	options_parse(&r.options, argc, argv);
	inputs_open(&r, &live);
	status = supervise(&r, &live, work);
	if (status == EXIT_SUCCESS || status == EXIT_PARTIAL) {
		output_publish(&r.json_to, r.options.record != NULL);
		output_publish(&r.text_to, r.options.record != NULL);
	}
	return status;
}
