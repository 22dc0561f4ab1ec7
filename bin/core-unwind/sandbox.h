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
 * and processes, no new privileges, Landlock where the kernel has it (read
 * below /, nothing else), seccomp. A part that cannot be had is named in
 * MISSING, and the rest is closed all the same.
 */
void sandbox_enter(uint64_t memory, struct strings *missing);

#endif
