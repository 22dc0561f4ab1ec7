/* SPDX-License-Identifier: ISC */
/*
 * A section on its way from the file to the image (inflate.h): what the worker
 * may touch, and nothing of libelf.
 */
#ifndef CORE_UNWIND_PIECE_H
#define CORE_UNWIND_PIECE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "module/worker.h"

struct inflate_state;			/* ISA-L's */

struct piece {
	struct job job;			/* first, so that one is the other */
	/* To be set before anything else. */
	const unsigned char *in;	/* NULL: it is empty */
	size_t nin;
	unsigned char *out;
	size_t nout;			/* once inflated */
	uint32_t type;			/* ELFCOMPRESS_*; 0: not compressed */

	size_t done;			/* when no worker has it */
	atomic_size_t enough;		/* no more is wanted for now */
	struct inflate_state *state;	/* of zlib data that have not ended */
	int failed;
};

/* Is TYPE one that can be inflated here? */
int piece_can_be(uint32_t type);

/* Returns -1 when that cannot be done. */
int piece_prepare(struct piece *p);

/* Let the worker have it. */
void piece_begin(struct piece *p);

/*
 * Wait until UPTO bytes are there, or all; more are not made for now, if they
 * are not by then. Returns -1 when the data are damaged.
 */
int piece_finish(struct piece *p, size_t upto);

#endif
