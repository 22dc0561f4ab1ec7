/* SPDX-License-Identifier: ISC */
#include "report/moduletext.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "report/writer.h"
#include "text.h"
#include "xalloc.h"

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
put_module(struct module *m, const struct writer *w)
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
void
moduletext_write(struct crash *c, const struct writer *w)
{
	struct module *item = c->modules.item;
	unsigned char *told = xcalloc(c->modules.count, 1);

	for (size_t i = 0; i < c->modules.count; i++)
		told[i] = !item[i].is_elf || !is_loaded(c, &item[i]);
	writer_heading(w, "Modules");
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
