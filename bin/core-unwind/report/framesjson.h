/* SPDX-License-Identifier: ISC */
/*
 * The frames of a snapshot's threads. A thousand threads wait in the same
 * place: what they have in common is put into words once.
 */
#ifndef CORE_UNWIND_FRAMESJSON_H
#define CORE_UNWIND_FRAMESJSON_H

#include "crash.h"
#include "jsonw.h"

struct framesjson;

struct framesjson *framesjson_new(void);
void framesjson_free(struct framesjson *out);

/* The frames of C's thread I, as elements of the array that W has begun. */
void framesjson_thread(struct framesjson *out, const struct crash *c, size_t i,
    struct jsonw *w);

#endif
