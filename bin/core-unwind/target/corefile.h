/* SPDX-License-Identifier: ISC */
/*
 * An ELF core file (core(5), elf(5), the kernel's fs/binfmt_elf.c) of any class
 * and byte order into a target. Every count, length and offset in it is a
 * stranger's.
 */
#ifndef CORE_UNWIND_COREFILE_H
#define CORE_UNWIND_COREFILE_H

struct source;
struct target;

/*
 * Fills T, which must be zeroed, from SRC, which it takes over. Returns 0, or
 * -1 with a reason in *WHY (static text) when it is not a core that can be
 * used at all. What is absent or damaged is put in T->missing.
 */
int corefile_read(struct target *t, struct source *src, const char **why);

#endif
