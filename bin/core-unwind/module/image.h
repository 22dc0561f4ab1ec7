/* SPDX-License-Identifier: ISC */
/*
 * Debug data made of sections that lie anywhere in memory: libdw reads nothing
 * but ELF files, and what several of them share, or hold a part of, is no file.
 */
#ifndef CORE_UNWIND_IMAGE_H
#define CORE_UNWIND_IMAGE_H

#include <elfutils/libdw.h>

#include <stddef.h>

#define IMAGE_SECTIONS_MAX 12

struct image_section {
	const char *name;		/* ".debug_str" */
	const void *data;
	size_t size;
};

/*
 * Debug data of COUNT sections, but for those without a byte, in this host's
 * byte order. Nothing is copied: they live longer than it. NULL when libdw
 * makes nothing of them.
 */
Dwarf *image_dwarf(const struct image_section *section, size_t count);

#endif
