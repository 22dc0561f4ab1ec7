/* SPDX-License-Identifier: ISC */
#include "symbol/elfsyms.h"

#include <gelf.h>

#include <stdlib.h>
#include <string.h>

#include "bisect.h"
#include "target/arch.h"
#include "xalloc.h"

#define SYMBOLS_MAX ((uint64_t)1 << 26)

/* The best candidate for one address so far. */
struct candidate {
	uint64_t value, size;
	const char *name;
	int rank;
};

struct search {
	struct module *module;
	struct symbol *symbols;
	size_t count;
	struct candidate *covering;	/* its size covers the address */
	struct candidate *nearest;	/* without a size, or too short */
	uint64_t value_mask;
};

/*
 * Of several names for one address: a function before data before a label (a
 * wild jump may land in data), then a global
 * before a weak before a local one (the name people know), then the one with
 * fewer leading underscores, then by the alphabet, so that it is always the
 * same.
 */
static int
rank_of(const GElf_Sym *sym)
{
	int bind = GELF_ST_BIND(sym->st_info);
	int rank = bind == STB_GLOBAL ? 2 : bind == STB_WEAK ? 1 : 0;

	switch (GELF_ST_TYPE(sym->st_info)) {
	case STT_NOTYPE:
		return rank;
	case STT_OBJECT:
		return rank + 3;
	default:
		return rank + 6;
	}
}

static int
is_better(const struct candidate *new, const struct candidate *old)
{
	size_t a, b;

	if (old->name == NULL)
		return 1;
	if (new->value != old->value)
		return new->value > old->value;
	if (new->rank != old->rank)
		return new->rank > old->rank;
	a = strspn(new->name, "_");
	b = strspn(old->name, "_");
	if (a != b)
		return a < b;
	return strcmp(new->name, old->name) > 0;
}

static void
consider(struct search *s, const GElf_Sym *sym, const char *name)
{
	int type = GELF_ST_TYPE(sym->st_info);
	struct candidate c;
	size_t i;

	if ((type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE &&
	    (type != STT_OBJECT || sym->st_size == 0)) ||
	    sym->st_shndx == SHN_UNDEF || sym->st_shndx == SHN_ABS ||
	    name == NULL || name[0] == '\0' || name[0] == '$')
		return;
	c.value = (sym->st_value & s->value_mask) + s->module->bias;
	c.size = sym->st_size;
	c.name = name;
	c.rank = rank_of(sym);
	i = BISECT_BELOW(s->symbols, s->count, address, c.value);
	if (i == s->count)
		return;
	if (is_better(&c, &s->nearest[i]))
		s->nearest[i] = c;
	for (; i < s->count && s->symbols[i].address - c.value < c.size; i++)
		if (is_better(&c, &s->covering[i]))
			s->covering[i] = c;
}

typedef void visitor(void *arg, const GElf_Sym *sym, const char *name);

static void
visit_section(Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh, visitor *visit,
    void *arg)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	uint64_t n;

	if (data == NULL || sh->sh_entsize == 0)
		return;
	n = data->d_size / sh->sh_entsize;
	if (n > SYMBOLS_MAX)
		n = SYMBOLS_MAX;
	for (uint64_t i = 1; i < n; i++) {
		GElf_Sym sym;

		if (gelf_getsym(data, (int)i, &sym) == NULL)
			return;
		visit(arg, &sym, elf_strptr(elf, sh->sh_link, sym.st_name));
	}
}

static int
visit_type(Elf *elf, GElf_Word type, visitor *visit, void *arg)
{
	Elf_Scn *scn = NULL;
	int found = 0;

	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		GElf_Shdr sh;

		if (gelf_getshdr(scn, &sh) == NULL || sh.sh_type != type)
			continue;
		visit_section(elf, scn, &sh, visit, arg);
		found = 1;
	}
	return found;
}

/*
 * An image made of memory has no section headers, but its dynamic segment
 * says where the symbols are. How many there are it does not say: the string
 * table follows them with every linker.
 */
struct dynamic {
	uint64_t symbols, strings, strings_size, entry_size;
};

