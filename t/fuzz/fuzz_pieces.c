/* SPDX-License-Identifier: ISC */
#include "fuzz_pieces.h"

#include <stdlib.h>

void
fuzz_pieces(const struct pieces *p)
{
	uint64_t at = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct piece *piece = &p->piece[i];
		const struct area *a = corehead_area(p->head, piece->start);

		if (piece->start < at || piece->end < piece->start ||
		    (piece->start | piece->end) % p->page != 0)
			abort();
		if (piece->end > piece->start && (a == NULL ||
		    piece->start < a->start || piece->end > a->end))
			abort();
		at = piece->end;
	}
}
