/* SPDX-License-Identifier: ISC */
/*
 * In place of core-save's pages.c: the memory of a process that is none. What
 * is in it are runs of pages; of each the first so many bytes are there, and
 * the rest reads as zeros.
 */
#ifndef T_FUZZ_PAGES_FAKE_H
#define T_FUZZ_PAGES_FAKE_H

#include <stddef.h>
#include <stdint.h>

#define FAKE_PAGE	4096u

/* No memory, that refuses to be read after so many calls; 0: never does. */
void pages_fake_begin(unsigned calls);

/* A run from START up to END, whose first LEN bytes are these. */
void pages_fake_add(uint64_t start, uint64_t end, const uint8_t *bytes,
    size_t len);

/* Was it refused? */
int pages_fake_refused(void);

#endif
