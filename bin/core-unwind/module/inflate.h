/* SPDX-License-Identifier: ISC */
/*
 * Distributions compress debug sections, and libdw inflates all of them, with
 * zlib, as soon as it is asked anything: three quarters of the time of a small
 * report. ISA-L takes half of zlib's time, and can stop where enough is there;
 * libdeflate, as fast, inflates all or nothing. libdw before 0.189 knows nothing
 * of zstd.
 */
#ifndef CORE_UNWIND_INFLATE_H
#define CORE_UNWIND_INFLATE_H

#include <libelf.h>

#include <stddef.h>

struct inflation;

/*
 * Begin to make an image in memory with the debug sections of ELF that names
 * and lines take, inflated, while the caller does other things (worker.h). NULL
 * when ELF has none that are compressed, has a form that is not worth the
 * trouble, or one that takes ISA-L, which was not there at build time: ELF
 * itself will do then. ELF stays open until inflate_end().
 */
struct inflation *inflate_begin(Elf *elf);

/* Of section NAME no more than UPTO bytes are wanted for now. */
void inflate_no_more(struct inflation *f, const char *name, size_t upto);

/*
 * Section NAME, once UPTO bytes of it are inflated, or all: SIZE bytes are, and
 * live as the image does. NULL: there is none, or it is damaged.
 */
const unsigned char *inflate_section(struct inflation *f, const char *name,
    size_t upto, size_t *size);

/* A section that stands for the one of the same name. */
struct stand_in {
	const char *name;
	size_t at, size;		/* in the room */
};

/* All that has no stand-in. Returns -1 when the data are damaged. */
int inflate_others(struct inflation *f, const struct stand_in *in,
    size_t count);

/* Room for SIZE bytes of stand-ins; NULL when there is not so much left. */
unsigned char *inflate_room(struct inflation *f, size_t size);

/*
 * An ELF file of the image's sections, but for those that have one of the COUNT
 * stand-ins of IN, in the room that inflate_room() gave last. NULL when the data
 * are damaged.
 */
Elf *inflate_with(struct inflation *f, const struct stand_in *in,
    size_t count);

/*
 * The image, whole, which lives until the process ends, as does what was made
 * of it. NULL when the data are damaged or F is NULL. F is gone.
 */
Elf *inflate_end(struct inflation *f);

/* From now on with location lists, for the values of variables. */
void inflate_with_locations(void);

#endif
