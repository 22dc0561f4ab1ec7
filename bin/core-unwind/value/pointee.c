/* SPDX-License-Identifier: ISC */
#include "value/pointee.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "symbol/demangle.h"
#include "symbol/elfsyms.h"
#include "xalloc.h"

#define SYMBOLS_MAX ((size_t)1 << 21)	/* of a module */
#define LOOK_BACK 32			/* symbols that enclose others */

struct named {
	uint64_t value, size;
	const char *name;		/* libelf's */
	char *clear;			/* demangled, once asked for */
	unsigned char bind;
};

/* The symbols of one module, by address. */
struct table {
	struct module *module;
	struct named *item;
	size_t count, cap;
};

struct pointees {
	struct modules *modules;
	struct table *table;
	size_t count, cap;
};

struct pointees *
pointees_new(struct modules *ms)
{
	struct pointees *p = xcalloc(1, sizeof *p);

	p->modules = ms;
	return p;
}

void
pointees_free(struct pointees *p)
{
	for (size_t i = 0; i < p->count; i++) {
		for (size_t n = 0; n < p->table[i].count; n++)
			free(p->table[i].item[n].clear);
		free(p->table[i].item);
	}
	free(p->table);
	free(p);
}

static void
add(void *arg, const GElf_Sym *sym, const char *name)
{
	struct table *t = arg;
	int type = GELF_ST_TYPE(sym->st_info);

	if (sym->st_size == 0 || sym->st_shndx == SHN_UNDEF ||
	    sym->st_shndx == SHN_ABS || name == NULL || name[0] == '\0' ||
	    (type != STT_FUNC && type != STT_OBJECT && type != STT_GNU_IFUNC &&
	    type != STT_NOTYPE) || t->count >= SYMBOLS_MAX)
		return;
	xgrow(&t->item, &t->cap, t->count, sizeof *t->item);
	t->item[t->count++] = (struct named){
		.value = sym->st_value + t->module->bias, .size = sym->st_size,
		.name = name, .bind = GELF_ST_BIND(sym->st_info)
	};
}

/* Of several at one address the global one with the fewest underscores is the
   last. */
static int
by_value(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if ((x->bind == STB_GLOBAL) != (y->bind == STB_GLOBAL))
		return x->bind == STB_GLOBAL ? 1 : -1;
	if (strspn(x->name, "_") != strspn(y->name, "_"))
		return strspn(x->name, "_") < strspn(y->name, "_") ? 1 : -1;
	return strcmp(x->name, y->name);
}

static struct table *
table_of(struct pointees *p, struct module *m)
{
	struct table *t;

	for (size_t i = 0; i < p->count; i++)
		if (p->table[i].module == m)
			return &p->table[i];
	xgrow(&p->table, &p->cap, p->count, sizeof *p->table);
	t = &p->table[p->count++];
	memset(t, 0, sizeof *t);
	t->module = m;
	if (module_open(p->modules, m) == -1)
		return t;
	module_open_debug_once(p->modules, m);
	elfsyms_each(p->modules, m, add, t);
	if (t->count > 0)
		qsort(t->item, t->count, sizeof *t->item, by_value);
	return t;
}

const char *
pointees_name(struct pointees *p, uint64_t address, uint64_t *offset)
{
	struct module *m = modules_at(p->modules, address);
	struct table *t = m == NULL ? NULL : table_of(p, m);
	size_t i = t == NULL ? 0 :
	    BISECT_NOT_ABOVE(t->item, t->count, value, address);

	for (size_t n = 0; i > 0 && n < LOOK_BACK; i--, n++) {
		struct named *s = &t->item[i - 1];

		if (address - s->value >= s->size)
			continue;
		if (s->clear == NULL)
			s->clear = demangle(s->name);
		*offset = address - s->value;
		return s->clear;
	}
	return NULL;
}

uint64_t
pointees_address(struct pointees *p, struct module *m, const char *name)
{
	struct table *t = table_of(p, m);

	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->item[i].name, name) == 0)
			return t->item[i].value;
	return 0;
}
