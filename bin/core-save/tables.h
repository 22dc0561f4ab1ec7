/* SPDX-License-Identifier: ISC */
/*
 * What of the modules of a process is worth keeping: the page that says which
 * file each of them is, the tables that unwind it, the symbols of those on a
 * stack, and the list of them that the dynamic linker keeps for debuggers. All
 * of it is read out of the process, and may be anything.
 */
#ifndef CORE_SAVE_TABLES_H
#define CORE_SAVE_TABLES_H

#include "corehead.h"
#include "live.h"
#include "pieces.h"

/* Room for, at most; and for the tables of one module. */
#define TABLES_MAX	(UINT64_C(32) << 20)
#define TABLE_MAX	(UINT64_C(16) << 20)

struct tables {
	const struct corehead *head;
	struct pieces *pieces;
	struct live *live;
	struct loaded {
		const struct mapping *map;	/* of its first page */
		uint64_t start, end, bias;
		uint64_t dynamic, dynamic_len;
		uint64_t header, header_len;	/* .eh_frame_hdr */
		uint64_t segment_end;		/* of the one that it is in */
		int is_on_stack;
	} *loaded;
	size_t count, cap;
	uint64_t left;			/* of TABLES_MAX */
	size_t left_out;		/* modules whose tables are not had */
};

/*
 * Read them through PIECES, from the process of LIVE, after the stacks.
 * Returns 0, or -1 with errno when it is not to be read. Whether LEFT_OUT says
 * something is for the caller to tell.
 */
int tables_read(struct tables *t, const struct corehead *h, struct pieces *p,
    struct live *l);

void tables_free(struct tables *t);

#endif
