/* SPDX-License-Identifier: ISC */
/*
 * Pieces of a process's memory: which are wanted, and what was in them. They
 * come from the process, or are cut out of the core as it passes. All of them
 * are whole pages; some may be empty, and none is had twice.
 */
#ifndef CORE_SAVE_PIECES_H
#define CORE_SAVE_PIECES_H

#include <sys/uio.h>

#include <stddef.h>
#include <stdint.h>

#include "corehead.h"

struct live;

struct range {
	uint64_t start, end;
};

struct piece {
	uint64_t start, end;
	uint64_t offset;	/* where in the core, when it comes from there */
	unsigned char *data;
};

struct pieces {
	const struct corehead *head;
	size_t page;		/* size of one */
	struct piece *piece;	/* in the order of their addresses */
	size_t count, cap;
	struct range *wanted;	/* since they were last had */
	size_t wants, wants_cap;
	unsigned char *arena;	/* where the next piece's data goes */
	size_t arena_left;
	struct arena {
		struct arena *next;
		size_t size;
	} *arenas;
	struct iovec *from, *to;	/* what is to be read */
	size_t reads, reads_cap, from_cap;
	size_t passing;		/* the first that has not all passed */
};

/* Of the process whose core begins with H. */
void pieces_init(struct pieces *p, const struct corehead *h);

/* The pages of START up to END, as far as the process has any there. */
void pieces_want(struct pieces *p, uint64_t start, uint64_t end);

/*
 * Read what is wanted from the process. Pages that were never touched are
 * zeros; those that cannot be had without waiting for somebody else's file
 * system are left out, and so are those that cannot be read at all. Returns 0,
 * or -1 with errno when the process is not to be read.
 */
int pieces_read(struct pieces *p, struct live *l);

/* Or make room for it, to be filled as the core passes. */
void pieces_expect(struct pieces *p);

/*
 * LEN bytes of the core at OFFSET pass; in order. Returns 0 when no more are
 * waited for.
 */
int pieces_pass(struct pieces *p, uint64_t offset, const unsigned char *bytes,
    size_t len);

/* The core ended at OFFSET: what was to come after that is not there. */
void pieces_cut(struct pieces *p, uint64_t offset);

/* Copy what is had of the LEN bytes at ADDRESS; returns how many are, in a row. */
size_t pieces_get(const struct pieces *p, uint64_t address, void *buf,
    size_t len);

/* The same without copying: *LEN of them, or NULL. */
const unsigned char *pieces_at(const struct pieces *p, uint64_t address,
    size_t *len);

/* The index of the first piece that ends above ADDRESS. */
size_t pieces_find(const struct pieces *p, uint64_t address);

void pieces_free(struct pieces *p);

#endif
