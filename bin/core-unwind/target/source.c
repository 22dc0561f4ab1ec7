/* SPDX-License-Identifier: ISC */
#include "target/source.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "io.h"
#include "xalloc.h"
#include "zseek.h"

/* Decompressed frames kept at a time, in bytes. */
#define CACHE_BYTES ((size_t)64 << 20)
/* A frame that holds more, or is larger than zstd makes of that, is not worth
   seeking to: the file is spooled. */
#define FRAME_MAX ((uint64_t)32 << 20)
#define STORED_MAX ((uint64_t)33 << 20)
/* The window we grant a stream (zstd's own limit for its command is 27). */
#define WINDOW_LOG_MAX 27
#define BLOCK 65536
#define PAGE 4096

struct frame {
	uint64_t at;			/* in the compressed file */
	uint64_t offset;		/* in the core */
	uint32_t stored, size;
	uint32_t used;			/* when it was last read, 0 never */
	uint8_t is_zero, is_broken;
	unsigned char *bytes;		/* decompressed, or NULL */
};

struct source {
	int fd;
	const unsigned char *map;	/* plain, or spooled: of map_fd */
	int map_fd;
	uint64_t size;
	const char *damage;
	int is_refused;		/* by the system: it may be whole */
	/* seekable */
	struct frame *frames;
	size_t nframes, cached;
	struct frame **loaded;		/* those whose bytes are kept */
	size_t nloaded, loaded_cap;
	uint32_t clock;
	ZSTD_DCtx *zstd;
};

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static int
is_zero(const unsigned char *p, size_t len)
{
	return len == 0 || (p[0] == 0 && memcmp(p, p + 1, len - 1) == 0);
}

static int
map_file(struct source *src, int fd, uint64_t size)
{
	void *map;

	src->size = size;
	if (size == 0)
		return 0;
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return -1;
	src->map = map;
	src->map_fd = fd;
	/* Stacks lie far apart: reading ahead would read the whole core. */
	madvise(map, size, MADV_RANDOM);
	return 0;
}

static int spool_fd = -1;

