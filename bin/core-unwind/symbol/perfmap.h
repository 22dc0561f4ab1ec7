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

/*
 * Where NAME is V8's ("JS:~lift /srv/shelf.js:2:19": the tier that compiled it,
 * its name, where it begins) the *FUNCTION and *FILE in it, which the caller
 * frees. Returns 0, or -1: it is not.
 */
int perfmap_split(const char *name, char **function, char **file);

#endif
