/* SPDX-License-Identifier: ISC */
#include "userfault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "xalloc.h"

/* A line of two letters for each flag, a space after each. */
static int
kinds_of(const char *flags)
{
	return (strstr(flags, " um") != NULL ? USERFAULT_MISSING : 0) |
	    (strstr(flags, " ui") != NULL ? USERFAULT_MINOR : 0);
}

static void
see_flags(struct userfault *u, const struct mapping *map, const char *flags)
{
	int kinds = kinds_of(flags);

	if (kinds == 0)
		return;
	xgrow(&u->handled, &u->cap, u->count, sizeof *u->handled);
	u->handled[u->count++] = (struct handled){ map->start, map->end,
	    kinds };
}

/* Each mapping: a line as in maps, then lines of NAME: VALUE. */
static int
read_smaps(struct userfault *u, int task)
{
	static const char flags[] = "VmFlags:";
	int fd = openat(task, "smaps", O_RDONLY | O_CLOEXEC), failed;
	FILE *in = fd == -1 ? NULL : fdopen(fd, "r");
	struct mapping map = { 0 }, next;
	size_t cap = 0, any = 0;
	char *line = NULL;

	if (in == NULL)
		return -1;
	while (getline(&line, &cap, in) != -1) {
		const char *cursor = line;

		if (strncmp(line, flags, sizeof flags - 1) == 0) {
			see_flags(u, &map, line + sizeof flags - 1);
			any = 1;
		} else if (mapping_next(&cursor, &next))
			map = next;
	}
	failed = ferror(in) || !any;
	free(line);
	fclose(in);
	if (failed)
		errno = ENODATA;
	return failed ? -1 : 0;
}

int
userfault_kinds(struct userfault *u, int task, uint64_t start, uint64_t end)
{
	int kinds = 0;

	if (!u->is_known && read_smaps(u, task) == -1)
		return -1;
	u->is_known = 1;
	for (size_t i = 0; i < u->count; i++)
		if (u->handled[i].start < end && start < u->handled[i].end)
			kinds |= u->handled[i].kinds;
	return kinds;
}

void
userfault_free(struct userfault *u)
{
	free(u->handled);
}
