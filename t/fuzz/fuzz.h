/* SPDX-License-Identifier: ISC */
/*
 * What the fuzzers share. The programs leave their memory to exit(2): here it
 * is given back after each input, and no input makes a file be opened but those
 * below; complaints are not printed: they are linked with free, open, open64,
 * warn and warnx wrapped (ld(1), --wrap).
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

/* The next open() of anything gives FD; it is the program's then. */
void fuzz_next_open(int fd);

/*
 * A directory of this process's, made below TMPDIR at the first call. What is
 * below it can be opened by name. FUZZ_FILE_IN puts a file there, through DIR.
 */
const char *fuzz_dir(void);
void fuzz_file_in(int dir, const char *name, const uint8_t *data, size_t size);

/* The part of the input before the first "\n--\n", and what is behind it. */
size_t fuzz_split(const uint8_t **data, size_t *size, const uint8_t **rest);

/* That part as a C string, of *LEN bytes; the input goes on behind it. */
char *fuzz_part(const uint8_t **data, size_t *size, size_t *len);

/*
 * A block of its own with these bytes: reading past its end does not go
 * unnoticed. free() or fuzz_forget() ends it.
 */
void *fuzz_exact(const uint8_t *data, size_t size);

/* Free all that was allocated through lib/xalloc.h since the last time. */
void fuzz_forget(void);

#endif
