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

/*
 * Whose debug data would make the crashed thread's stack clearer? Asked before
 * names are: where there are debug data they are being inflated meanwhile.
 */
static void
find_packages(struct crash *c, const volatile int *expired)
{
	const struct stack *crashed = c->stacks;
	size_t wanted = 0;

	for (size_t i = 0; c->target->nthreads > 0 && i < crashed->count &&
	    wanted < WANTS_MAX; i++) {
		struct module *m = modules_at(&c->modules,
		    crashed->frame[i].lookup);

		if (m == NULL || m->wants_debug || !m->is_elf ||
		    m->path[0] != '/' || module_open(&c->modules, m) == -1)
			continue;
		module_open_debug_once(&c->modules, m);
		m->wants_debug = m->dwarf_elf == NULL;
		wanted += (size_t)m->wants_debug;
	}
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
	find_packages(c, options->limits.expired);
	name_frames(c, options);
	tailcall_find(c, options->limits.expired);
	python_read(c);
	if (options->locals != LOCALS_NONE)
		c->locals = locals_find(c, options->limits.expired);
	collect_missing(c);
	c->message = message_find(c);
	c->cause = cause_find(c);
	fingerprint_make(c);
	if (options->environment)
		environment_read(c);
}
