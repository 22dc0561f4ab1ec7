/* SPDX-License-Identifier: ISC */
/*
 * Separate debug files, found as gdb finds them: by build-id below
 * /usr/lib/debug/.build-id, then by .gnu_debuglink beside the file, in .debug/
 * and below /usr/lib/debug (GDB manual, "Separate Debug Files").
 */
#ifndef CORE_UNWIND_DEBUGFILE_H
#define CORE_UNWIND_DEBUGFILE_H

#include <elfutils/libdw.h>

struct module;
struct modules;

/* The DWARF data of ELF if it has a .debug_info (or .zdebug_info), or NULL. */
Dwarf *debugfile_dwarf(Elf *elf);

/*
 * The name of the Ith place where a debug file of this build-id may lie; NULL
 * past the last. The caller frees it.
 */
char *debugfile_by_build_id(const struct modules *ms, int i,
    const unsigned char *id, size_t len);

/* Sets m->debug_elf and m->debug_fd when a debug file that fits is found. */
void debugfile_find(struct modules *ms, struct module *m);

#endif
