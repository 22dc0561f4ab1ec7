/* SPDX-License-Identifier: ISC */
/*
 * The core as a file: zstd frames that can be decompressed each by itself,
 * and a seek table at the end (lib/zseek.h). Long runs of zeros are a frame
 * that was compressed once, repeated.
 *
 * When writing fails (a full disk), the packer takes no more; pack_finish
 * then cuts the file back to the last whole frame for which there is room
 * with its table, and adds as much of the next one as fits in smaller frames, so
 * that what was saved can still be read, and is as much as can be.
 */
#ifndef CORE_SAVE_PACK_H
#define CORE_SAVE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "zseek.h"

struct pack;

/* Writes to FD, which stays the caller's. Never NULL (exits 111). */
struct pack *pack_new(int fd);

/*
 * The next CONTENT bytes, as a frame of SIZE bytes that press_block made. Returns
 * 0, or -1 when writing has failed, now or before.
 */
int pack_frame(struct pack *p, const void *frame, size_t size,
    size_t content);

/* The next BLOCKS times ZSEEK_BLOCK bytes, which are zeros. As pack_frame. */
int pack_zeros(struct pack *p, uint64_t blocks);

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
