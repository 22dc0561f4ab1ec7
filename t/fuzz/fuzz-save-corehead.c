/* SPDX-License-Identifier: ISC */
/*
 * The beginning of a core. What is made of it must not depend on the pieces in
 * which it came: the first byte of the input says how large they are.
 */
#include <stdlib.h>

#include "corehead.h"
#include "fuzz.h"

/* Returns how many bytes belong to the beginning. */
static size_t
feed(struct corehead *h, const uint8_t *data, size_t size, size_t step)
{
	size_t used = 0;

	while (used < size && h->state == HEAD_READING) {
		size_t n = step < size - used ? step : size - used, took;
		uint8_t *exact = fuzz_exact(data + used, n);

		took = corehead_feed(h, exact, n);
		free(exact);
		if (took > n || (took < n && h->state == HEAD_READING))
			abort();
		used += took;
	}
	corehead_end(h);
	return used;
}

static void
check(const struct corehead *h)
{
	const struct machine *m = h->machine;
	uint64_t at = 0;

	for (size_t i = 0; i < h->areas; i++) {
		const struct area *a = &h->area[i];

		if (a->start < at || a->end <= a->start ||
		    corehead_area(h, a->start) != a ||
		    corehead_area(h, a->end - 1) != a ||
		    a->offset < h->notes + h->notes_len ||
		    a->offset + a->file_size < a->offset)
			abort();
		at = a->end;
	}
	for (size_t i = 0; i < h->threads; i++)
		for (unsigned n = 0; n < m->count; n++)
			corehead_register(h, i, n);
	for (uint64_t type = 0; type < 64; type++)
		corehead_auxv(h, type);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct corehead whole = { .state = HEAD_READING };
	struct corehead pieces = { .state = HEAD_READING };
	size_t used;

	if (size < 1)
		return 0;
	used = feed(&whole, data + 1, size - 1, size);
	if (feed(&pieces, data + 1, size - 1, data[0] + 1u) != used &&
	    whole.state == HEAD_WHOLE)
		abort();
	if (whole.state != pieces.state || whole.threads != pieces.threads ||
	    whole.areas != pieces.areas || whole.notes_len != pieces.notes_len)
		abort();
	if (whole.state == HEAD_WHOLE) {
		check(&whole);
		check(&pieces);
	}
	corehead_free(&whole);
	corehead_free(&pieces);
	fuzz_forget();
	return 0;
}
