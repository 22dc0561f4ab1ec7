/* SPDX-License-Identifier: ISC */
/* What a pointer points to that has a name: functions and variables, by the
   symbol tables of the module it points into. */
#ifndef CORE_UNWIND_POINTEE_H
#define CORE_UNWIND_POINTEE_H

#include <stdint.h>

#include "module/module.h"

struct pointees;

struct pointees *pointees_new(struct modules *ms);
void pointees_free(struct pointees *p);

/* The demangled name of what ADDRESS is in, and how far into it; or NULL. Good
   as long as P. */
const char *pointees_name(struct pointees *p, uint64_t address,
    uint64_t *offset);

/* The address of the symbol NAME in M; 0 when there is none. */
uint64_t pointees_address(struct pointees *p, struct module *m,
    const char *name);

#endif
