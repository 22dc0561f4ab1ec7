/* SPDX-License-Identifier: ISC */
/*
 * Names for addresses: function, source line, inlined calls. All addresses of
 * all threads are collected first, because one pass over a symbol table serves
 * them all: libdwfl's own lookup is a pass for each.
 */
#ifndef CORE_UNWIND_SYMBOLS_H
#define CORE_UNWIND_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "module/module.h"

struct location {
	const char *function;		/* demangled, or NULL */
	const char *file;		/* as DWARF has it, or NULL */
	int line, column;		/* 0: not known */
	int is_inline;
};

struct symbol {
	uint64_t address;		/* what was asked for */
	struct module *module;		/* or NULL */
	uint64_t function_start;	/* 0: not known */
	char *elf_name;			/* as the symbol table has it, or NULL */
	int is_exact;			/* the ELF symbol's size covers it */
	struct location *location;	/* innermost inlined call first; the
					   last one is the function itself */
	size_t count;			/* at least 1 once resolved */
};

struct symbols;

struct symbols *symbols_new(struct modules *ms);

/* Remember to look ADDRESS up. */
void symbols_want(struct symbols *s, uint64_t address);

/* Look up all that were not yet; stops early, with what it has, when
   *EXPIRED. */
void symbols_resolve(struct symbols *s, volatile const int *expired);

/* What was found for ADDRESS; never NULL after it was wanted and resolved. */
const struct symbol *symbols_get(const struct symbols *s, uint64_t address);

/*
 * The address of the symbol NAME in module M, biased; 0 when it has none.
 * *SIZE may be NULL.
 */
uint64_t symbols_address(struct modules *ms, struct module *m,
    const char *name, uint64_t *size);

#endif
