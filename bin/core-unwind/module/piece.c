/* SPDX-License-Identifier: ISC */
#include "module/piece.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "xalloc.h"

#if __has_include(<isa-l/igzip_lib.h>) && defined(HAVE_ISAL)
#include <isa-l/igzip_lib.h>
#define HAVE_ZLIB 1
#else
#define HAVE_ZLIB 0
#endif

/* Later than the headers this may be compiled with. */
#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

#define CHUNK ((size_t)256 << 10)	/* inflated at a time */

int
piece_can_be(uint32_t type)
{
	return (type == ELFCOMPRESS_ZLIB && HAVE_ZLIB) ||
	    type == ELFCOMPRESS_ZSTD;
}

#if HAVE_ZLIB
static void
prepare_zlib(struct piece *p)
{
	p->state = xmalloc(sizeof *p->state);
	isal_inflate_init(p->state);
	p->state->crc_flag = ISAL_ZLIB;
	p->state->next_in = (unsigned char *)(uintptr_t)p->in;
	p->state->avail_in = (uint32_t)p->nin;
}

/* Returns how much came of it. */
static size_t
step(struct piece *p, unsigned char *to, size_t size)
{
	p->state->next_out = to;
	p->state->avail_out = (uint32_t)size;
	p->failed |= isal_inflate(p->state) < 0;
	return size - p->state->avail_out;
}

static void
inflate_zlib(struct piece *p)
{
	unsigned char more;

	while (p->done < p->nout && !p->failed) {
		size_t size = p->nout - p->done, enough = p->enough, n;

		if (p->done >= enough)
			return;
		if (size > enough - p->done)
			size = enough - p->done;
		n = step(p, p->out + p->done, size < CHUNK ? size : CHUNK);
		p->failed |= n == 0;
		p->done += n;
	}
	/* The checksum is behind the end. */
	if (!p->failed)
		p->failed = step(p, &more, 1) != 0 ||
		    p->state->block_state != ISAL_BLOCK_FINISH;
}
#else
static void
prepare_zlib(struct piece *p)
{
	p->failed = 1;
}

static void
inflate_zlib(struct piece *p)
{
	p->failed = 1;
}
#endif

static void
run_piece(struct job *job)
{
	struct piece *p = (struct piece *)job;

	if (p->type == ELFCOMPRESS_ZLIB) {
		inflate_zlib(p);
		return;
	}
	if (p->type == 0)
		memcpy(p->out, p->in, p->nout);
	else
		p->failed = ZSTD_decompress(p->out, p->nout, p->in,
		    p->nin) != p->nout;
	p->done = p->nout;
}

int
piece_prepare(struct piece *p)
{
	p->job.run = run_piece;
	p->enough = SIZE_MAX;
	if (p->type != ELFCOMPRESS_ZLIB)
		return 0;
	if (p->nin > UINT32_MAX)
		return -1;
	prepare_zlib(p);
	return 0;
}

void
piece_begin(struct piece *p)
{
	if (p->in != NULL)
		worker_add(&p->job);
}

int
piece_finish(struct piece *p, size_t upto)
{
	if (p->in == NULL)
		return 0;
	p->enough = upto;
	worker_finish(&p->job);
	/* It was stopped before, by less that was enough. */
	if (p->done < p->nout && p->done < upto && !p->failed)
		run_piece(&p->job);
	if (p->done == p->nout || p->failed) {
		free(p->state);
		p->state = NULL;
	}
	return p->failed ? -1 : 0;
}
