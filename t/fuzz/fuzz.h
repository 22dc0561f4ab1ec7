/* SPDX-License-Identifier: ISC */
/*
 * What the fuzzers share. The programs leave their memory to exit(2): here it
 * is given back after each input, and no input makes a file be opened: they are
 * linked with free, open and open64 wrapped (ld(1), --wrap).
 */
#ifndef T_FUZZ_FUZZ_H
#define T_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's entry (clang documentation, LibFuzzer). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An unnamed file of these bytes, to be read from its beginning. */
int fuzz_file(const uint8_t *data, size_t size);

/* A C string of these bytes; forgotten by fuzz_forget(). */
char *fuzz_string(const uint8_t *data, size_t size);

/* Free all that was allocated through lib/xalloc.h since the last time. */
void fuzz_forget(void);

#endif
