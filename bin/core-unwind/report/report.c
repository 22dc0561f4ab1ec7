/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "module/package.h"
#include "report/missingtext.h"
#include "report/moduletext.h"
#include "report/procfiles.h"
#include "report/surroundings.h"
#include "report/threadtext.h"
#include "report/writer.h"
#include "target/arch.h"
#include "text.h"
#include "textbuf.h"
#include "xalloc.h"

#define NAME_WIDTH 64			/* of the program's */
#define REGISTERS_A_ROW 3

/* Never broken at a column: people search for what a message says. */
static void
put_field(const struct writer *w, const char *key, const char *value)
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
put_lines(const struct writer *w, const char *key, const char *text)
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

static void
put_registers(const struct crash *c, const struct writer *w)
{
	const struct arch *a = c->target->arch;
	const struct thread *th = &c->target->threads[0];
	int digits = a->word == 8 ? 16 : 8;

	writer_heading(w, "Registers");
	for (size_t i = 0; i < a->nraw; i++)
		fprintf(w->out, " %8s %0*" PRIx64 "%s", a->raw[i].name,
		    digits, th->raw[i], i % REGISTERS_A_ROW ==
		    REGISTERS_A_ROW - 1 || i == a->nraw - 1U ? "\n" : "");
}

static void
put_headline(const struct crash *c, const struct writer *w)
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
put_attribute(const struct writer *w, const struct attribute *a)
{
	char *key = text_printable(a->key, (size_t)-1);

	put_field(w, key, a->value);
	free(key);
}

/* The executable's. */
static void
put_package(const struct crash *c, const struct writer *w)
{
	for (size_t i = 0; i < c->modules.count; i++) {
		const struct module *m = &c->modules.item[i];
		const struct package *p = &m->package;
		char *text;

		if (!m->is_main || p->name == NULL)
			continue;
		text = xasprintf("%s %s", p->name,
		    p->version == NULL ? "" : p->version);
		put_field(w, "Package", text);
		free(text);
		return;
	}
}

static void
put_process(const struct crash *c, const struct writer *w)
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
	const struct writer w = {
		.out = out, .bold = colour ? "\033[1m" : "",
		.red = colour ? "\033[1;31m" : "",
		.plain = colour ? "\033[0m" : ""
	};

	put_headline(c, &w);
	put_process(c, &w);
	if (t->nthreads > 0 && c->chosen[0] && t->threads[0].crashed) {
		threadtext_crashed(c, &w);
		put_registers(c, &w);
		if (c->signal != 0) {
			surroundings_code(c, out);
			surroundings_map(c, out);
			surroundings_memory(c, out);
		}
	}
	threadtext_others(c, &w);
	procfiles_log(c, &w);
	moduletext_write(c, &w);
	procfiles_open(c, &w);
	procfiles_limits(c, &w);
	procfiles_environment(c, &w);
	missingtext_write(c, &w);
}
