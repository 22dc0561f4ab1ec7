/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <err.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "exits.h"
#include "frame/recursion.h"
#include "memfile.h"
#include "module/package.h"
#include "procfiles.h"
#include "report/surroundings.h"
#include "symbol/funcname.h"
#include "target/arch.h"
#include "text.h"
#include "textbuf.h"
#include "value/locals.h"
#include "xalloc.h"

#define COLUMNS 80
#define NAME_WIDTH 64
#define FIELD_BYTES 2048			/* shown of a field: all is in the JSON */
#define OTHER_FRAMES 16			/* shown of a thread that only waits */
#define OTHER_LINES 64			/* for all such threads; then a line a
					   stack */
#define OTHER_BRIEF 16			/* such lines */
#define BRIEF_FRAMES 3
#define ELSEWHERE_MAX 3			/* reasons shown of other modules */
#define CRASHED_FRAMES 64
#define OUTER_FRAMES 8			/* shown of a stack that is cut */
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
	text = textbuf_printable(value, (size_t)-1, FIELD_BYTES);
	for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
		text[n - 1] = '\0';
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
	static const char inlined[] = " (inlined)";
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
		if (used + (int)strlen(where) +
		    (f->is_inline ? (int)strlen(inlined) : 0) > COLUMNS)
			used = fprintf(w->out, "\n      ") - 1;
		used += fprintf(w->out, "%s", where);
	}
	/* Of a thread that waits, the line of its source is enough. */
	if (f->is_inline)
		fputs(inlined, w->out);
	else if (w->crashed || where == NULL) {
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
    struct writer *w)
{
	for (size_t k = f->at; k < f->at + f->length; k++)
		put_frame(w, k + beyond, &list->item[k]);
	if (f->repeats > 0)
		fprintf(w->out, "       ... %s again %zu times\n",
		    f->length == 1 ? "this frame" : "these frames",
		    f->repeats);
}

/*
 * At most about MAX frames, of both ends. A frame's number is its depth, so
 * that of one behind the gap counts what was left out.
 */
static void
put_stack(const struct crash *c, size_t i, struct writer *w, size_t max)
{
	const struct stack *s = &c->stacks[i];
	struct list list = { 0 };
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
put_thread_name(const struct thread *th, struct writer *w)
{
	char *name = thread_name(th);

	fputs(name, w->out);
	free(name);
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
put_group(const struct crash *c, size_t first, size_t same, struct writer *w)
{
	const struct target *t = c->target;

	fprintf(w->out, "\n%sThread%s ", w->bold, w->plain);
	put_thread_name(&t->threads[first], w);
	if (same > 1)
		fprintf(w->out, " and %zu more with the same stack", same - 1);
	putc('\n', w->out);
	put_stack(c, first, w, t->source == NULL ? CRASHED_FRAMES :
	    OTHER_FRAMES);
}

/*
 * Where it waits: the names from the innermost frame on that is not of the
 * first one's module, the C library as a rule.
 */
static int
note_place(void *arg, size_t number, const struct shown_frame *f)
{
	struct list *list = arg;

	if (number > 0 && list->count == 1 &&
	    (f->module == list->item[0].module ||
	    f->location->function == NULL))
		return 0;
	add_to_list(list, number, f);
	return list->count > BRIEF_FRAMES;
}

/* The same in a line: who, and where. */
static void
put_brief(const struct crash *c, size_t first, size_t same, struct writer *w)
{
	struct list list = { 0 };
	char *who = thread_name(&c->target->threads[first]);
	int used = fprintf(w->out, "  %s", who);

	free(who);
	if (same > 1)
		used += fprintf(w->out, " and %zu more", same - 1);
	crash_each_frame(c, first, note_place, &list);
	for (size_t i = list.count > 1; i < list.count; i++) {
		char *name = frame_name(list.item[i].location->function);
		const char *before = i < 2 ? " in " : " < ";

		/* The first one however long it is. */
		if (i < 2 || used + 3 + (int)strlen(name) <= COLUMNS)
			used += fprintf(w->out, "%s%s", before, name);
		else
			used = COLUMNS;
		free(name);
	}
	putc('\n', w->out);
	free(list.item);
}

/* A stack as it is written, and how many lines that takes. */
static size_t
render_group(const struct crash *c, size_t first, size_t same,
    const struct writer *w, struct memfile *text)
{
	struct writer to = *w;
	size_t lines = 0;

	if (memfile_open(text) == -1)
		err(EXIT_REFUSED, "allocate memory");
	to.out = text->file;
	put_group(c, first, same, &to);
	if (memfile_close(text) == -1)
		err(EXIT_REFUSED, "allocate memory");
	for (size_t i = 0; i < text->len; i++)
		lines += text->text[i] == '\n';
	return lines;
}

/* Stacks in full while there is room, then a line each. All of a live one. */
static void
put_other_threads(const struct crash *c, struct writer *w)
{
	const struct target *t = c->target;
	unsigned char *told = xcalloc(t->nthreads, 1);
	size_t lines = 0, brief = 0;

	w->crashed = 0;
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
			fprintf(w->out, "\n%sOther threads%s\n", w->bold,
			    w->plain);
		}
		if (brief++ < OTHER_BRIEF)
			put_brief(c, i, same, w);
	}
	if (brief > OTHER_BRIEF)
		fprintf(w->out, "  and %zu more different stacks, which are "
		    "in the JSON\n", brief - OTHER_BRIEF);
	free(told);
}

