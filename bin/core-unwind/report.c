/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "crash.h"
#include "funcname.h"
#include "locals.h"
#include "procfiles.h"
#include "recursion.h"
#include "surroundings.h"
#include "text.h"
#include "xalloc.h"

#define COLUMNS 80
#define NAME_WIDTH 64
#define OTHER_FRAMES 16			/* shown of a thread that only waits */
#define OTHER_GROUPS 8			/* of different stacks */
#define CRASHED_FRAMES 64
#define REGISTERS_A_ROW 3

struct writer {
	FILE *out;
	const char *bold, *red, *plain;	/* terminal sequences, or "" */
	int crashed;
};

/* Never broken at a column: people search for what a message says. */
static void
put_field(struct writer *w, const char *key, const char *value)
{
	char *text;

	if (value == NULL || value[0] == '\0')
		return;
	text = text_printable(value, (size_t)-1);
	fprintf(w->out, "%s%-12s%s %s\n", w->bold, key, w->plain, text);
	free(text);
}

/* A message may have lines of its own: they are kept. */
static void
put_lines(struct writer *w, const char *key, const char *text)
{
	const char *nl;

	for (; text != NULL && *text != '\0'; text = nl + (*nl == '\n')) {
		char *line;

		nl = strchrnul(text, '\n');
		line = xstrndup(text, (size_t)(nl - text));
		put_field(w, key, line[0] == '\0' ? " " : line);
		free(line);
		key = "";
	}
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

/* Templates make names of a thousand letters: then the plain one will do. */
static char *
frame_name(const char *function)
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
put_python(struct writer *w, const struct python_call *call)
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

static void
put_frame(struct writer *w, size_t number, const struct shown_frame *f)
{
	const struct location *l = f->location;
	char *name, *where = NULL, *file = NULL, *module = NULL;
	int used;

	if (f->module != NULL) {
		char *base = text_printable(base_name(f->module->path),
		    (size_t)-1);

		module = xasprintf("%s+0x%" PRIx64, base,
		    f->frame->pc - f->module->bias);
		free(base);
	} else
		module = xasprintf("0x%" PRIx64, f->frame->pc);
	name = locals_call(frame_name(l->function), f->variables);
	if (l->file != NULL) {
		file = text_printable(l->file, (size_t)-1);
		where = l->line > 0 ? xasprintf(" at %s:%d", file, l->line) :
		    xasprintf(" at %s", file);
	}
	used = fprintf(w->out, "  #%-3zu ", number);
	used += (int)strlen(name);
	fprintf(w->out, "%s%s%s", w->crashed && number == 0 ? w->red : "",
	    name, w->plain);
	if (where != NULL) {
		if (used + (int)strlen(where) > COLUMNS)
			used = fprintf(w->out, "\n      ") - 1;
		used += fprintf(w->out, "%s", where);
	}
	if (f->is_inline)
		fprintf(w->out, " (inlined)");
	else {
		if (used + (int)strlen(module) + 6 > COLUMNS)
			fprintf(w->out, "\n      ");
		fprintf(w->out, " in %s", module);
	}
	if (f->frame->trust != TRUST_CONTEXT && f->frame->trust != TRUST_CFI)
		fprintf(w->out, " [%s]", trust_name(f->frame->trust));
	if (f->frame->is_tail_call && !f->is_inline)
		fprintf(w->out, " [tail call]");
	putc('\n', w->out);
	for (const struct python_call *p = f->python; p != NULL; p = p->caller)
		put_python(w, p);
	locals_text(w->out, f->variables);
	if (f->frame->is_trampoline)
		fprintf(w->out, "       --- signal handler called ---\n");
	free(name);
	free(where);
	free(file);
	free(module);
}

/* The frames of one thread, to look at more than one at a time. */
struct list {
	struct shown_frame *item;
	size_t count, cap;
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

/*
 * A recursion is told once: its cycle, and how often it came again. Not across
 * a gap, where nobody knows.
 */
static void
put_stack(const struct crash *c, size_t i, struct writer *w, size_t max)
{
	const struct stack *s = &c->stacks[i];
	struct list list = { 0 };
	size_t shown = 0, n = 0, gap;

	crash_each_frame(c, i, add_to_list, &list);
	gap = gap_at(s, &list);
	while (n < list.count && shown < max) {
		size_t end = n < gap ? gap : list.count;
		size_t repeats, cycle = recursion_at(list.item, end, n,
		    &repeats);
		size_t len = cycle == 0 ? 1 : cycle;

		for (size_t k = 0; k < len; k++, shown++)
			put_frame(w, n + k, &list.item[n + k]);
		n += len;
		if (cycle > 0) {
			fprintf(w->out, "       ... %s again %zu times\n",
			    len == 1 ? "this frame" : "these frames", repeats);
			n += repeats * len;
		}
		if (n == gap && gap < list.count)
			fprintf(w->out, "       (%zu frames are left out "
			    "here)\n", s->omitted);
	}
	if (n < list.count)
		fprintf(w->out, "       ... %zu more frames\n",
		    list.count - n);
	if (s->why != NULL)
		fprintf(w->out, "       (%s)\n", s->why);
	free(list.item);
}

static void
put_registers(const struct crash *c, struct writer *w)
{
	const struct arch *a = c->target->arch;
	const struct thread *th = &c->target->threads[0];
	int digits = a->word == 8 ? 16 : 8;

	fprintf(w->out, "\n%sRegisters%s\n", w->bold, w->plain);
	for (size_t i = 0; i < a->nraw; i++)
		fprintf(w->out, " %8s %0*" PRIx64 "%s", a->raw[i].name,
		    digits, th->raw[i], i % REGISTERS_A_ROW ==
		    REGISTERS_A_ROW - 1 || i == a->nraw - 1U ? "\n" : "");
}

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

/* "thread 12 "worker"" */
static void
put_thread_name(const struct thread *th, struct writer *w)
{
	fprintf(w->out, "%u", th->tid);
	if (th->name != NULL) {
		char *name = text_printable(th->name, (size_t)-1);

		fprintf(w->out, " \"%s\"", name);
		free(name);
	}
}

/* Threads that wait in the same place are told once. */
static void
put_group(const struct crash *c, size_t first, unsigned char *told,
    struct writer *w)
{
	const struct target *t = c->target;
	size_t same = 0;

	for (size_t i = first; i < t->nthreads; i++) {
		if (told[i] || !c->chosen[i] ||
		    !same_stack(&c->stacks[first], &c->stacks[i]))
			continue;
		told[i] = 1;
		same++;
	}
	if (w == NULL)
		return;
	fprintf(w->out, "\n%sThread%s ", w->bold, w->plain);
	put_thread_name(&t->threads[first], w);
	if (same > 1)
		fprintf(w->out, " and %zu more with the same stack", same - 1);
	putc('\n', w->out);
	put_stack(c, first, w, t->source == NULL ? CRASHED_FRAMES :
	    OTHER_FRAMES);
}

static void
put_other_threads(const struct crash *c, struct writer *w)
{
	const struct target *t = c->target;
	unsigned char *told = xcalloc(t->nthreads, 1);
	size_t groups = 0;

	w->crashed = 0;
	for (size_t i = 0; i < t->nthreads; i++) {
		if (told[i] || !c->chosen[i] || t->threads[i].crashed)
			continue;
		put_group(c, i, told, groups++ < OTHER_GROUPS ? w : NULL);
	}
	if (groups > OTHER_GROUPS)
		fprintf(w->out, "\n%zu more different stacks: see "
		    "snapshot.json\n", groups - OTHER_GROUPS);
	free(told);
}

/* A line each, below their directory: a build-id takes most of the line. */
static void
put_modules(struct crash *c, struct writer *w)
{
	char *last = NULL;

	fprintf(w->out, "\n%sModules%s\n", w->bold, w->plain);
	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];
		const char *id = module_build_id(m);
		char *path, *name;

		if (!m->is_elf)
			continue;
		path = text_printable(m->path, (size_t)-1);
		name = strrchr(path, '/');
		if (name != NULL)
			*name++ = '\0';
		if (last == NULL ? name != NULL :
		    name == NULL || strcmp(last, path) != 0)
			fprintf(w->out, "  %s:\n", name == NULL ? "-" :
			    path[0] == '\0' ? "/" : path);
		fprintf(w->out, "  %012" PRIx64 " %-40s %s\n", m->start,
		    id == NULL ? "no build-id" : id, name != NULL ? name :
		    path[0] == '\0' ? "(no name)" : path);
		free(last);
		last = name == NULL ? NULL : path;
		if (name == NULL)
			free(path);
	}
	free(last);
}

