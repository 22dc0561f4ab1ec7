/* SPDX-License-Identifier: ISC */
#include "report/fingerprint.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "path.h"
#include "report/framelist.h"
#include "symbol/funcname.h"
#include "xalloc.h"

#define LOOK_AT 200			/* shown frames that are considered */
#define STRICT_FRAMES 6
#define LOOSE_FRAMES 3
#define SIGNATURE_FRAMES 4
#define SIGNATURE_MAX 255
#define CYCLE_MAX 10

struct fingerprint_names {
	char *item[LOOK_AT];
	unsigned char is_system[LOOK_AT], is_named[LOOK_AT];
	size_t count;
	int has_own;			/* there is a frame of the program */
	int is_guessed;			/* it is not sure */
	size_t interrupted;		/* frames from here on were at work
					   when a signal came; 0: none did */
};

struct fingerprint_names *
fingerprint_begin(void)
{
	return xcalloc(1, sizeof(struct fingerprint_names));
}

int
fingerprint_add(struct fingerprint_names *names,
    const struct fingerprint_frame *f)
{
	const char *module = f->module == NULL ? NULL : path_base(f->module);
	int is_system = module != NULL && framelist_has(FRAMES_SYSTEM, module);
	char *name;

	/* Of a library alone all that call it are alike: then a guess at its
	   caller is better than none. */
	if (((f->is_guess || names->is_guessed) && names->has_own) ||
	    names->count >= LOOK_AT)
		return 1;
	if (f->is_guess && is_system)
		return 0;
	names->is_guessed |= f->is_guess;
	names->has_own |= !is_system && (module != NULL || f->function != NULL);
	if (f->function != NULL) {
		name = funcname_plain(f->function);
		names->is_named[names->count] = 1;
	} else if (is_system)
		/* Where the symbols are missing, which is usual there: an
		   offset would change with every security update. */
		name = xstrdup(module);
	else if (module != NULL)
		name = xasprintf("%s+0x%" PRIx64, module, f->module_offset);
	else
		name = xstrdup(f->pc < 4096 ? "0x0" : "?");
	if (f->is_trampoline)
		names->interrupted = names->count + 1;
	names->is_system[names->count] = (unsigned char)is_system;
	names->item[names->count++] = name;
	return 0;
}

/* A run that repeats at once, of one to ten frames, counts once. */
static size_t
fold_cycles(const char **frames, size_t n)
{
	for (size_t len = 1; len <= CYCLE_MAX; len++) {
		size_t out = 0;

		for (size_t i = 0; i < n; i++) {
			size_t same = 0;

			while (out >= len && same < len && i + same < n &&
			    strcmp(frames[out - len + same],
			    frames[i + same]) == 0)
				same++;
			if (same == len)
				i += len - 1;
			else
				frames[out++] = frames[i];
		}
		n = out;
	}
	return n;
}

/* 64-bit FNV-1a: stable everywhere, and no adversary gains by a collision. */
static void
hash(const char *class, const char *const *frames, size_t n, char out[17])
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	char *text = xasprintf("f%d\n%s\n", FINGERPRINT_VERSION, class);

	for (size_t i = 0; i <= n; i++) {
		const char *s = i == 0 ? text : frames[i - 1];

		for (; *s != '\0'; s++)
			h = (h ^ (unsigned char)*s) *
			    UINT64_C(0x100000001b3);
		h = (h ^ '\n') * UINT64_C(0x100000001b3);
	}
	free(text);
	snprintf(out, 17, "%016" PRIx64, h);
}

static char *
sign(const char *const *frames, size_t n)
{
	char *all = NULL;

	for (size_t i = 0; i < n && i < SIGNATURE_FRAMES; i++) {
		char *longer = all == NULL ? xstrdup(frames[i]) :
		    xasprintf("%s | %s", all, frames[i]);

		free(all);
		all = longer;
	}
	if (all != NULL && strlen(all) > SIGNATURE_MAX)
		memcpy(all + SIGNATURE_MAX - 3, "...", 4);
	return all;
}

/* The frames between those that say how it died and those below main. */
static size_t
choose(const struct fingerprint_names *names, int is_abort, int is_sent,
    const char **frames, size_t *named)
{
	size_t first = 0, last = names->count, n = 0;
	int is_own = 0;

	/* A handler that sends the signal again is not where it happened. */
	if (is_sent && names->interrupted < last)
		first = names->interrupted;
	while (first < last && (framelist_has(FRAMES_DYING, names->item[first]) ||
	    (is_abort && names->is_system[first])))
		first++;
	while (last > first && (framelist_has(FRAMES_BOTTOM, names->item[last - 1]) ||
	    (names->is_system[last - 1] && !names->is_named[last - 1])))
		last--;
	/* A _start without a name hides the others from the outer end. */
	for (size_t i = first; i < last; i++)
		if (framelist_has(FRAMES_BOTTOM, names->item[i]))
			last = i;
	if (first == last) {
		first = 0;
		last = names->count;
	}
	for (size_t i = first; i < last; i++) {
		/* A library between a program's functions, as qsort(3), only
		   passes the call on. */
		if ((is_own && names->is_system[i]) ||
		    (framelist_has(FRAMES_NOISE, names->item[i]) &&
		    n + last - i > 1))
			continue;
		is_own |= !names->is_system[i];
		frames[n++] = names->item[i];
		*named += names->is_named[i];
	}
	return n;
}

void
fingerprint_end(struct fingerprint_names *names, int signal, int is_sent,
    struct fingerprint *fp)
{
	const char *class = signal_name(signal);
	const char *frames[LOOK_AT];
	size_t n, named = 0;

	if (strncmp(class, "SIG", 3) == 0)
		class += 3;
	n = choose(names, signal == SIGABRT, is_sent, frames, &named);
	/* Offsets into modules change with every build; main alone does not. */
	fp->weak = named == 0 || (named < 2 && named < n) || names->is_guessed;
	n = fold_cycles(frames, n);
	fp->signature = sign(frames, n);
	if (fp->signature == NULL)
		fp->signature = xstrdup("no frames");
	hash(class, frames, n < STRICT_FRAMES ? n : STRICT_FRAMES, fp->strict);
	hash(class, frames, n < LOOSE_FRAMES ? n : LOOSE_FRAMES, fp->loose);
	for (size_t i = 0; i < names->count; i++)
		free(names->item[i]);
	free(names);
}

static int
add_shown(void *arg, size_t number, const struct shown_frame *f)
{
	const struct fingerprint_frame frame = {
		.function = f->location->function,
		.module = f->module == NULL ? NULL : f->module->path,
		.pc = f->frame->pc,
		.module_offset = f->module == NULL ? 0 :
		    f->frame->pc - f->module->bias,
		.is_guess = f->frame->trust == TRUST_SCAN,
		.is_trampoline = f->frame->is_trampoline
	};

	(void)number;
	/* Another compiler makes no jump of it, or says nothing of it. */
	return f->frame->is_tail_call ? 0 : fingerprint_add(arg, &frame);
}

void
fingerprint_make(struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;
	struct fingerprint_names *names = fingerprint_begin();

	if (c->target->nthreads > 0)
		crash_each_frame(c, 0, add_shown, names);
	fingerprint_end(names, c->signal, si->present && si->code <= 0,
	    &c->fingerprint);
}