/* How much of PATH is its directory; 0 when it has none. */
static size_t
directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static int
same_directory(const struct module *a, const struct module *b)
{
	size_t len = directory_length(a->path);

	return directory_length(b->path) == len &&
	    memcmp(a->path, b->path, len) == 0;
}

static void
put_module(struct module *m, struct writer *w)
{
	const char *id = module_build_id(m);
	const char *base = m->path + directory_length(m->path);
	char *name = text_printable(base, (size_t)-1);

	fprintf(w->out, "  %012" PRIx64 " %-40s %s\n", m->start,
	    id == NULL ? "no build-id" : id,
	    name[0] == '\0' ? "(no name)" : name);
	free(name);
}

/*
 * A program may map an ELF file to read it, as one that prints its own stack
 * does. It is a module when something of it can be executed.
 */
static int
is_loaded(struct crash *c, const struct module *m)
{
	if (m->count == 0)
		return 1;		/* the vdso, or placed by its entry */
	for (size_t i = 0; i < m->count; i++)
		if (modules_executable(&c->modules,
		    c->target->mappings[m->first + i].start))
			return 1;
	return 0;
}

/* A line each, below their directory: a build-id takes most of the line. */
static void
put_modules(struct crash *c, struct writer *w)
{
	struct module *item = c->modules.item;
	unsigned char *told = xcalloc(c->modules.count, 1);

	for (size_t i = 0; i < c->modules.count; i++)
		told[i] = !item[i].is_elf || !is_loaded(c, &item[i]);
	fprintf(w->out, "\n%sModules%s\n", w->bold, w->plain);
	for (size_t i = 0; i < c->modules.count; i++) {
		size_t len = directory_length(item[i].path);
		char *directory = text_printable(item[i].path,
		    len > 1 ? len - 1 : len);

		if (!told[i] && len > 0)
			fprintf(w->out, "  %s:\n", directory);
		free(directory);
		for (size_t k = i; k < c->modules.count; k++) {
			if (told[k] || !same_directory(&item[i], &item[k]))
				continue;
			told[k] = 1;
			put_module(&item[k], w);
		}
	}
	free(told);
}

/* Has the crashed thread a frame in the module that nobody can name? */
struct nameless {
	const struct module *module;
	int is_so;
};

static int
note_nameless(void *arg, size_t number, const struct shown_frame *f)
{
	struct nameless *n = arg;

	(void)number;
	n->is_so = f->module == n->module && f->location->function == NULL;
	return n->is_so;
}

/* What is missing of M, and by which names that can be had. */
static void
put_wanted(const struct crash *c, struct module *m, struct writer *w)
{
	const struct package *p = package_of(c, m);
	struct nameless nameless = { .module = m };
	const char *id = module_build_id(m);
	char *path = text_printable(m->path, (size_t)-1);

	crash_each_frame(c, 0, note_nameless, &nameless);
	if (nameless.is_so)
		fprintf(w->out, "  names of functions in %s: it has none%s\n",
		    path, m->symbols[0] == 'n' ? "" :
		    " but those it exports");
	else
		fprintf(w->out, "  lines of source of %s\n", path);
	free(path);
	if (p->debug != NULL)
		fprintf(w->out, "    package %s\n", p->debug);
	else if (id != NULL)
		fprintf(w->out, "    /usr/lib/debug/.build-id/%.2s/%s.debug\n",
		    id, id + 2);
	if (id != NULL)
		fprintf(w->out, "    debuginfod-find debuginfo %s\n", id);
}

/* People will copy it to a command line. */
static int
is_id(const char *id)
{
	return id != NULL && id[0] != '-' &&
	    strspn(id, "0123456789abcdef-") == strlen(id);
}

