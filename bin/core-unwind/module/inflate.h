/* SPDX-License-Identifier: ISC */
/*
 * Distributions compress debug sections, and libdw inflates all of them, with
 * zlib, as soon as it is asked anything: three quarters of the time of a small
 * report. libdeflate does it in a third of the time. libdw before 0.189 knows
 * nothing of zstd.
 */
#ifndef CORE_UNWIND_INFLATE_H
#define CORE_UNWIND_INFLATE_H

#include <libelf.h>

struct inflation;

/*
 * Begin to make an image in memory with the debug sections of ELF that names
 * and lines take, inflated, while the caller does other things (worker.h). NULL
 * when ELF has none that are compressed, has a form that is not worth the
 * trouble, or one that takes libdeflate, which was not there at build time: ELF
 * itself will do then. ELF stays open until inflate_end().
 */
struct inflation *inflate_begin(Elf *elf);

/*
 * The image, which lives until the process ends. NULL when the data are damaged
 * or F is NULL. F is gone.
 */
Elf *inflate_end(struct inflation *f);

/* From now on with location lists, for the values of variables. */
void inflate_with_locations(void);

#endif
