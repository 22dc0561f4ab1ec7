/* SPDX-License-Identifier: ISC */
/*
 * Is a stream a whole core? The answer must not depend on the pieces in which
 * it came: the first byte of the input says how large they are.
 */
#include <stdlib.h>
#include <string.h>

#include "elfscan.h"
#include "fuzz.h"

static uint64_t segments;

static void
see(void *arg, const struct segment *segment)
{
	(void)arg;
	segments += segment->type + segment->offset + segment->file_size + 1;
}

static void
scan(struct elfscan *s, const uint8_t *data, size_t size, size_t piece)
{
	*s = (struct elfscan){ .see = see };
	segments = 0;
	/* The first holds the header: that is what elfscan.h asks for. */
	for (size_t at = 0; at < size;) {
		size_t n = at == 0 && piece < 64 ? 64 : piece;
		unsigned char *exact;

		if (n > size - at)
			n = size - at;
		exact = fuzz_exact(data + at, n);
		elfscan_feed(s, exact, n);
		free(exact);
		at += n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elfscan whole, pieces;
	uint64_t seen;
	char *one, *other;

	if (size < 1)
		return 0;
	scan(&whole, data + 1, size - 1, size);
	seen = segments;
	scan(&pieces, data + 1, size - 1, data[0] + 1u);
	one = elfscan_verdict(&whole);
	other = elfscan_verdict(&pieces);
	if (seen != segments || whole.end != pieces.end ||
	    (one == NULL) != (other == NULL) ||
	    (one != NULL && strcmp(one, other) != 0))
		abort();
	free(one);
	free(other);
	elfscan_pass(&whole, UINT32_MAX);
	free(elfscan_verdict(&whole));
	fuzz_forget();
	return 0;
}