/* One command for all of it. */
static void
put_remedy(const struct crash *c, size_t with_id, struct writer *w)
{
	char *command = packages_command(c);

	if (command != NULL)
		fprintf(w->out, "  To have it: %s\n", command);
	if (with_id > 0 && c->target->source != NULL) {
		fprintf(w->out, "  %s from a debuginfod server:\n",
		    command == NULL ? "To have it" : "or");
		if (is_id(c->meta->id))
			fprintf(w->out, "    snap-get %s core |\n"
			    "    core-unwind --debuginfod -\n", c->meta->id);
		else
			fprintf(w->out, "    core-unwind --debuginfod CORE\n");
	}
	free(command);
}

/* Does LINE tell of a module that the crashed thread was not in? */
static int
is_elsewhere(const struct crash *c, const char *line)
{
	for (size_t i = 0; i < c->modules.count; i++) {
		const struct module *m = &c->modules.item[i];

		if (m->missing != NULL && !m->is_main &&
		    !c->packages[i].is_wanted && strcmp(m->missing, line) == 0)
			return 1;
	}
	return 0;
}

/* Where most files are not there, those that matter must not be lost. */
static void
put_reasons(const struct crash *c, const struct strings *list,
    struct writer *w)
{
	size_t elsewhere = 0, hidden = 0;

	for (size_t i = 0; i < list->count; i++)
		elsewhere += is_elsewhere(c, list->item[i]) != 0;
	for (size_t i = 0; i < list->count; i++) {
		char *line;

		if (elsewhere > ELSEWHERE_MAX &&
		    is_elsewhere(c, list->item[i])) {
			hidden++;
			continue;
		}
		line = textbuf_printable(list->item[i], (size_t)-1,
		    FIELD_BYTES);
		fprintf(w->out, "  %s\n", line);
		free(line);
	}
	if (hidden > 0)
		fprintf(w->out, "  something of %zu modules that the crashed "
		    "thread was not in\n", hidden);
}

static void
put_missing(const struct crash *c, struct writer *w)
{
	const struct strings *told = &c->meta->missing;
	const struct strings *found = &c->target->missing;
	size_t wanted = 0, with_id = 0;

	for (size_t i = 0; i < c->modules.count; i++)
		wanted += c->packages[i].is_wanted != 0;
	if (told->count + found->count + wanted == 0)
		return;
	fprintf(w->out, "\n%sMissing%s\n", w->bold, w->plain);
	put_reasons(c, told, w);
	put_reasons(c, found, w);
	for (size_t i = 0; i < c->modules.count; i++) {
		if (!c->packages[i].is_wanted)
			continue;
		put_wanted(c, &c->modules.item[i], w);
		with_id += module_build_id(&c->modules.item[i]) != NULL;
	}
	if (wanted > 0)
		put_remedy(c, with_id, w);
}

static void
put_headline(const struct crash *c, struct writer *w)
{
	const struct target *t = c->target;
	const struct siginfo *si = &t->siginfo;
	const char *name = c->meta->comm != NULL ? c->meta->comm :
	    t->comm != NULL ? t->comm : "a process";
	char *who = textbuf_printable(name, (size_t)-1, NAME_WIDTH);
	const char *code;

	fprintf(w->out, "%s%s%s", w->bold, who, w->plain);
	free(who);
	if (t->nthreads == 0 && c->signal == 0) {
		fprintf(w->out, ": its core does not tell what became of it"
		    "\n\n");
		return;
	}
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

/* The executable's. */
static void
put_package(const struct crash *c, struct writer *w)
{
	for (size_t i = 0; i < c->modules.count; i++) {
		const struct package *p = &c->packages[i];
		char *text;

		if (!c->modules.item[i].is_main || p->name == NULL)
			continue;
		text = xasprintf("%s %s", p->name,
		    p->version == NULL ? "" : p->version);
		put_field(w, "Package", text);
		free(text);
		return;
	}
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
	if (t->nthreads == 0 && pid <= 0)
		ids = xasprintf("none of its threads is in the core, %s",
		    t->arch->name);
	else if (uid >= 0)
		ids = xasprintf("pid %" PRId64 ", uid %" PRId64
		    ", %zu thread%s, %s", pid, uid, t->nthreads,
		    t->nthreads == 1 ? "" : "s", t->arch->name);
	else
		ids = xasprintf("pid %" PRId64 ", %zu thread%s, %s", pid,
		    t->nthreads, t->nthreads == 1 ? "" : "s", t->arch->name);
	put_field(w, "Process", ids);
	free(ids);
	put_field(w, "Executable", m->exe != NULL ? m->exe : t->exe);
	put_package(c, w);
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