static int
read_dynamic(struct modules *ms, struct module *m, struct dynamic *d)
{
	struct target *t = ms->target;
	size_t word = t->is64 ? 8 : 4, n;
	unsigned char row[16];

	memset(d, 0, sizeof *d);
	if (elf_getphdrnum(m->elf, &n) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(m->elf, (int)i, &p) == NULL ||
		    p.p_type != PT_DYNAMIC)
			continue;
		for (uint64_t at = 0; at + 2 * word <= p.p_memsz &&
		    at < 65536; at += 2 * word) {
			uint64_t value;

			if (target_read(t, m->bias + p.p_vaddr + at, row,
			    2 * word) != 2 * word)
				break;
			value = target_uword(t, row + word);
			switch (target_uword(t, row)) {
			case DT_SYMTAB:
				d->symbols = value;
				break;
			case DT_STRTAB:
				d->strings = value;
				break;
			case DT_STRSZ:
				d->strings_size = value;
				break;
			case DT_SYMENT:
				d->entry_size = value;
				break;
			}
		}
	}
	/* ld.so relocates these in place, but not in the vdso. */
	if (d->symbols < m->start)
		d->symbols += m->bias;
	if (d->strings < m->start)
		d->strings += m->bias;
	return d->symbols < d->strings && d->entry_size >=
	    (t->is64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym)) &&
	    d->strings - d->symbols < ((uint64_t)64 << 20) &&
	    d->strings_size < ((uint64_t)64 << 20) ? 0 : -1;
}

static void
visit_dynamic(struct modules *ms, struct module *m, visitor *visit, void *arg)
{
	struct target *t = ms->target;
	struct dynamic d;
	size_t have, nstrings;
	unsigned char *rows;
	char *strings;

	if (read_dynamic(ms, m, &d) == -1)
		return;
	rows = xmalloc(d.strings - d.symbols);
	have = modules_read(ms, d.symbols, rows, d.strings - d.symbols);
	/* Names outlive this call: they belong to the module's image. */
	strings = xcalloc(1, d.strings_size + 1);
	nstrings = modules_read(ms, d.strings, strings, d.strings_size);
	for (size_t at = d.entry_size; at + d.entry_size <= have;
	    at += d.entry_size) {
		const unsigned char *r = rows + at;
		uint32_t name = target_u32(t, r);
		GElf_Sym sym = {
			.st_info = r[t->is64 ? 4 : 12],
			.st_shndx = target_u16(t, r + (t->is64 ? 6 : 14)),
			.st_value = target_uword(t, r + (t->is64 ? 8 : 4)),
			.st_size = target_uword(t, r + (t->is64 ? 16 : 8))
		};

		if (name < nstrings)
			visit(arg, &sym, strings + name);
	}
	if (have >= 2 * d.entry_size && nstrings > 0)
		m->symbols = "dynsym";
	free(rows);
}

void
elfsyms_each(struct modules *ms, struct module *m, visitor *visit, void *arg)
{
	int found = 0;

	if (m->debug_elf != NULL)
		found = visit_type(m->debug_elf, SHT_SYMTAB, visit, arg);
	if (!found)
		found = visit_type(m->elf, SHT_SYMTAB, visit, arg);
	if (!found && m->mini_elf != NULL)
		found = visit_type(m->mini_elf, SHT_SYMTAB, visit, arg);
	/* .dynsym as well: some linkers leave its names out of .symtab. */
	found |= visit_type(m->elf, SHT_DYNSYM, visit, arg);
	if (!found && m->image != NULL)
		visit_dynamic(ms, m, visit, arg);
}

static void
consider_symbol(void *arg, const GElf_Sym *sym, const char *name)
{
	consider(arg, sym, name);
}

void
elfsyms_resolve(struct modules *ms, struct module *m, struct symbol *syms,
    size_t count)
{
	struct search s = {
		.module = m, .symbols = syms, .count = count,
		.covering = xcalloc(count, sizeof *s.covering),
		.nearest = xcalloc(count, sizeof *s.nearest),
		/* Bit 0 of a Thumb function's address is not part of it. */
		.value_mask = ms->target->arch->machine == EM_ARM ?
		    ~(uint64_t)1 : UINT64_MAX
	};
	const struct candidate *below = NULL;

	elfsyms_each(ms, m, consider_symbol, &s);
	for (size_t i = 0; i < count; i++) {
		const struct candidate *c = &s.covering[i];

		if (s.nearest[i].name != NULL)
			below = &s.nearest[i];
		if (c->name == NULL) {
			/* A symbol with a size that ends below is not it. */
			if (below == NULL || below->size != 0)
				continue;
			c = below;
		} else
			syms[i].is_exact = 1;
		syms[i].elf_name = xstrdup(c->name);
		syms[i].function_start = c->value;
	}
	free(s.covering);
	free(s.nearest);
}

struct by_name {
	const char *name;
	uint64_t value, size;
};

static void
match_name(void *arg, const GElf_Sym *sym, const char *name)
{
	struct by_name *want = arg;

	if (name != NULL && sym->st_shndx != SHN_UNDEF &&
	    strcmp(name, want->name) == 0) {
		want->value = sym->st_value;
		want->size = sym->st_size;
	}
}

uint64_t
elfsyms_address(struct modules *ms, struct module *m, const char *name,
    uint64_t *size)
{
	struct by_name want = { name, 0, 0 };

	elfsyms_each(ms, m, match_name, &want);
	if (size != NULL)
		*size = want.size;
	return want.value == 0 ? 0 : want.value + m->bias;
}
