/* SPDX-License-Identifier: ISC */
/*
 * The bytes of a core file, wherever they are: a plain file (mapped), a zstd
 * file in the seekable format (only the frames that are asked for are
 * decompressed), any other zstd file, or a pipe (both spooled once, sparse, to
 * an unnamed file; memory stays bounded whatever comes).
 */
#ifndef CORE_UNWIND_SOURCE_H
#define CORE_UNWIND_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct source;

/*
 * Open the file without a name that a pipe is spooled to. After this nothing
 * needs to be made: a sandbox can be closed before source_open().
 */
void source_prepare(void);

/*
 * That file, when something was spooled to it: another process can go on with
 * what the one that read the pipe left. -1 when there is none.
 */
int source_spooled(void);

/*
 * Takes FD over. What has to be spooled is spooled here; SPOOL_MAX bounds the
 * bytes of it that are not zero. Returns NULL with what failed in *WHY (static
 * text) and errno.
 */
struct source *source_open(int fd, uint64_t spool_max, const char **why);
void source_free(struct source *src);

/* Bytes of the core that can be had. */
uint64_t source_size(const struct source *src);

/* Why the end is missing (static text), or NULL. */
const char *source_damage(const struct source *src);

/* The same as a question; SRC may be NULL. */
int source_is_damaged(const struct source *src);

/* Was it the system that would not read it? */
int source_is_refused(const struct source *src);

/* Returns how many bytes of LEN at OFFSET were read: 0 past the end. */
size_t source_read(struct source *src, uint64_t offset, void *buf, size_t len);

#endif