/* Which modules have frames in the crashed thread that nobody can name? */
static int
note_nameless(void *arg, size_t number, const struct shown_frame *f)
{
	struct list *list = arg;

	(void)number;
	if (f->module == NULL || f->location->function != NULL)
		return 0;
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].module == f->module)
			return 0;
	return add_to_list(list, number, f);
}

/* What a debug file for each of them would be called. */
static void
put_wanted(const struct list *nameless, struct writer *w)
{
	for (size_t i = 0; i < nameless->count; i++) {
		struct module *m = nameless->item[i].module;
		const char *id = module_build_id(m);
		char *path = text_printable(m->path, (size_t)-1);

		fprintf(w->out, "  names of functions in %s: it has none%s\n",
		    path, m->symbols[0] == 'n' ? "" :
		    " but those it exports");
		if (id != NULL)
			fprintf(w->out, "    a debug file would be "
			    "/usr/lib/debug/.build-id/%.2s/%s.debug\n"
			    "    (debuginfod-find debuginfo %s)\n", id, id + 2,
			    id);
		free(path);
	}
}

static void
put_missing(const struct crash *c, struct writer *w)
{
	const struct strings *lists[] = {
		&c->meta->missing, &c->target->missing
	};
	struct list nameless = { 0 };

	if (c->target->nthreads > 0)
		crash_each_frame(c, 0, note_nameless, &nameless);
	if (lists[0]->count + lists[1]->count + nameless.count == 0)
		return;
	fprintf(w->out, "\n%sMissing%s\n", w->bold, w->plain);
	for (size_t n = 0; n < 2; n++) {
		for (size_t i = 0; i < lists[n]->count; i++) {
			char *line = text_printable(lists[n]->item[i],
			    (size_t)-1);

			fprintf(w->out, "  %s\n", line);
			free(line);
		}
	}
	put_wanted(&nameless, w);
	free(nameless.item);
}

