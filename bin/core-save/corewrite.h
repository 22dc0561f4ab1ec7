/* SPDX-License-Identifier: ISC */
/*
 * An ELF core of the kernel's own headers and notes, and of pieces of memory.
 * Each mapping is there, so that a reader knows what was where: as one program
 * header or as several, for those parts of it whose content is not there.
 */
#ifndef CORE_SAVE_COREWRITE_H
#define CORE_SAVE_COREWRITE_H

#include "corehead.h"
#include "pieces.h"

struct pack;

/*
 * Write it to P, compressed at LEVEL; no more than LIMIT bytes of content.
 * Returns 0, 1 when there was more than that, or -1 when writing has failed.
 */
int corewrite(const struct corehead *h, const struct pieces *pieces,
    struct pack *p, int level, uint64_t limit);

#endif
