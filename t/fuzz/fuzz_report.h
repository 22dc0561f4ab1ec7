/* SPDX-License-Identifier: ISC */
/* A core on its way through all of core-unwind, but for its sandbox. */
#ifndef T_FUZZ_FUZZ_REPORT_H
#define T_FUZZ_FUZZ_REPORT_H

#include "module/module.h"

/*
 * Read the core in FD, which is taken over, and write all that is found out
 * about it, in both forms, to nowhere. FRAMES: of a thread, 0 as many as
 * usual. Returns 0, or -1 when it is no core.
 */
int fuzz_report(int fd, const struct module_options *modules, unsigned frames);

#endif
