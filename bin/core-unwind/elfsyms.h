/* SPDX-License-Identifier: ISC */
/* The symbol tables of a module: .symtab and .dynsym, its debug file's too. */
#ifndef CORE_UNWIND_ELFSYMS_H
#define CORE_UNWIND_ELFSYMS_H

#include <stddef.h>
#include <stdint.h>

#include "symbols.h"

/* Set elf_name and function_start of COUNT symbols in order of address. */
void elfsyms_resolve(struct modules *ms, struct module *m, struct symbol *syms,
    size_t count);

/* As symbols_address(). */
uint64_t elfsyms_address(struct modules *ms, struct module *m,
    const char *name, uint64_t *size);

#endif
