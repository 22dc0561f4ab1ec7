/* SPDX-License-Identifier: ISC */
/*
 * The core as a file: zstd frames that can be decompressed each by itself,
 * and a seek table at the end (lib/zseek.h). Long runs of zeros are a frame
 * that was compressed once, repeated.
 *
 * When writing fails (a full disk), the packer takes no more; pack_finish
 * then cuts the file back to the last whole frame for which there is room
 * with its table, so that what was saved can still be read.
 */
#ifndef CORE_SAVE_PACK_H
#define CORE_SAVE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "zseek.h"

/* Blocks are read and fed aligned, for the search of zeros. */
union block {
	unsigned char bytes[ZSEEK_BLOCK];
	uint64_t words[ZSEEK_BLOCK / sizeof(uint64_t)];
};

struct pack;

/* Levels that stay within the memory core-save promises. */
#define PACK_LEVEL_MAX 19

/* Writes to FD, which stays the caller's. Never NULL (exits 111). */
struct pack *pack_new(int fd, int level);

/*
 * The next LEN bytes: a whole block, save for the last. Returns 0, or -1 when
 * writing has failed, now or before.
 */
int pack_feed(struct pack *p, const union block *block, size_t len);

/*
 * Write what is left and the table. After a failure the file is cut back,
 * unless RESERVE is NULL: then it is not ours to cut (stdout). *RESERVE is a
 * descriptor that holds disk space to be given back when there is no other,
 * or -1; it is closed then and set to -1. Returns 0 or the errno that ended
 * the writing.
 */
int pack_finish(struct pack *p, int *reserve);

uint64_t pack_content(const struct pack *p);	/* bytes of core in the file */
uint64_t pack_stored(const struct pack *p);	/* bytes of the file */
void pack_free(struct pack *p);

#endif
