/* SPDX-License-Identifier: ISC */
/*
 * Separate debug files, found as gdb finds them: by build-id below
 * /usr/lib/debug/.build-id, then by .gnu_debuglink beside the file, in .debug/
 * and below /usr/lib/debug (GDB manual, "Separate Debug Files").
 */
#ifndef CORE_UNWIND_DEBUGFILE_H
#define CORE_UNWIND_DEBUGFILE_H

#include <elfutils/libdw.h>

struct inflation;
struct module;
struct modules;

/* Has ELF a .debug_info (or .zdebug_info)? */
int debugfile_has_dwarf(Elf *elf);

/* The DWARF data of ELF, of which BEGUN is what inflate_begin() returned. */
Dwarf *debugfile_dwarf(Elf *elf, struct inflation *begun);

/*
 * The name of the Ith place where a debug file of this build-id may lie; NULL
 * past the last. The caller frees it.
 */
char *debugfile_by_build_id(const struct modules *ms, int i,
    const unsigned char *id, size_t len);

/* Sets m->debug_elf and m->debug_fd when a debug file that fits is found. */
void debugfile_find(struct modules *ms, struct module *m);

#endif
