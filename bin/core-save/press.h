/* SPDX-License-Identifier: ISC */
/* One block at a time to a zstd frame that can be decompressed by itself. */
#ifndef CORE_SAVE_PRESS_H
#define CORE_SAVE_PRESS_H

#include <stddef.h>

#include "zseek.h"

/* Levels that stay within the memory core-save promises. */
#define PRESS_LEVEL_MIN	1

/* Of frames of 1 MiB no lower one is within a tenth of zstd -3 of all at once. */
#define PRESS_LEVEL	2
#define PRESS_LEVEL_MAX	19

/* Room for the frame of any block, as ZSTD_compressBound() has it. */
#define PRESS_BOUND	(ZSEEK_BLOCK + ZSEEK_BLOCK / 256)

struct press;

/* Never NULL (exits 111). */
struct press *press_new(int level);

/*
 * Compress LEN bytes, at most a block, to OUT, which has PRESS_BOUND of room.
 * Returns the size of the frame, or 0 when it is a whole block of zeros.
 */
size_t press_block(struct press *p, const void *content, size_t len,
    void *out);

/*
 * A frame of CONTENT zeros, a multiple of a block; the caller frees. *SIZE is
 * at most PRESS_BOUND.
 */
unsigned char *press_zeros(size_t content, size_t *size);

/*
 * The other way: the SIZE bytes of FRAME, decompressed to CONTENT of LEN bytes
 * of room. Returns how many it had, or 0.
 */
size_t press_expand(const void *frame, size_t size, void *content,
    size_t len);

void press_free(struct press *p);

#endif
