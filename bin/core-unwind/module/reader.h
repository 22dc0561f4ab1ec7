/* SPDX-License-Identifier: ISC */
/*
 * Reading what DWARF sections are made of, in this host's byte order. Past the
 * end all is 0, and FAILED is set.
 */
#ifndef CORE_UNWIND_READER_H
#define CORE_UNWIND_READER_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a section that are still to be read. */
struct reader {
	const unsigned char *at, *end;
	int failed;
};

/* A number of 1, 2, 4 or 8 bytes. */
uint64_t reader_take(struct reader *r, size_t size);

/* The value counts only where it is small: codes, tags, forms. */
uint64_t reader_uleb(struct reader *r);

/* The length that units and sets begin with; *SIZE of an offset in them. */
uint64_t reader_length(struct reader *r, size_t *size);

#endif
