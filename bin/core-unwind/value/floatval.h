/* SPDX-License-Identifier: ISC */
/* Floating point numbers of every size, to as many digits as tell them apart. */
#ifndef CORE_UNWIND_FLOATVAL_H
#define CORE_UNWIND_FLOATVAL_H

#include "target/target.h"
#include "textbuf.h"

/* NAME is the type's: on x86 two types have 16 bytes. */
void floatval_put(struct textbuf *out, const struct target *t,
    const char *name, const unsigned char *bytes, size_t size);

#endif
