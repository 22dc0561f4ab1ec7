/* SPDX-License-Identifier: ISC */
#include "symbol/perfmap.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bisect.h"
#include "io.h"
#include "xalloc.h"

#define MAP_MAX ((off_t)256 << 20)

struct entry {
	uint64_t start, size;
	size_t order;			/* a later line replaces an earlier */
	const char *name;
};

struct perfmap {
	char *text;
	struct entry *entry;		/* by address */
	size_t count, cap;
};

static int
by_start(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static char *
read_map(uint32_t pid, uint32_t uid)
{
	char path[48], *text;
	struct stat st;
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "/tmp/perf-%" PRIu32 ".map", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_uid != uid ||
	    st.st_size > MAP_MAX) {
		close(fd);
		return NULL;
	}
	text = xmalloc((size_t)st.st_size + 1);
	n = io_read(fd, text, (size_t)st.st_size);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

struct perfmap *
perfmap_read(uint32_t pid, uint32_t uid)
{
	struct perfmap *map;
	char *text = read_map(pid, uid), *line;

	if (text == NULL)
		return NULL;
	map = xcalloc(1, sizeof *map);
	while ((line = strsep(&text, "\n")) != NULL) {
		struct entry e = { .order = map->count };
		int at = 0;

		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %n", &e.start,
		    &e.size, &at) != 2 || at == 0 || line[at] == '\0')
			continue;
		e.name = line + at;
		xgrow(&map->entry, &map->cap, map->count, sizeof e);
		map->entry[map->count++] = e;
	}
	if (map->count > 0)
		qsort(map->entry, map->count, sizeof *map->entry, by_start);
	return map;
}

const char *
perfmap_name(const struct perfmap *map, uint64_t address, uint64_t *start)
{
	size_t i = map == NULL ? 0 :
	    BISECT_NOT_ABOVE(map->entry, map->count, start, address);

	if (i == 0 || address - map->entry[i - 1].start >=
	    map->entry[i - 1].size)
		return NULL;
	*start = map->entry[i - 1].start;
	return map->entry[i - 1].name;
}

/* Where the file begins: behind a blank, but names and files may have some. */
static const char *
file_of(const char *name)
{
	static const char *const begins[] = { " /", " node:", " file:" };
	const char *last = strrchr(name, ' ');

	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
		const char *at = strstr(name, begins[i]);

		if (at != NULL)
			return at + 1;
	}
	return last == NULL ? NULL : last + 1;
}

int
perfmap_split(const char *name, char **function, char **file)
{
	static const char *const kinds[] = {
		"JS:", "LazyCompile:", "Function:", "Eval:", "Script:"
	};
	const char *at, *end = name + strlen(name);
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
			break;
	if (i == sizeof kinds / sizeof kinds[0])
		return -1;
	name += strlen(kinds[i]);
	name += strspn(name, "~^+*");
	at = file_of(name);
	if (at == NULL)
		return -1;
	/* Line and column are those of the function, not of the call. */
	for (i = 0; i < 2; i++) {
		const char *digits = end;

		while (digits > at && digits[-1] >= '0' && digits[-1] <= '9')
			digits--;
		if (digits == end || digits <= at + 1 || digits[-1] != ':')
			return -1;
		end = digits - 1;
	}
	*function = at - name < 2 ? xstrdup("(anonymous)") :
	    xstrndup(name, (size_t)(at - 1 - name));
	*file = xstrndup(at, (size_t)(end - at));
	return 0;
}