void
source_prepare(void)
{
	const char *dirs[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };

	for (size_t i = 0; spool_fd == -1 &&
	    i < sizeof dirs / sizeof dirs[0]; i++)
		if (dirs[i] != NULL)
			spool_fd = open(dirs[i],
			    O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

int
source_spooled(void)
{
	struct stat st;

	return spool_fd != -1 && fstat(spool_fd, &st) == 0 && st.st_size > 0 ?
	    spool_fd : -1;
}

/* Zeros become holes: *SIZE counts all, *BUDGET only what is written. */
static int
spool_write(int fd, const unsigned char *p, size_t len, uint64_t *size,
    uint64_t *budget)
{
	while (len > 0) {
		size_t n = len < BLOCK ? len : BLOCK;

		if (!is_zero(p, n)) {
			if (n > *budget) {
				errno = EFBIG;
				return -1;
			}
			if (lseek(fd, (off_t)*size, SEEK_SET) == -1 ||
			    io_write(fd, p, n) == -1)
				return -1;
			*budget -= n;
		}
		*size += n;
		p += n;
		len -= n;
	}
	return 0;
}

static const char *
spool_plain(int in, int out, unsigned char *buf, size_t have, uint64_t *size,
    uint64_t budget)
{
	for (;;) {
		ssize_t n;

		if (spool_write(out, buf, have, size, &budget) == -1)
			return "no room to spool the rest";
		n = io_read(in, buf, BLOCK);
		if (n == -1)
			return "reading it failed";
		if (n == 0)
			return NULL;
		have = (size_t)n;
	}
}

static const char *
spool_zstd(int in, int out, unsigned char *buf, size_t have, uint64_t *size,
    uint64_t budget)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	unsigned char *text = xmalloc(BLOCK);
	const char *damage = NULL;
	size_t rest = 0;

	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	while (damage == NULL) {
		ZSTD_inBuffer i = { buf, have, 0 };
		ZSTD_outBuffer o;
		ssize_t n;

		do {
			o = (ZSTD_outBuffer){ text, BLOCK, 0 };
			rest = ZSTD_decompressStream(z, &o, &i);
			if (ZSTD_isError(rest))
				damage = "the zstd stream is broken";
			if (spool_write(out, text, o.pos, size, &budget) == -1)
				damage = "no room to spool the rest";
		} while (damage == NULL && (i.pos < i.size || o.pos == BLOCK));
		if (damage != NULL)
			break;
		n = io_read(in, buf, BLOCK);
		if (n == -1)
			damage = "reading it failed";
		if (n <= 0)
			break;
		have = (size_t)n;
	}
	if (damage == NULL && rest != 0)
		damage = "the zstd stream ends early";
	ZSTD_freeDStream(z);
	free(text);
	return damage;
}

static int
looks_zstd(const unsigned char *p, size_t len)
{
	return len >= 4 && (le32(p) == ZSTD_MAGICNUMBER ||
	    (le32(p) & ZSTD_MAGIC_SKIPPABLE_MASK) ==
	    ZSTD_MAGIC_SKIPPABLE_START);
}

/* From where FD stands to its end. */
static int
spool(struct source *src, int fd, uint64_t budget, const char **why)
{
	unsigned char *buf = xmalloc(BLOCK);
	uint64_t size = 0;
	ssize_t have;
	int out;

	*why = "no file to spool it to (TMPDIR, /var/tmp, /tmp)";
	out = spool_fd;
	have = out == -1 ? -1 : io_read(fd, buf, BLOCK);
	if (have == -1) {
		free(buf);
		return -1;
	}
	src->damage = (looks_zstd(buf, (size_t)have) ? spool_zstd :
	    spool_plain)(fd, out, buf, (size_t)have, &size, budget);
	free(buf);
	*why = "map what was spooled";
	if (ftruncate(out, (off_t)size) == -1 ||
	    map_file(src, out, size) == -1)
		return -1;
	return 0;
}

/*
 * The seek table at the end of the file: every number in it is checked against
 * the file's size before it is used. Returns 0 when it is whole.
 */
static int
read_seek_table(struct source *src, uint64_t file_size)
{
	unsigned char footer[ZSEEK_FOOTER], head[8], *table;
	uint64_t count, entry, bytes, at = 0, offset = 0;

	if (file_size < sizeof footer + sizeof head ||
	    io_pread(src->fd, footer, sizeof footer,
	    (off_t)(file_size - sizeof footer)) != (ssize_t)sizeof footer ||
	    le32(footer + 5) != ZSEEK_MAGIC || (footer[4] & ZSEEK_RESERVED) != 0)
		return -1;
	count = le32(footer);
	entry = (footer[4] & ZSEEK_CHECKED) != 0 ?
	    ZSEEK_ENTRY_CHECKED : ZSEEK_ENTRY;
	bytes = count * entry + sizeof footer;
	if (bytes + sizeof head > file_size || count > ZSEEK_FRAMES_MAX ||
	    io_pread(src->fd, head, sizeof head,
	    (off_t)(file_size - bytes - sizeof head)) != (ssize_t)sizeof head ||
	    le32(head) != ZSEEK_SKIPPABLE || le32(head + 4) != bytes)
		return -1;
	table = xmalloc(count * entry);
	src->frames = xcalloc(count, sizeof *src->frames);
	if (io_pread(src->fd, table, count * entry,
	    (off_t)(file_size - bytes)) != (ssize_t)(count * entry))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		struct frame *f = &src->frames[i];

		f->at = at;
		f->offset = offset;
		f->stored = le32(table + i * entry);
		f->size = le32(table + i * entry + 4);
		at += f->stored;
		offset += f->size;
		if (f->size > FRAME_MAX || f->stored > STORED_MAX ||
		    at > file_size - bytes - sizeof head) {
			free(table);
			return -1;
		}
	}
	free(table);
	src->nframes = count;
	src->size = offset;
	return count == 0 ? -1 : 0;
}

/* Whoever was read longest ago goes, until SIZE more fit. */
static void
make_room(struct source *src, size_t size)
{
	while (src->nloaded > 0 && src->cached + size > CACHE_BYTES) {
		size_t oldest = 0;

		for (size_t i = 1; i < src->nloaded; i++)
			if (src->loaded[i]->used < src->loaded[oldest]->used)
				oldest = i;
		src->cached -= src->loaded[oldest]->size;
		free(src->loaded[oldest]->bytes);
		src->loaded[oldest]->bytes = NULL;
		src->loaded[oldest] = src->loaded[--src->nloaded];
	}
}

