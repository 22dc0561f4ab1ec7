/* SPDX-License-Identifier: ISC */
/*
 * Where hostile bytes are parsed: a process that may read files and write to
 * the descriptors it already has, and nothing else.
 */
#ifndef CORE_UNWIND_SANDBOX_H
#define CORE_UNWIND_SANDBOX_H

#include <stdint.h>

#include "strings.h"

/*
 * Close the sandbox around this process for good: limits on memory (bytes)
 * and cores, no new privileges, Landlock where the kernel has it, seccomp.
 * Files can be read that are not below one of the paths in CLOSED, which are
 * absolute, without links, and end with a NULL, nor below /proc and /sys; none
 * by name when CLOSED is NULL. A part that cannot be had is named in MISSING,
 * and the rest is closed all the same. The worker (worker.h) is started inside.
 */
void sandbox_enter(uint64_t memory, const char *const *closed,
    struct strings *missing);

#endif
