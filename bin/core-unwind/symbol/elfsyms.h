/* SPDX-License-Identifier: ISC */
/* The symbol tables of a module: .symtab and .dynsym, its debug file's too. */
#ifndef CORE_UNWIND_ELFSYMS_H
#define CORE_UNWIND_ELFSYMS_H

#include <gelf.h>
#include <stddef.h>
#include <stdint.h>

#include "symbol/symbols.h"

/* Set elf_name and function_start of COUNT symbols in order of address. */
void elfsyms_resolve(struct modules *ms, struct module *m, struct symbol *syms,
    size_t count);

/*
 * Call VISIT for each symbol of M. NAME is good as long as the module is
 * opened.
 */
void elfsyms_each(struct modules *ms, struct module *m,
    void (*visit)(void *arg, const GElf_Sym *sym, const char *name),
    void *arg);

/* As symbols_address(). */
uint64_t elfsyms_address(struct modules *ms, struct module *m,
    const char *name, uint64_t *size);

#endif