static void
put_headline(const struct crash *c, struct writer *w)
{
	const struct target *t = c->target;
	const struct siginfo *si = &t->siginfo;
	const char *name = c->meta->comm != NULL ? c->meta->comm :
	    t->comm != NULL ? t->comm : "a process";
	char *who = text_printable(name, (size_t)-1);
	const char *code;

	fprintf(w->out, "%s%s%s", w->bold, who, w->plain);
	free(who);
	/* gcore(1) writes the signal that stopped the process for it. */
	if (c->signal == 0 || c->signal == SIGSTOP) {
		fprintf(w->out, t->source == NULL ? " is alive" :
		    " was alive when this core was taken");
		if (t->source == NULL)
			fprintf(w->out, "; it was stopped for %" PRIu64
			    ".%03" PRIu64 " ms", t->stopped_us / 1000,
			    t->stopped_us % 1000);
		fprintf(w->out, "\n\n");
		return;
	}
	fprintf(w->out, " was killed by %s", signal_name(c->signal));
	code = si->present ? signal_code_name(c->signal, si->code) : NULL;
	if (code != NULL)
		fprintf(w->out, " (%s)", code);
	if (si->present && signal_has_address(c->signal, si->code))
		fprintf(w->out, " at 0x%" PRIx64, si->address);
	fprintf(w->out, "\n\n");
}

static void
put_attribute(struct writer *w, const struct attribute *a)
{
	char *key = text_printable(a->key, (size_t)-1);

	put_field(w, key, a->value);
	free(key);
}

static void
put_process(const struct crash *c, struct writer *w)
{
	const struct target *t = c->target;
	const struct meta *m = c->meta;
	char *ids, *print;
	int64_t pid = m->pid >= 0 ? m->pid : (int64_t)t->pid;
	int64_t uid = m->uid >= 0 ? m->uid : t->has_ids ? (int64_t)t->uid : -1;

	put_field(w, "Cause", c->cause);
	put_lines(w, "Message", c->message);
	put_field(w, "Signature", c->fingerprint.signature);
	ids = uid >= 0 ? xasprintf("pid %" PRId64 ", uid %" PRId64
	    ", %zu thread%s, %s", pid, uid, t->nthreads,
	    t->nthreads == 1 ? "" : "s", t->arch->name) :
	    xasprintf("pid %" PRId64 ", %zu threads, %s", pid, t->nthreads,
	    t->arch->name);
	put_field(w, "Process", ids);
	free(ids);
	put_field(w, "Executable", m->exe != NULL ? m->exe : t->exe);
	put_field(w, "Command", m->cmdline != NULL ? m->cmdline : t->args);
	put_field(w, "Unit", m->unit);
	put_field(w, "Container", m->container);
	put_field(w, "Time", c->time);
	put_field(w, "Host", m->host);
	put_field(w, "Record", m->id);
	if (c->core_name != NULL)
		put_field(w, "Core", c->core_name);
	print = xasprintf("%s strict, %s loose%s", c->fingerprint.strict,
	    c->fingerprint.loose, c->fingerprint.weak ? " (weak)" : "");
	put_field(w, "Fingerprint", print);
	free(print);
	for (size_t i = 0; i < c->nattributes; i++)
		put_attribute(w, &c->attributes[i]);
}

void
report_write(struct crash *c, FILE *out, int colour)
{
	const struct target *t = c->target;
	struct writer w = {
		.out = out, .bold = colour ? "\033[1m" : "",
		.red = colour ? "\033[1;31m" : "",
		.plain = colour ? "\033[0m" : ""
	};

	put_headline(c, &w);
	put_process(c, &w);
	if (t->nthreads > 0 && c->chosen[0] && t->threads[0].crashed) {
		fprintf(out, "\n%sThread%s ", w.bold, w.plain);
		put_thread_name(&t->threads[0], &w);
		fprintf(out, c->signal == 0 || c->signal == SIGSTOP ? "\n" :
		    " crashed\n");
		w.crashed = 1;
		put_stack(c, 0, &w, CRASHED_FRAMES);
		put_registers(c, &w);
		if (c->signal != 0) {
			surroundings_code(c, out);
			surroundings_map(c, out);
			surroundings_memory(c, out);
		}
	}
	put_other_threads(c, &w);
	procfiles_log(c, w.bold, w.plain, out);
	put_modules(c, &w);
	procfiles_open(c, w.bold, w.plain, out);
	procfiles_limits(c, w.bold, w.plain, out);
	procfiles_environment(c, w.bold, w.plain, out);
	put_missing(c, &w);
}
