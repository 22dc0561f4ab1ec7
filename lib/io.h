/* SPDX-License-Identifier: ISC */
/*
 * Whole reads and writes. Nothing else in the project knows about EINTR and
 * short counts.
 */
#ifndef COREPIPE_IO_H
#define COREPIPE_IO_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Read until LEN bytes or end of file. Returns the count, short only at end
 * of file, or -1 with errno.
 */
ssize_t io_read(int fd, void *buf, size_t len);

/* The same at OFFSET of a seekable file; the file position is not used. */
ssize_t io_pread(int fd, void *buf, size_t len, off_t offset);

/*
 * Write all of BUF. Returns 0, or -1 with errno; a write that takes nothing
 * becomes ENOSPC. How much was written before a failure is not told.
 */
int io_write(int fd, const void *buf, size_t len);

/*
 * Read a whole small file below DIRFD (AT_FDCWD allowed) without following a
 * link in its last component and without blocking on a FIFO. At most MAX
 * bytes are kept. Returns a buffer that the caller frees, one NUL byte past
 * *LEN, or NULL with errno; EFBIG when the file is longer than MAX.
 */
char *io_slurp(int dirfd, const char *path, size_t max, size_t *len);

/* fsync the directory DIRFD names PATH in. Returns 0, or -1 with errno. */
int io_sync_dir(int dirfd, const char *path);

#endif
