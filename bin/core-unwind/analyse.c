/* SPDX-License-Identifier: ISC */
#include "analyse.h"

#include <stdlib.h>

#include "cause/cause.h"
#include "cause/message.h"
#include "frame/tailcall.h"
#include "module/fetch.h"
#include "module/inflate.h"
#include "module/package.h"
#include "module/whence.h"
#include "report/environment.h"
#include "value/locals.h"
#include "xalloc.h"

#define WANTS_MAX 16			/* modules told to have no debug data */

static void
choose_threads(struct crash *c, const struct analyse_options *o)
{
	const struct target *t = c->target;
	unsigned char *chosen = xcalloc(t->nthreads, 1);
	size_t n = 0;

	for (size_t i = 0; i < t->nthreads; i++) {
		if (o->thread != 0 ? t->threads[i].tid != o->thread :
		    o->only_crashed && !t->threads[i].crashed)
			continue;
		chosen[i] = 1;
		n++;
	}
	if (n == 0 && t->nthreads > 0)
		strings_add(&c->target->missing, "no thread was chosen: %zu "
		    "are there", t->nthreads);
	c->chosen = chosen;
}

static int
wants_locals(const struct crash *c, const struct analyse_options *o, size_t i)
{
	return c->chosen[i] && (o->locals == LOCALS_ALL ||
	    (o->locals == LOCALS_CRASHED && (i == 0 || o->thread != 0)));
}

/* The crashed thread is unwound in any case: the cause is in its stack. */
static void
unwind_all(struct crash *c, const struct analyse_options *o)
{
	struct target *t = c->target;
	struct cfi_cache *cfi = cfi_cache_new(&c->modules);
	struct unwind_limits limits = o->limits;
	size_t not_done = 0;

	c->stacks = xcalloc(t->nthreads, sizeof *c->stacks);
	for (size_t i = 0; i < t->nthreads; i++) {
		if (!c->chosen[i] && i != 0)
			continue;
		if (*o->limits.expired) {
			not_done++;
			continue;
		}
		limits.activations = wants_locals(c, o, i) ?
		    LOCALS_FRAMES : 0;
		unwind_thread(&c->modules, cfi, &t->threads[i], &limits,
		    &c->stacks[i]);
	}
	if (not_done > 0)
		strings_add(&t->missing, "time was up: %zu threads were not "
		    "unwound", not_done);
	cfi_cache_free(cfi);
}

static void
name_frames(struct crash *c, const struct analyse_options *o)
{
	c->symbols = symbols_new(&c->modules);
	for (size_t i = 0; i < c->target->nthreads; i++)
		for (size_t n = 0; n < c->stacks[i].count; n++)
			symbols_want(c->symbols,
			    c->stacks[i].frame[n].lookup);
	symbols_resolve(c->symbols, o->limits.expired);
	if (*o->limits.expired)
		strings_add(&c->target->missing,
		    "time was up: not all frames were named");
}

/* What cannot be had of the modules that have frames. */
static void
collect_missing(struct crash *c)
{
	if (fetch_trouble() != NULL)
		strings_add(&c->target->missing, "%s", fetch_trouble());
	/* What has no frames is not worth a download. */
	c->modules.may_fetch = 0;
	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];
		int was_said;

		if (m->is_elf && !m->is_opened)
			module_open(&c->modules, m);
		was_said = m->missing != NULL;
		if (m->is_elf)
			whence_say(m);
		if (m->is_elf && was_said)
			strings_add(&c->target->missing, "%s", m->missing);
	}
}

static int
note_wants(void *arg, size_t number, const struct shown_frame *f)
{
	size_t *modules = arg;
	struct module *m = f->module;

	(void)number;
	if (m != NULL && m->is_elf && m->dwarf == NULL && m->path[0] == '/' &&
	    *modules < WANTS_MAX) {
		*modules += !m->wants_debug;
		m->wants_debug = 1;
	}
	return 0;
}

/* Whose debug data would have made the crashed thread's stack clearer? */
static void
find_packages(struct crash *c, const volatile int *expired)
{
	size_t modules = 0;

	if (c->target->nthreads > 0)
		crash_each_frame(c, 0, note_wants, &modules);
	packages_find(&c->modules, expired);
}

void
analyse(struct crash *c, const struct module_options *modules,
    const struct analyse_options *options)
{
	struct target *t = c->target;

	c->signal = t->siginfo.present ? t->siginfo.signo :
	    t->nthreads > 0 && t->threads[0].signal != 0 ?
	    t->threads[0].signal : c->meta->signal > 0 ?
	    (int)c->meta->signal : 0;
	if (options->locals != LOCALS_NONE)
		inflate_with_locations();
	modules_find(&c->modules, t, modules);
	choose_threads(c, options);
	unwind_all(c, options);
	name_frames(c, options);
	tailcall_find(c, options->limits.expired);
	python_read(c);
	if (options->locals != LOCALS_NONE)
		c->locals = locals_find(c, options->limits.expired);
	collect_missing(c);
	find_packages(c, options->limits.expired);
	c->message = message_find(c);
	c->cause = cause_find(c);
	fingerprint_make(c);
	if (options->environment)
		environment_read(c);
}
