/* SPDX-License-Identifier: ISC */
/*
 * A core of nothing but what a stack trace needs: each thread's registers and
 * the part of its stack that is in use, what these point at, the writable data
 * of the executable, and of each module the page that names it and the tables
 * that its functions are unwound by. It is an ELF core like the kernel's, its
 * notes are the kernel's own, and its size does not grow with the process's.
 *
 * It is read from the process when that can be, in a few milliseconds, and cut
 * out of the stream otherwise (then without unwind tables, which the kernel
 * does not write, and without what only other memory points at). It is held in
 * memory until there is time to write it, beside the whole core or instead.
 */
#ifndef CORE_SAVE_STACKS_H
#define CORE_SAVE_STACKS_H

#include <stddef.h>
#include <stdint.h>

#include "save.h"

struct live;
struct pack;
struct stacks;

struct stacks *stacks_new(void);

/*
 * The next LEN bytes of the core as it comes on stdin. After all of its notes
 * stacks_read may take the rest; else the bytes are picked over.
 */
void stacks_feed(struct stacks *k, const unsigned char *bytes, size_t len);

/* Is more of stdin of any use? */
int stacks_wants(const struct stacks *k);

/* Stdin has ended. */
void stacks_end(struct stacks *k);

/*
 * Why the stream can only be kept as it is, or NULL. All of it that was fed by
 * then is in *BYTES, *LEN of them.
 */
const char *stacks_refused(const struct stacks *k, const unsigned char **bytes,
    size_t *len);

/*
 * Read the memory of the process, whose notes have all been fed. Returns 0, or
 * -1 with errno when it cannot be read: then the stream is still all there.
 */
int stacks_read(struct stacks *k, struct live *l);

/* Was it read from the process, and not cut out of the stream? */
int stacks_is_live(const struct stacks *k);

/* Has the stream ended before all that was to be cut out of it? */
int stacks_is_cut(const struct stacks *k);

/* Bytes that it will have; and all that came before the memory, *LEN of them. */
uint64_t stacks_size(const struct stacks *k);
const unsigned char *stacks_head(const struct stacks *k, size_t *len);

/* Note in *M what is left out of it that should be there. */
void stacks_missing(const struct stacks *k, struct missing *m);

/*
 * Write it to P, compressed at LEVEL, but no more than LIMIT bytes of content.
 * Returns 0, 1 when there was more than that, or -1 when writing has failed;
 * pack_finish is the caller's.
 */
int stacks_write(struct stacks *k, struct pack *p, int level, uint64_t limit);

void stacks_free(struct stacks *k);

#endif
