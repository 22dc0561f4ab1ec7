/* SPDX-License-Identifier: ISC */
#include "shmem.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "pages.h"
#include "stream.h"

/* What is there is looked for, and read, in steps of so much. */
#define STEP		(UINT64_C(64) << 10)

/* Of Linux 6.5; the number is the same on all machines but alpha. */
#ifndef SYS_cachestat
#define SYS_cachestat	451
#endif

int
shmem_open(struct shmem *m, const struct process *p, const struct mapping *map)
{
	char path[64];
	struct stat st;

	shmem_close(m);
	*m = (struct shmem){ .map = map, .is_asked = 1 };
	snprintf(path, sizeof path, "map_files/%" PRIx64 "-%" PRIx64,
	    map->start, map->end);
	/* Whoever has a lease on the file (fcntl(2)) is not waited for. */
	m->fd = openat(p->dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY);
	if (m->fd == -1)
		return -1;
	if (fstat(m->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_ino == map->inode &&
	    st.st_dev == makedev(map->major, map->minor))
		return 0;
	close(m->fd);
	m->fd = -1;
	errno = ESTALE;
	return -1;
}

static off_t
offset_of(const struct shmem *m, uint64_t address)
{
	return (off_t)(address - m->map->start + m->map->offset);
}

/*
 * Is no page of the file in memory or swap there? Not SEEK_DATA of lseek(2): it
 * waits for whoever writes to the file, and he can take for ever.
 */
static int
is_empty(struct shmem *m, uint64_t start, uint64_t end)
{
	uint64_t range[2] = { (uint64_t)offset_of(m, start), end - start };
	struct {
		uint64_t cached, dirty, writeback, evicted, evicted_lately;
	} pages;

	if (!m->is_asked)
		return 0;
	if (syscall(SYS_cachestat, m->fd, range, &pages, 0) == -1) {
		m->is_asked = 0;
		return 0;
	}
	return pages.cached == 0 && pages.evicted == 0;
}

/*
 * From START up to END: up to where is nothing there (*EMPTY is 1), or may there
 * be something?
 */
static uint64_t
look(struct shmem *m, uint64_t start, uint64_t end, int *empty)
{
	uint64_t len = end - start < STEP ? end - start : STEP;
	uint64_t had = 0;

	while (had < end - start && is_empty(m, start, start + len)) {
		had = len;
		len = len * 2 < end - start ? len * 2 : end - start;
	}
	*empty = had > 0;
	return start + (had > 0 ? had : len);
}

int
shmem_read(const struct shmem *m, uint64_t address, void *buf, size_t len)
{
	ssize_t n = io_pread(m->fd, buf, len, offset_of(m, address));

	if (n == -1)
		return -1;
	memset((char *)buf + n, 0, len - (size_t)n);
	return 0;
}

static int
copy(struct shmem *m, struct stream *s, uint64_t start, uint64_t end)
{
	while (start < end) {
		size_t room;
		unsigned char *to = fill_room(&s->fill, &room);

		room = end - start < room ? (size_t)(end - start) : room;
		if (shmem_read(m, start, to, room) == -1)
			return -1;
		stream_add(s, room);
		start += room;
	}
	return 0;
}

int
shmem_copy(struct shmem *m, struct stream *s, struct pages *pages,
    uint64_t start, uint64_t end)
{
	while (start < end && stream_wanted(s)) {
		int empty;
		uint64_t stop = look(m, start, end, &empty);

		/* The kernel would have to ask somebody for these: it does not. */
		if (!empty && (pages_userfault(pages, start) &
		    USERFAULT_MINOR) != 0) {
			stream_zeros(s, end - start);
			return 0;
		}
		if (empty)
			stream_zeros(s, stop - start);
		else if (copy(m, s, start, stop) == -1)
			return -1;
		start = stop;
	}
	return 0;
}

void
shmem_close(struct shmem *m)
{
	if (m->fd != -1)
		close(m->fd);
	m->fd = -1;
}
