/* SPDX-License-Identifier: ISC */
/*
 * Is the stream a whole core? A core comes headers first, so its own program
 * headers say how long it must be before its memory has passed. Nothing here
 * is believed further than that, and nothing but a few numbers is kept.
 */
#ifndef CORE_SAVE_ELFSCAN_H
#define CORE_SAVE_ELFSCAN_H

#include <stdint.h>
#include <stddef.h>

struct segment {		/* a program header, as far as we care */
	uint32_t type;
	uint64_t offset, address, file_size, memory_size;
};

struct elfscan {
	uint64_t seen;			/* bytes of the stream so far */
	uint64_t end;			/* bytes that the headers promise */
	uint64_t table, table_end;	/* where the program headers are */
	unsigned char entry[56];	/* one of them, as it arrives */
	unsigned have;			/* bytes of it */
	unsigned entry_size;
	int is_core, is_64, is_big, is_xnum, lies;
	/* Set by who wants to see each program header as it passes. */
	void (*see)(void *arg, const struct segment *segment);
	void *see_arg;
};

/* All zero is where a scan begins. The first LEN must hold the ELF header. */
void elfscan_feed(struct elfscan *s, const unsigned char *bytes, size_t len);

/* LEN bytes that come after the program headers were not seen, but are there. */
void elfscan_pass(struct elfscan *s, uint64_t len);

/*
 * After the last byte: NULL when the stream was a whole core, else what is
 * wrong with it, which the caller frees.
 */
char *elfscan_verdict(const struct elfscan *s);

#endif
