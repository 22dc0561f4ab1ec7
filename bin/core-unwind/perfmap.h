/* SPDX-License-Identifier: ISC */
/*
 * Names of code made at run time, from the map that JIT compilers write for
 * perf(1): /tmp/perf-PID.map, lines of START SIZE NAME (linux,
 * tools/perf/Documentation/jit-interface.txt).
 */
#ifndef CORE_UNWIND_PERFMAP_H
#define CORE_UNWIND_PERFMAP_H

#include <stdint.h>

struct perfmap;

/*
 * The map of process PID, if its user UID owns it: /tmp is anybody's. NULL
 * when there is none. Lives until the process ends.
 */
struct perfmap *perfmap_read(uint32_t pid, uint32_t uid);

/* The name of what covers ADDRESS, and where that starts; or NULL. */
const char *perfmap_name(const struct perfmap *map, uint64_t address,
    uint64_t *start);

#endif
