/* SPDX-License-Identifier: ISC */
/*
 * The frames of a snapshot's threads. A thousand threads wait in the same
 * place: what they have in common is put into words once.
 */
#ifndef CORE_UNWIND_FRAMESOUT_H
#define CORE_UNWIND_FRAMESOUT_H

#include "crash.h"
#include "jsonw.h"

struct framesout;

struct framesout *framesout_new(void);
void framesout_free(struct framesout *out);

/* The frames of C's thread I, as elements of the array that W has begun. */
void framesout_thread(struct framesout *out, const struct crash *c, size_t i,
    struct jsonw *w);

#endif
