/* SPDX-License-Identifier: ISC */
/* SIGSEGV and SIGBUS in words: which access, and what is wrong with it. */
#ifndef CORE_UNWIND_CAUSE_MEMORY_H
#define CORE_UNWIND_CAUSE_MEMORY_H

#include <stdint.h>

struct crash;
struct segment;

/* The caller frees; NULL when nothing can be told. */
char *cause_of_segv(struct crash *c);
char *cause_of_bus(struct crash *c);

/* PC is in nothing that can be executed. */
char *cause_of_bad_jump(const struct crash *c, uint64_t pc);

/* "r-x". Static buffer. */
const char *cause_permissions(uint32_t flags);

/* What has the memory: "/usr/lib/libx.so", "the stack", "memory of no file". */
const char *cause_owner(const struct crash *c, const struct segment *s);

#endif
