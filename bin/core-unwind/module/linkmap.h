/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_LINKMAP_H
#define CORE_UNWIND_LINKMAP_H

#include <stdint.h>

struct module;
struct modules;

/*
 * For a core that does not say which files were mapped where (no NT_FILE: QEMU
 * and old kernels): the executable that the user named is placed by the entry
 * point of the auxiliary vector, the libraries by the dynamic linker's own
 * list (struct link_map, link.h). What is found becomes a module whose file is
 * open already.
 */
void linkmap_find(struct modules *ms);

/* The address of the struct link_map of M; 0: it is not to be found. */
uint64_t linkmap_entry(struct modules *ms, const struct module *m);

#endif
