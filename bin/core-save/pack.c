/* SPDX-License-Identifier: ISC */
#include "pack.h"

#include <sys/stat.h>

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "press.h"
#include "xalloc.h"

/* Small frames are gathered to writes of at least this. */
#define WRITE_SIZE (256u << 10)

/* Half of a frame, and half of that, down to this, where a disk is full. */
#define PIECE_MIN	4096u

/* Of the reserve, for the table and what is said of it all. */
#define RESERVE_LEFT	(64 << 10)

struct entry {			/* as it is in the table */
	uint32_t compressed;
	uint32_t content;
};

struct zeros {
	unsigned char *frame;	/* NULL: not needed yet */
	size_t size;
};

struct pack {
	int fd;
	int error;		/* the errno that ended the writing */
	unsigned char *out;	/* frames not yet written */
	size_t out_len, out_cap;
	uint64_t out_at;	/* where they were to be, when that failed */
	struct entry *table;
	size_t frames, cap;
	uint64_t content;	/* in frames, written or in out */
	uint64_t stored;
	uint64_t zero_blocks;	/* zero blocks that are no frame yet */
	struct zeros one, many;	/* frames of ZSEEK_BLOCK and ZSEEK_ZEROS */
};

struct pack *
pack_new(int fd)
{
	struct pack *p = xcalloc(1, sizeof *p);

	p->fd = fd;
	p->out_cap = WRITE_SIZE + PRESS_BOUND;
	p->out = xmalloc(p->out_cap);
	return p;
}

static int
flush(struct pack *p)
{
	if (p->error == 0 && io_write(p->fd, p->out, p->out_len) == -1) {
		p->error = errno;
		p->out_at = p->stored - p->out_len;
	}
	p->out_len = 0;
	return p->error == 0 ? 0 : -1;
}

static void
add_entry(struct pack *p, size_t size, size_t content)
{
	xgrow(&p->table, &p->cap, p->frames, sizeof *p->table);
	p->table[p->frames].compressed = htole32((uint32_t)size);
	p->table[p->frames].content = htole32((uint32_t)content);
	p->frames++;
	p->stored += size;
	p->content += content;
}

/* A frame of SIZE bytes is at the end of out. */
static int
add_frame(struct pack *p, size_t size, size_t content)
{
	add_entry(p, size, content);
	p->out_len += size;
	return p->out_len < WRITE_SIZE ? 0 : flush(p);
}

static int
flush_zeros(struct pack *p)
{
	while (p->zero_blocks > 0) {
		int many = p->zero_blocks >= ZSEEK_ZEROS / ZSEEK_BLOCK;
		struct zeros *z = many ? &p->many : &p->one;
		size_t content = many ? ZSEEK_ZEROS : ZSEEK_BLOCK;

		if (z->frame == NULL)
			z->frame = press_zeros(content, &z->size);
		memcpy(p->out + p->out_len, z->frame, z->size);
		p->zero_blocks -= content / ZSEEK_BLOCK;
		if (add_frame(p, z->size, content) == -1)
			return -1;
	}
	return 0;
}

int
pack_frame(struct pack *p, const void *frame, size_t size, size_t content)
{
	if (p->error != 0 || flush_zeros(p) == -1)
		return -1;
	memcpy(p->out + p->out_len, frame, size);
	return add_frame(p, size, content);
}

int
pack_zeros(struct pack *p, uint64_t blocks)
{
	if (p->error != 0)
		return -1;
	p->zero_blocks += blocks;
	/* No further than this: a count is not saved by a crash. */
	return p->zero_blocks < ZSEEK_ZEROS / ZSEEK_BLOCK ? 0 :
	    flush_zeros(p);
}

static size_t
table_size(const struct pack *p)
{
	return ZSEEK_FRAME_HEADER + p->frames * ZSEEK_ENTRY + ZSEEK_FOOTER;
}

