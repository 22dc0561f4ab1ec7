/* SPDX-License-Identifier: ISC */
#include "press.h"

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "exits.h"
#include "xalloc.h"

struct press {
	ZSTD_CCtx *cctx;
};

static void
set_parameter(ZSTD_CCtx *cctx, ZSTD_cParameter parameter, int value)
{
	size_t rc = ZSTD_CCtx_setParameter(cctx, parameter, value);

	if (ZSTD_isError(rc))
		errx(EXIT_REFUSED, "set up zstd: %s", ZSTD_getErrorName(rc));
}

static ZSTD_CCtx *
new_context(int level)
{
	ZSTD_CCtx *cctx = ZSTD_createCCtx();

	if (cctx == NULL)
		errx(EXIT_REFUSED, "allocate zstd context");
	set_parameter(cctx, ZSTD_c_compressionLevel, level);
	set_parameter(cctx, ZSTD_c_windowLog, ZSEEK_BLOCK_LOG);
	set_parameter(cctx, ZSTD_c_checksumFlag, 1);
	return cctx;
}

struct press *
press_new(int level)
{
	struct press *p = xcalloc(1, sizeof *p);

	p->cctx = new_context(level);
	return p;
}

/* One look a cache line is enough to leave early; memcmp(3) reads it twice. */
static int
is_zero(const void *content)
{
	const unsigned char *at = content, *end = at + ZSEEK_BLOCK;
	uint64_t w[8];

	for (; at < end; at += sizeof w) {
		memcpy(w, at, sizeof w);
		if ((w[0] | w[1] | w[2] | w[3] |
		    w[4] | w[5] | w[6] | w[7]) != 0)
			return 0;
	}
	return 1;
}

size_t
press_block(struct press *p, const void *content, size_t len, void *out)
{
	size_t size;

	if (len == ZSEEK_BLOCK && is_zero(content))
		return 0;
	size = ZSTD_compress2(p->cctx, out, PRESS_BOUND, content, len);
	if (ZSTD_isError(size))
		errx(EXIT_REFUSED, "compress core: %s",
		    ZSTD_getErrorName(size));
	return size;
}

unsigned char *
press_zeros(size_t content, size_t *size)
{
	static const unsigned char zeros[4096];
	ZSTD_CCtx *cctx = new_context(1);
	ZSTD_outBuffer out = { xmalloc(PRESS_BOUND), PRESS_BOUND, 0 };
	size_t rc = ZSTD_CCtx_setPledgedSrcSize(cctx, content);

	while (content > 0 && !ZSTD_isError(rc)) {
		ZSTD_inBuffer in = { zeros, sizeof zeros, 0 };

		content -= sizeof zeros;
		do
			rc = ZSTD_compressStream2(cctx, &out, &in,
			    content == 0 ? ZSTD_e_end : ZSTD_e_continue);
		while (!ZSTD_isError(rc) && out.pos < out.size &&
		    (content == 0 ? rc != 0 : in.pos < in.size));
	}
	if (ZSTD_isError(rc) || rc != 0)
		errx(EXIT_REFUSED, "compress zeros: %s", ZSTD_getErrorName(rc));
	ZSTD_freeCCtx(cctx);
	*size = out.pos;
	return out.dst;
}

size_t
press_expand(const void *frame, size_t size, void *content, size_t len)
{
	size_t rc = ZSTD_decompress(content, len, frame, size);

	return ZSTD_isError(rc) ? 0 : rc;
}

void
press_free(struct press *p)
{
	ZSTD_freeCCtx(p->cctx);
	free(p);
}
