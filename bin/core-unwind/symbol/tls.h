/* SPDX-License-Identifier: ISC */
/* Thread-local variables. */
#ifndef CORE_UNWIND_TLS_H
#define CORE_UNWIND_TLS_H

#include "module/module.h"

/* The thread pointer, which pthread_self() returned; 0 where the notes do not
   have it. */
uint64_t tls_pointer(const struct target *t, const struct thread *thread);

/* Where what lies at OFFSET of M's thread-local block is for THREAD. Returns 0,
   or -1. */
int tls_address(struct modules *ms, struct module *m,
    const struct thread *thread, uint64_t offset, uint64_t *address);

#endif
