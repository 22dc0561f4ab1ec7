/* SPDX-License-Identifier: ISC */
#include "report/threadtext.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "memfile.h"
#include "report/stacktext.h"
#include "report/writer.h"
#include "text.h"
#include "xalloc.h"

#define CRASHED_FRAMES 64
#define OTHER_FRAMES 16			/* shown of a thread that only waits */
#define OTHER_LINES 64			/* for all such threads; then a line a
					   stack */
#define OTHER_BRIEF 16			/* such lines */
#define BRIEF_FRAMES 3

static int
same_stack(const struct stack *a, const struct stack *b)
{
	if (a->count != b->count || a->omitted != b->omitted)
		return 0;
	for (size_t i = 0; i < a->count; i++)
		if (a->frame[i].pc != b->frame[i].pc)
			return 0;
	return 1;
}

/* 12 "worker". The caller frees. */
static char *
thread_name(const struct thread *th)
{
	char *name, *text;

	if (th->name == NULL)
		return xasprintf("%u", th->tid);
	name = text_printable(th->name, (size_t)-1);
	text = xasprintf("%u \"%s\"", th->tid, name);
	free(name);
	return text;
}

static void
put_thread_name(const struct thread *th, const struct writer *w)
{
	char *name = thread_name(th);

	fputs(name, w->out);
	free(name);
}

void
threadtext_crashed(const struct crash *c, const struct writer *w)
{
	fprintf(w->out, "\n%sThread%s ", w->bold, w->plain);
	put_thread_name(&c->target->threads[0], w);
	fprintf(w->out, c->signal == 0 || c->signal == SIGSTOP ? "\n" :
	    " crashed\n");
	stacktext_write(c, 0, CRASHED_FRAMES, w);
}

/* Threads that wait in the same place are told once. Returns how many. */
static size_t
take_group(const struct crash *c, size_t first, unsigned char *told)
{
	size_t same = 0;

	for (size_t i = first; i < c->target->nthreads; i++) {
		if (told[i] || !c->chosen[i] ||
		    !same_stack(&c->stacks[first], &c->stacks[i]))
			continue;
		told[i] = 1;
		same++;
	}
	return same;
}

static void
put_group(const struct crash *c, size_t first, size_t same,
    const struct writer *w)
{
	const struct target *t = c->target;

	fprintf(w->out, "\n%sThread%s ", w->bold, w->plain);
	put_thread_name(&t->threads[first], w);
	if (same > 1)
		fprintf(w->out, " and %zu more with the same stack", same - 1);
	putc('\n', w->out);
	stacktext_write(c, first, t->source == NULL ? CRASHED_FRAMES :
	    OTHER_FRAMES, w);
}

/* The innermost frame, and those that are told. */
struct place {
	struct shown_frame item[1 + BRIEF_FRAMES];
	size_t count;
};

/*
 * Where it waits: the names from the innermost frame on that is not of the
 * first one's module, the C library as a rule.
 */
static int
note_place(void *arg, size_t number, const struct shown_frame *f)
{
	struct place *place = arg;

	if (number > 0 && place->count == 1 &&
	    (f->module == place->item[0].module ||
	    f->location->function == NULL))
		return 0;
	place->item[place->count++] = *f;
	return place->count > BRIEF_FRAMES;
}

/* The same in a line: who, and where. */
static void
put_brief(const struct crash *c, size_t first, size_t same,
    const struct writer *w)
{
	struct place place = { .count = 0 };
	char *who = thread_name(&c->target->threads[first]);
	int used = fprintf(w->out, "  %s", who);

	free(who);
	if (same > 1)
		used += fprintf(w->out, " and %zu more", same - 1);
	crash_each_frame(c, first, note_place, &place);
	for (size_t i = place.count > 1; i < place.count; i++) {
		char *name = stacktext_name(place.item[i].location->function);
		const char *before = i < 2 ? " in " : " < ";

		/* The first one however long it is. */
		if (i < 2 || used + 3 + (int)strlen(name) <= COLUMNS)
			used += fprintf(w->out, "%s%s", before, name);
		else
			used = COLUMNS;
		free(name);
	}
	putc('\n', w->out);
}

/* A stack as it is written, and how many lines that takes. */
static size_t
render_group(const struct crash *c, size_t first, size_t same,
    const struct writer *w, struct memfile *text)
{
	struct writer to = *w;
	size_t lines = 0;

	xmemfile_open(text);
	to.out = text->file;
	put_group(c, first, same, &to);
	xmemfile_close(text);
	for (size_t i = 0; i < text->len; i++)
		lines += text->text[i] == '\n';
	return lines;
}

void
threadtext_others(const struct crash *c, const struct writer *w)
{
	const struct target *t = c->target;
	unsigned char *told = xcalloc(t->nthreads, 1);
	size_t lines = 0, brief = 0;

	for (size_t i = 0; i < t->nthreads; i++) {
		struct memfile text;
		size_t same;

		if (told[i] || !c->chosen[i] || t->threads[i].crashed)
			continue;
		same = take_group(c, i, told);
		if (brief == 0) {
			lines += render_group(c, i, same, w, &text);
			if (lines <= OTHER_LINES || t->source == NULL)
				fwrite(text.text, 1, text.len, w->out);
			free(text.text);
			if (lines <= OTHER_LINES || t->source == NULL)
				continue;
			writer_heading(w, "Other threads");
		}
		if (brief++ < OTHER_BRIEF)
			put_brief(c, i, same, w);
	}
	if (brief > OTHER_BRIEF)
		fprintf(w->out, "  and %zu more different stacks, which are "
		    "in the JSON\n", brief - OTHER_BRIEF);
	free(told);
}
