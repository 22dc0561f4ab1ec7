/* SPDX-License-Identifier: ISC */
/* Floating point and vector registers: NT_FPREGSET as the kernel lays it out. */
#ifndef CORE_UNWIND_VECTOR_H
#define CORE_UNWIND_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "target/target.h"

#define VECTOR_MAX 16			/* bytes of one register */

/*
 * Register NUMBER, as DWARF counts, of a thread as it was interrupted. Returns
 * 0, or -1: the core or the machine has none of that number.
 */
int vector_register(const struct target *t, const struct thread *thread,
    uint64_t number, unsigned char *bytes, size_t *len);

#endif
