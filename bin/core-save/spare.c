/* SPDX-License-Identifier: ISC */
#include "spare.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "xalloc.h"

#define FILE_MAX 65536u
/* No machine has it: version 1's word for no limit is some 2^63. */
#define NO_LIMIT (UINT64_C(1) << 62)

struct kind {			/* of control groups, and their files */
	const char *mount, *controller, *limit, *usage, *cache;
};

static const struct kind kinds[] = {
	{ "/sys/fs/cgroup", "", "memory.max", "memory.current",
	    "\ninactive_file " },
	{ "/sys/fs/cgroup", "", "memory.high", "memory.current",
	    "\ninactive_file " },
	{ "/sys/fs/cgroup/memory", "memory", "memory.limit_in_bytes",
	    "memory.usage_in_bytes", "\ntotal_inactive_file " },
};

/* The number after NAME in a file of a group; NONE when there is no such. */
static uint64_t
number(const struct kind *k, const char *path, size_t len, const char *file,
    const char *name, uint64_t none)
{
	char *full = xasprintf("%s%.*s/%s", k->mount, (int)len, path, file);
	size_t size;
	char *text = io_slurp(AT_FDCWD, full, FILE_MAX, &size), *end;
	const char *at = text == NULL ? NULL : strstr(text, name);
	uint64_t n = none;

	if (at != NULL) {
		at += strlen(name);
		n = strtoull(at, &end, 10);
		n = end == at ? none : n;
	}
	free(text);
	free(full);
	return n;
}

static uint64_t
spare_at(const struct kind *k, const char *path, size_t len)
{
	uint64_t limit, usage, cache;

	limit = number(k, path, len, k->limit, "", UINT64_MAX);
	/* To ask for memory.stat is not cheap. */
	if (limit >= NO_LIMIT)
		return UINT64_MAX;
	usage = number(k, path, len, k->usage, "", 0);
	/* The first thing that makes room. */
	cache = number(k, path, len, "memory.stat", k->cache, 0);
	usage -= cache < usage ? cache : usage;
	return limit > usage ? limit - usage : 0;
}

/* PATH and all that it is in. */
static uint64_t
spare_up(const struct kind *k, const char *path, size_t len)
{
	uint64_t least = UINT64_MAX, n;

	for (;;) {
		n = spare_at(k, path, len);
		least = n < least ? n : least;
		if (len == 0)
			return least;
		while (len > 0 && path[--len] != '/')
			;
	}
}

static int
has_controller(const char *list, const char *end, const char *name)
{
	size_t len = strlen(name);

	while (list < end) {
		const char *stop = list + strcspn(list, ",:");

		if ((size_t)(stop - list) == len &&
		    memcmp(list, name, len) == 0)
			return 1;
		list = stop + 1;
	}
	return len == 0 && list == end;
}

uint64_t
spare_of(const char *cgroup)
{
	uint64_t least = UINT64_MAX, n;

	while (cgroup != NULL && *cgroup != '\0') {
		const char *end = strchrnul(cgroup, '\n');
		const char *list = strchr(cgroup, ':');
		const char *path = list == NULL ? NULL : strchr(list + 1, ':');

		for (size_t i = 0; path != NULL && path < end &&
		    i < sizeof kinds / sizeof kinds[0]; i++) {
			if (!has_controller(list + 1, path,
			    kinds[i].controller))
				continue;
			n = spare_up(&kinds[i], path + 1,
			    (size_t)(end - path - 1));
			least = n < least ? n : least;
		}
		cgroup = end + (*end == '\n');
	}
	return least;
}
