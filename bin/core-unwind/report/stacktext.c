/* SPDX-License-Identifier: ISC */
#include "report/stacktext.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "frame/recursion.h"
#include "path.h"
#include "report/localsout.h"
#include "report/writer.h"
#include "symbol/funcname.h"
#include "text.h"
#include "xalloc.h"

#define NAME_WIDTH 64
#define OUTER_FRAMES 8			/* shown of a stack that is cut */

/* Templates make names of a thousand letters: then the plain one will do. */
char *
stacktext_name(const char *function)
{
	char *name = text_printable(function == NULL ? "??" : function,
	    (size_t)-1), *plain;

	if (strlen(name) <= NAME_WIDTH)
		return name;
	plain = funcname_plain(name);
	free(name);
	return plain;
}

static void
put_python(const struct writer *w, const struct python_call *call)
{
	char *function = text_printable(call->function == NULL ? "??" :
	    call->function, (size_t)-1);
	char *file = text_printable(call->file == NULL ? "??" : call->file,
	    (size_t)-1);

	fprintf(w->out, "       python: %s at %s", function, file);
	if (call->line > 0)
		fprintf(w->out, ":%d", call->line);
	putc('\n', w->out);
	free(function);
	free(file);
}

/* "libc.so.6+0x26d68", or the address. The caller frees. */
static char *
in_module(const struct shown_frame *f)
{
	const char *name;
	char *base, *text;

	if (f->module == NULL)
		return xasprintf("0x%" PRIx64, f->frame->pc);
	name = path_base(f->module->path);
	base = text_printable(name[0] == '\0' ? f->module->path : name,
	    (size_t)-1);
	text = xasprintf("%s+0x%" PRIx64, base,
	    f->frame->pc - f->module->bias);
	free(base);
	return text;
}

/* " at file.c:12", or NULL. The caller frees. */
static char *
at_line(const struct location *l)
{
	char *file, *text;

	if (l->file == NULL)
		return NULL;
	file = text_printable(l->file, (size_t)-1);
	text = l->line > 0 ? xasprintf(" at %s:%d", file, l->line) :
	    xasprintf(" at %s", file);
	free(file);
	return text;
}

static void
put_frame(const struct writer *w, size_t number, const struct shown_frame *f,
    int crashed)
{
	static const char inlined[] = " (inlined)";
	char *name = localsout_call(stacktext_name(f->location->function),
	    f->variables);
	char *where = at_line(f->location), *module = in_module(f);
	int used;

	used = fprintf(w->out, "  #%-3zu ", number);
	used += (int)strlen(name);
	fprintf(w->out, "%s%s%s", crashed && number == 0 ? w->red : "",
	    name, w->plain);
	if (where != NULL) {
		if (used + (int)strlen(where) +
		    (f->is_inline ? (int)strlen(inlined) : 0) > COLUMNS)
			used = fprintf(w->out, "\n      ") - 1;
		used += fprintf(w->out, "%s", where);
	}
	/* Of a thread that waits, the line of its source is enough. */
	if (f->is_inline)
		fputs(inlined, w->out);
	else if (crashed || where == NULL) {
		if (used + (int)strlen(module) + 6 > COLUMNS)
			used = fprintf(w->out, "\n      ") - 1;
		used += fprintf(w->out, " in %s", module);
	}
	if (f->frame->trust != TRUST_CONTEXT && f->frame->trust != TRUST_CFI)
		fprintf(w->out, " [%s]", trust_name(f->frame->trust));
	if (f->frame->is_tail_call && !f->is_inline)
		fprintf(w->out, "%s [tail call]", used + 12 > COLUMNS ?
		    "\n      " : "");
	putc('\n', w->out);
	for (const struct python_call *p = f->python; p != NULL; p = p->caller)
		put_python(w, p);
	localsout_text(w->out, f->variables);
	if (f->frame->is_trampoline)
		fprintf(w->out, "       --- signal handler called ---\n");
	free(name);
	free(where);
	free(module);
}

/* The frames of one thread, to look at more than one at a time. */
struct list {
	struct shown_frame *item;
	size_t count, cap;
	int crashed;
};

static int
add_to_list(void *arg, size_t number, const struct shown_frame *f)
{
	struct list *list = arg;

	(void)number;
	xgrow(&list->item, &list->cap, list->count, sizeof *list->item);
	list->item[list->count++] = *f;
	return 0;
}

/* Where frames are left out: the first that is behind the gap, or all. */
static size_t
gap_at(const struct stack *s, const struct list *list)
{
	size_t n = 0;

	if (s->omitted == 0)
		return list->count;
	while (n < list->count &&
	    (size_t)(list->item[n].frame - s->frame) < s->omitted_after)
		n++;
	return n;
}

/* LENGTH frames from AT on, which come again so many times. */
struct fold {
	size_t at, length, repeats;
};

struct folds {
	struct fold *item;
	size_t count, cap, frames;
};

/*
 * A recursion is told once: its cycle, and how often it came again. Not across
 * a gap, where nobody knows.
 */
static struct folds
fold_frames(const struct list *list, size_t gap)
{
	struct folds folds = { .count = 0 };
	size_t n = 0;

	while (n < list->count) {
		struct fold f = { .at = n };
		size_t cycle = recursion_at(list->item, n < gap ? gap :
		    list->count, n, &f.repeats);

		f.length = cycle == 0 ? 1 : cycle;
		if (cycle == 0)
			f.repeats = 0;
		xgrow(&folds.item, &folds.cap, folds.count,
		    sizeof *folds.item);
		folds.item[folds.count++] = f;
		folds.frames += f.length;
		n += f.length * (f.repeats + 1);
	}
	return folds;
}

static void
put_fold(const struct list *list, const struct fold *f, size_t beyond,
    const struct writer *w)
{
	for (size_t k = f->at; k < f->at + f->length; k++)
		put_frame(w, k + beyond, &list->item[k], list->crashed);
	if (f->repeats > 0)
		fprintf(w->out, "       ... %s again %zu times\n",
		    f->length == 1 ? "this frame" : "these frames",
		    f->repeats);
}

void
stacktext_write(const struct crash *c, size_t i, size_t max,
    const struct writer *w)
{
	const struct stack *s = &c->stacks[i];
	struct list list = { .crashed = c->target->threads[i].crashed };
	struct folds folds;
	size_t shown = 0, hidden = 0, gap;

	crash_each_frame(c, i, add_to_list, &list);
	gap = gap_at(s, &list);
	folds = fold_frames(&list, gap);
	for (size_t n = 0; n < folds.count; n++) {
		const struct fold *f = &folds.item[n];
		size_t left_out = f->at == gap ? s->omitted : 0;

		shown += f->length;
		if (folds.frames > max && shown > max - OUTER_FRAMES &&
		    folds.frames - shown >= OUTER_FRAMES) {
			hidden += left_out + f->length * (f->repeats + 1);
			continue;
		}
		if (hidden > 0)
			fprintf(w->out, "       ... %zu more frames\n",
			    hidden + left_out);
		else if (left_out > 0)
			fprintf(w->out, "       (%zu frames are left out "
			    "here)\n", left_out);
		hidden = 0;
		put_fold(&list, f, f->at < gap ? 0 : s->omitted, w);
	}
	if (s->why != NULL)
		fprintf(w->out, "       (%s)\n", s->why);
	free(folds.item);
	free(list.item);
}