static int
load_frame(struct source *src, struct frame *f)
{
	unsigned char *stored;
	ssize_t got;
	size_t n = 0;

	if (f->is_broken)
		return -1;
	make_room(src, f->size);
	stored = xmalloc(f->stored);
	f->bytes = xmalloc(f->size);
	got = io_pread(src->fd, stored, f->stored, (off_t)f->at);
	if (got == -1) {
		f->is_broken = src->is_refused = 1;
		src->damage = "reading it failed";
	} else if (got != (ssize_t)f->stored ||
	    ZSTD_isError(n = ZSTD_decompressDCtx(src->zstd, f->bytes, f->size,
	    stored, f->stored)) || n != f->size) {
		f->is_broken = 1;
		src->damage = "a zstd frame is broken";
	}
	free(stored);
	if (!f->is_broken && !(f->is_zero = (uint8_t)is_zero(f->bytes,
	    f->size))) {
		xgrow(&src->loaded, &src->loaded_cap, src->nloaded,
		    sizeof(struct frame *));
		src->loaded[src->nloaded++] = f;
		src->cached += f->size;
		return 0;
	}
	free(f->bytes);
	f->bytes = NULL;
	return f->is_broken ? -1 : 0;
}

static size_t
read_frames(struct source *src, uint64_t offset, unsigned char *buf, size_t len)
{
	size_t low = 0, high = src->nframes, done = 0;

	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (src->frames[mid].offset <= offset)
			low = mid;
		else
			high = mid;
	}
	for (; done < len && low < src->nframes; low++) {
		struct frame *f = &src->frames[low];
		uint64_t into = offset + done - f->offset;
		size_t n;

		if (into >= f->size)
			continue;
		n = (size_t)(f->size - into);
		if (n > len - done)
			n = len - done;
		if (f->bytes == NULL && !f->is_zero && load_frame(src, f) == -1)
			break;
		f->used = ++src->clock;
		if (f->is_zero)
			memset(buf + done, 0, n);
		else
			memcpy(buf + done, f->bytes + into, n);
		done += n;
	}
	return done;
}

static int
open_regular(struct source *src, uint64_t size, uint64_t spool_max,
    const char **why)
{
	unsigned char magic[4];

	if (io_pread(src->fd, magic, sizeof magic, 0) != (ssize_t)sizeof magic ||
	    !looks_zstd(magic, sizeof magic)) {
		*why = "mapping it failed";
		return map_file(src, src->fd, size);
	}
	if (read_seek_table(src, size) == 0) {
		src->zstd = ZSTD_createDCtx();
		return 0;
	}
	free(src->frames);
	src->frames = NULL;
	src->nframes = 0;
	return spool(src, src->fd, spool_max, why);
}

struct source *
source_open(int fd, uint64_t spool_max, const char **why)
{
	struct source *src = xcalloc(1, sizeof *src);
	struct stat st;
	int rc;

	src->fd = fd;
	*why = "reading it failed";
	if (fstat(fd, &st) == -1)
		rc = -1;
	else if (S_ISREG(st.st_mode))
		rc = open_regular(src, (uint64_t)st.st_size, spool_max, why);
	else if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		rc = -1;
	} else
		rc = spool(src, fd, spool_max, why);
	if (rc == -1) {
		free(src);
		return NULL;
	}
	return src;
}

void
source_free(struct source *src)
{
	if (src->map != NULL)
		munmap((void *)(uintptr_t)src->map, src->size);
	for (size_t i = 0; i < src->nloaded; i++)
		free(src->loaded[i]->bytes);
	free(src->loaded);
	free(src->frames);
	ZSTD_freeDCtx(src->zstd);
	close(src->fd);
	free(src);
}

uint64_t
source_size(const struct source *src)
{
	return src->size;
}

const char *
source_damage(const struct source *src)
{
	return src->damage;
}

int
source_is_damaged(const struct source *src)
{
	return src != NULL && src->damage != NULL;
}

int
source_is_refused(const struct source *src)
{
	return src->is_refused;
}

size_t
source_read(struct source *src, uint64_t offset, void *buf, size_t len)
{
	if (offset >= src->size)
		return 0;
	if (len > src->size - offset)
		len = (size_t)(src->size - offset);
	if (src->map == NULL)
		return read_frames(src, offset, buf, len);
	/* A page of a stack: its fault would cost more than this. */
	if (len == PAGE) {
		ssize_t n = io_pread(src->map_fd, buf, len, (off_t)offset);

		return n > 0 ? (size_t)n : 0;
	}
	memcpy(buf, src->map + offset, len);
	return len;
}
