/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_SIGINFO_H
#define CORE_UNWIND_SIGINFO_H

#include <stddef.h>

#include "target/target.h"

#define SIGINFO_BYTES 128		/* SI_MAX_SIZE */

/*
 * The siginfo_t of T's machine at D, as the kernel fills it in: of a core's
 * note, or of a signal's frame. Returns -1 when LEN bytes are too few.
 */
int siginfo_read(const struct target *t, const unsigned char *d, size_t len,
    struct siginfo *si);

#endif
