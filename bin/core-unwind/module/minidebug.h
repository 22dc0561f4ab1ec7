/* SPDX-License-Identifier: ISC */
/*
 * MiniDebugInfo: an ELF file with the symbols that were stripped, compressed
 * with xz, in the section .gnu_debugdata (GDB manual, "MiniDebugInfo"; Fedora
 * and its kin have it in every program). libdw decompresses it, but only out of
 * a file: that is made before a sandbox is closed.
 */
#ifndef CORE_UNWIND_MINIDEBUG_H
#define CORE_UNWIND_MINIDEBUG_H

#include <libelf.h>

/* Make the file, in memory, that it passes through. */
void minidebug_prepare(void);

/* What is in ELF's .gnu_debugdata; NULL when there is none, or it is broken. */
Elf *minidebug_open(Elf *elf);

#endif
