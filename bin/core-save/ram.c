/* SPDX-License-Identifier: ISC */
#include "ram.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "spare.h"

/* Between two looks at what the machine has. */
#define STEP	(UINT64_C(64) << 20)

static uint64_t
available(void)
{
	static const char name[] = "\nMemAvailable:";
	size_t len;
	char *text = io_slurp(AT_FDCWD, "/proc/meminfo", 65536, &len);
	const char *line = text == NULL ? NULL : strstr(text, name);
	uint64_t kib = line == NULL ? 0 :
	    strtoull(line + sizeof name - 1, NULL, 10);
	uint64_t spare;

	free(text);
	text = io_slurp(AT_FDCWD, "/proc/self/cgroup", 65536, &len);
	spare = spare_of(text);
	free(text);
	return spare < kib << 10 ? spare : kib << 10;
}

void
ram_init(struct ram *r, uint64_t limit)
{
	/* Who names a number may want more of the machine, but not all. */
	r->part = limit == UINT64_MAX ? 4 : 2;
	r->limit = limit == UINT64_MAX ? RAM_DEFAULT : limit;
	r->granted = 0;
}

uint64_t
ram_now(const struct ram *r)
{
	uint64_t most = available() / r->part;

	return most < r->limit ? most : r->limit;
}

void
ram_use(struct ram *r, uint64_t len)
{
	r->limit -= len < r->limit ? len : r->limit;
}

int
ram_allows(struct ram *r, uint64_t held)
{
	uint64_t most;

	if (held > r->limit)
		return 0;
	if (held <= r->granted)
		return 1;
	/* What is held already was available before. */
	most = (available() + r->granted) / r->part;
	if (held > most)
		return 0;
	r->granted += STEP;
	if (r->granted > most)
		r->granted = most;
	return held <= r->granted;
}
