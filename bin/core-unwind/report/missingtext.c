/* SPDX-License-Identifier: ISC */
#include "report/missingtext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "module/package.h"
#include "report/writer.h"
#include "text.h"
#include "textbuf.h"

#define ELSEWHERE_MAX 3			/* reasons shown of other modules */

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
put_wanted(const struct crash *c, struct module *m, const struct writer *w)
{
	const struct package *p = &m->package;
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
put_remedy(const struct crash *c, size_t with_id, const struct writer *w)
{
	char *command = packages_command(&c->modules);

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

		if (m->missing != NULL && !m->is_main && !m->wants_debug &&
		    strcmp(m->missing, line) == 0)
			return 1;
	}
	return 0;
}

/* Where most files are not there, those that matter must not be lost. */
static void
put_reasons(const struct crash *c, const struct strings *list,
    const struct writer *w)
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

void
missingtext_write(const struct crash *c, const struct writer *w)
{
	const struct strings *told = &c->meta->missing;
	const struct strings *found = &c->target->missing;
	size_t wanted = 0, with_id = 0;

	for (size_t i = 0; i < c->modules.count; i++)
		wanted += c->modules.item[i].wants_debug != 0;
	if (told->count + found->count + wanted == 0)
		return;
	writer_heading(w, "Missing");
	put_reasons(c, told, w);
	put_reasons(c, found, w);
	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];

		if (!m->wants_debug)
			continue;
		put_wanted(c, m, w);
		with_id += module_build_id(m) != NULL;
	}
	if (wanted > 0)
		put_remedy(c, with_id, w);
}