static int
write_table(struct pack *p)
{
	const uint32_t head[2] = { htole32(ZSEEK_SKIPPABLE),
	    htole32((uint32_t)(table_size(p) - ZSEEK_FRAME_HEADER)) };
	const uint32_t frames = htole32((uint32_t)p->frames);
	const uint32_t magic = htole32(ZSEEK_MAGIC);
	unsigned char foot[ZSEEK_FOOTER] = { 0 };

	memcpy(foot, &frames, sizeof frames);
	memcpy(foot + ZSEEK_FOOTER - sizeof magic, &magic, sizeof magic);
	if (io_write(p->fd, head, sizeof head) == -1 ||
	    io_write(p->fd, p->table, p->frames * ZSEEK_ENTRY) == -1 ||
	    io_write(p->fd, foot, sizeof foot) == -1)
		return -1;
	p->stored += table_size(p);
	return 0;
}

static void
drop_frame(struct pack *p)
{
	p->frames--;
	p->stored -= le32toh(p->table[p->frames].compressed);
	p->content -= le32toh(p->table[p->frames].content);
}

/*
 * As much as there is room for of the first frame that did not fit, which is in
 * out still: it is of SIZE bytes, and the next one after those in the table.
 */
static void
write_pieces(struct pack *p, size_t size, size_t content)
{
	unsigned char *block = xmalloc(ZSEEK_BLOCK), *piece;
	size_t at = 0, had = press_expand(p->out + (p->stored - p->out_at),
	    size, block, ZSEEK_BLOCK);
	struct press *press = press_new(PRESS_LEVEL_MIN);

	piece = xmalloc(PRESS_BOUND);
	for (size_t len = ZSEEK_BLOCK / 2; len >= PIECE_MIN; len /= 2) {
		if (had != content || at + len > content)
			continue;
		size = press_block(press, block + at, len, piece);
		if (lseek(p->fd, (off_t)p->stored, SEEK_SET) == -1 ||
		    io_write(p->fd, piece, size) == -1)
			continue;
		add_entry(p, size, len);
		at += len;
	}
	press_free(press);
	free(piece);
	free(block);
}

static void
give_back(int *reserve)
{
	if (*reserve != -1)
		close(*reserve);
	*reserve = -1;
}

/* Make a whole file of what was written before an error. */
static void
cut_back(struct pack *p, int *reserve)
{
	size_t size = 0, content = 0;
	struct stat st;

	p->zero_blocks = 0;
	if (fstat(p->fd, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	while (p->frames > 0 && p->stored > (uint64_t)st.st_size) {
		drop_frame(p);
		size = le32toh(p->table[p->frames].compressed);
		content = le32toh(p->table[p->frames].content);
	}
	if (*reserve != -1 && ftruncate(*reserve, RESERVE_LEFT) == -1)
		give_back(reserve);
	if (size > 0 && content <= ZSEEK_BLOCK && p->stored >= p->out_at &&
	    ftruncate(p->fd, (off_t)p->stored) == 0)
		write_pieces(p, size, content);
	give_back(reserve);
	for (;;) {
		uint64_t want = p->stored > table_size(p) ?
		    p->stored - table_size(p) : 0;

		if (ftruncate(p->fd, (off_t)p->stored) == -1 ||
		    lseek(p->fd, (off_t)p->stored, SEEK_SET) == -1 ||
		    write_table(p) == 0)
			return;
		if (p->frames == 0)
			break;
		while (p->frames > 0 && p->stored > want)
			drop_frame(p);
	}
	if (ftruncate(p->fd, 0) == 0)
		p->stored = 0;
}

int
pack_finish(struct pack *p, int *reserve)
{
	if (p->error == 0 && flush_zeros(p) == 0 && flush(p) == 0 &&
	    write_table(p) == -1)
		p->error = errno;
	if (p->error != 0 && reserve != NULL)
		cut_back(p, reserve);
	return p->error;
}

uint64_t
pack_content(const struct pack *p)
{
	return p->content;
}

uint64_t
pack_stored(const struct pack *p)
{
	return p->stored;
}

void
pack_free(struct pack *p)
{
	free(p->one.frame);
	free(p->many.frame);
	free(p->out);
	free(p->table);
	free(p);
}
