/* SPDX-License-Identifier: ISC */
#include "symbol/symbols.h"

#include <gelf.h>

#include <stdlib.h>
#include <string.h>

#include "symbol/demangle.h"
#include "symbol/elfsyms.h"
#include "symbol/funcname.h"
#include "symbol/perfmap.h"
#include "symbol/sourceline.h"
#include "xalloc.h"

struct symbols {
	struct modules *modules;
	struct symbol *item;
	size_t count, cap;
	size_t resolved;		/* of them; the rest is new */
	size_t *bucket;			/* hash of addresses: index + 1 */
	size_t nbuckets;
	struct perfmap *perfmap;
	int perfmap_tried;
};

struct symbols *
symbols_new(struct modules *ms)
{
	struct symbols *s = xcalloc(1, sizeof *s);

	s->modules = ms;
	return s;
}

static size_t
hash(const struct symbols *s, uint64_t address)
{
	return (size_t)((address * UINT64_C(0x9e3779b97f4a7c15)) >> 20) &
	    (s->nbuckets - 1);
}

static void
insert(struct symbols *s, size_t i)
{
	size_t at = hash(s, s->item[i].address);

	while (s->bucket[at] != 0)
		at = (at + 1) & (s->nbuckets - 1);
	s->bucket[at] = i + 1;
}

static void
rehash(struct symbols *s)
{
	free(s->bucket);
	while (s->nbuckets < 2 * s->count + 2)
		s->nbuckets = s->nbuckets == 0 ? 1024 : 2 * s->nbuckets;
	s->bucket = xcalloc(s->nbuckets, sizeof *s->bucket);
	for (size_t i = 0; i < s->count; i++)
		insert(s, i);
}

const struct symbol *
symbols_get(const struct symbols *s, uint64_t address)
{
	size_t at;

	if (s->nbuckets == 0)
		return NULL;
	for (at = hash(s, address); s->bucket[at] != 0;
	    at = (at + 1) & (s->nbuckets - 1))
		if (s->item[s->bucket[at] - 1].address == address)
			return &s->item[s->bucket[at] - 1];
	return NULL;
}

void
symbols_want(struct symbols *s, uint64_t address)
{
	if (symbols_get(s, address) != NULL)
		return;
	if (2 * s->count + 2 >= s->nbuckets)
		rehash(s);
	xgrow(&s->item, &s->cap, s->count, sizeof *s->item);
	memset(&s->item[s->count], 0, sizeof *s->item);
	s->item[s->count].address = address;
	insert(s, s->count++);
}

static int
by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/*
 * The function itself is the last location: made of the symbol if DWARF had
 * nothing to say, or less: a mangled name has the arguments' types.
 */
static void
complete(struct symbol *sym)
{
	struct location *self;

	if (sym->count == 0) {
		sym->location = xcalloc(1, sizeof *sym->location);
		sym->count = 1;
	}
	self = &sym->location[sym->count - 1];
	if (sym->elf_name == NULL || (self->function != NULL &&
	    (!sym->is_exact || strncmp(sym->elf_name, "_Z", 2) != 0 ||
	    funcname_has_arguments(self->function))))
		return;
	free((char *)(uintptr_t)self->function);
	self->function = demangle(sym->elf_name);
}

/* Code that belongs to no file: a JIT compiler may have told of it. */
static void
resolve_without_module(struct symbols *s, struct symbol *sym)
{
	const struct target *t = s->modules->target;
	char *function, *file;
	const char *name;

	if (!s->perfmap_tried && t->has_ids && !s->modules->options->no_files)
		s->perfmap = perfmap_read(t->pid, t->uid);
	s->perfmap_tried = 1;
	name = perfmap_name(s->perfmap, sym->address, &sym->function_start);
	if (name == NULL)
		return;
	sym->elf_name = xstrdup(name);
	if (perfmap_split(name, &function, &file) == -1)
		return;
	sym->location = xcalloc(1, sizeof *sym->location);
	sym->count = 1;
	sym->location->function = function;
	sym->location->file = file;
}

/* Addresses of one module stand together: M's from I on. */
static size_t
end_of_module(const struct symbols *s, size_t i, const struct module *m)
{
	size_t end = i + 1;

	while (m != NULL && end < s->count && s->item[end].address < m->end)
		end++;
	return end;
}

void
symbols_resolve(struct symbols *s, volatile const int *expired)
{
	size_t i = s->resolved, last;

	if (s->count == s->resolved)
		return;
	qsort(s->item + i, s->count - i, sizeof *s->item, by_address);
	rehash(s);
	for (; i < s->count; i = last) {
		struct module *m = modules_at(s->modules, s->item[i].address);

		last = end_of_module(s, i, m);
		if (m == NULL)
			resolve_without_module(s, &s->item[i]);
		else if (module_open(s->modules, m) == 0) {
			module_open_debug_once(s->modules, m);
			elfsyms_resolve(s->modules, m, s->item + i, last - i);
		}
		for (size_t n = i; n < last; n++)
			s->item[n].module = m;
	}
	/* Last, for debug data may have to be waited for. */
	for (i = s->resolved; i < s->count; i = last) {
		last = end_of_module(s, i, s->item[i].module);
		if (s->item[i].module != NULL && !*expired)
			sourceline_resolve(s->modules, s->item[i].module,
			    s->item + i, last - i, expired);
		for (size_t n = i; n < last; n++)
			complete(&s->item[n]);
	}
	s->resolved = s->count;
}

uint64_t
symbols_address(struct modules *ms, struct module *m, const char *name,
    uint64_t *size)
{
	if (module_open(ms, m) == -1)
		return 0;
	module_open_debug_once(ms, m);
	return elfsyms_address(ms, m, name, size);
}
