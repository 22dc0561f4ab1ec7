/* SPDX-License-Identifier: ISC */
#include "pack.h"

#include <sys/stat.h>

#include <endian.h>
#include <err.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "exits.h"
#include "io.h"
#include "xalloc.h"

/* Small frames are gathered to writes of at least this. */
#define WRITE_SIZE (256u << 10)

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
	ZSTD_CCtx *cctx;
	unsigned char *out;	/* frames not yet written */
	size_t out_len, out_cap;
	struct entry *table;
	size_t frames, cap;
	uint64_t content;	/* in frames, written or in out */
	uint64_t stored;
	uint64_t zero_blocks;	/* zero blocks that are no frame yet */
	struct zeros one, many;	/* frames of ZSEEK_BLOCK and ZSEEK_ZEROS */
};

static void
set_parameter(ZSTD_CCtx *cctx, ZSTD_cParameter parameter, int value)
{
	size_t rc = ZSTD_CCtx_setParameter(cctx, parameter, value);

	if (ZSTD_isError(rc))
		errx(EXIT_REFUSED, "set up zstd: %s", ZSTD_getErrorName(rc));
}

struct pack *
pack_new(int fd, int level)
{
	struct pack *p = xcalloc(1, sizeof *p);

	p->fd = fd;
	p->cctx = ZSTD_createCCtx();
	if (p->cctx == NULL)
		errx(EXIT_REFUSED, "allocate zstd context");
	set_parameter(p->cctx, ZSTD_c_compressionLevel, level);
	set_parameter(p->cctx, ZSTD_c_windowLog, ZSEEK_BLOCK_LOG);
	set_parameter(p->cctx, ZSTD_c_checksumFlag, 1);
	p->out_cap = WRITE_SIZE + ZSTD_compressBound(ZSEEK_BLOCK);
	p->out = xmalloc(p->out_cap);
	return p;
}

static int
flush(struct pack *p)
{
	if (p->error == 0 && io_write(p->fd, p->out, p->out_len) == -1)
		p->error = errno;
	p->out_len = 0;
	return p->error == 0 ? 0 : -1;
}

/* A frame of SIZE bytes is at the end of out. */
static int
add_frame(struct pack *p, size_t size, size_t content)
{
	xgrow(&p->table, &p->cap, p->frames, sizeof *p->table);
	p->table[p->frames].compressed = htole32((uint32_t)size);
	p->table[p->frames].content = htole32((uint32_t)content);
	p->frames++;
	p->out_len += size;
	p->stored += size;
	p->content += content;
	return p->out_len < WRITE_SIZE ? 0 : flush(p);
}

/* CONTENT bytes of zeros, a multiple of a block, in one frame. */
static void
make_zeros(struct pack *p, struct zeros *z, size_t content)
{
	union block *block = xcalloc(1, sizeof *block);
	size_t cap = ZSTD_compressBound(content) / 256;
	ZSTD_outBuffer out = { xmalloc(cap), cap, 0 };
	size_t rc = ZSTD_CCtx_setPledgedSrcSize(p->cctx, content);

	while (content > 0 && !ZSTD_isError(rc)) {
		ZSTD_inBuffer in = { block, sizeof *block, 0 };

		content -= sizeof *block;
		do
			rc = ZSTD_compressStream2(p->cctx, &out, &in,
			    content == 0 ? ZSTD_e_end : ZSTD_e_continue);
		while (!ZSTD_isError(rc) && out.pos < out.size &&
		    (content == 0 ? rc != 0 : in.pos < in.size));
	}
	if (ZSTD_isError(rc) || rc != 0)
		errx(EXIT_REFUSED, "compress zeros: %s", ZSTD_getErrorName(rc));
	free(block);
	z->frame = out.dst;
	z->size = out.pos;
}

static int
flush_zeros(struct pack *p)
{
	while (p->zero_blocks > 0) {
		int many = p->zero_blocks >= ZSEEK_ZEROS / ZSEEK_BLOCK;
		struct zeros *z = many ? &p->many : &p->one;
		size_t content = many ? ZSEEK_ZEROS : ZSEEK_BLOCK;

		if (z->frame == NULL)
			make_zeros(p, z, content);
		memcpy(p->out + p->out_len, z->frame, z->size);
		p->zero_blocks -= content / ZSEEK_BLOCK;
		if (add_frame(p, z->size, content) == -1)
			return -1;
	}
	return 0;
}

/* One look a cache line is enough to leave early; memcmp(3) reads it twice. */
static int
is_zero(const union block *block)
{
	const uint64_t *w = block->words;
	const uint64_t *end = w + sizeof block->words / sizeof *w;

	for (; w < end; w += 8)
		if ((w[0] | w[1] | w[2] | w[3] |
		    w[4] | w[5] | w[6] | w[7]) != 0)
			return 0;
	return 1;
}

int
pack_feed(struct pack *p, const union block *block, size_t len)
{
	size_t size;

	if (p->error != 0)
		return -1;
	if (len == sizeof *block && is_zero(block)) {
		p->zero_blocks++;
		/* No further than this: a count is not saved by a crash. */
		return p->zero_blocks < ZSEEK_ZEROS / ZSEEK_BLOCK ? 0 :
		    flush_zeros(p);
	}
	if (flush_zeros(p) == -1)
		return -1;
	size = ZSTD_compress2(p->cctx, p->out + p->out_len,
	    p->out_cap - p->out_len, block, len);
	if (ZSTD_isError(size))
		errx(EXIT_REFUSED, "compress core: %s",
		    ZSTD_getErrorName(size));
	return add_frame(p, size, len);
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

/* Make a whole file of what was written before an error. */
static void
cut_back(struct pack *p, int *reserve)
{
	struct stat st;

	p->zero_blocks = 0;
	if (fstat(p->fd, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	while (p->frames > 0 && p->stored > (uint64_t)st.st_size)
		drop_frame(p);
	if (*reserve != -1)
		close(*reserve);
	*reserve = -1;
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
	ZSTD_freeCCtx(p->cctx);
	free(p->one.frame);
	free(p->many.frame);
	free(p->out);
	free(p->table);
	free(p);
}
