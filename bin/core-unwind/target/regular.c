/* SPDX-License-Identifier: ISC */
#include "target/regular.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

#define MOUNTS_MAX (4u << 20)

static char *mounts;			/* NULL: FUSE is not avoided */

void
regular_avoid_fuse(void)
{
	size_t len;

	mounts = io_slurp(AT_FDCWD, "/proc/self/mountinfo", MOUNTS_MAX, &len);
}

/* How much of PATH the mount point at TEXT covers; 0 when it is not below. */
static size_t
covered(const char *text, const char *path)
{
	const char *at = path;

	for (; *text != ' ' && *text != '\0'; at++) {
		char c = *text++;

		/* A blank is \040, and so on. */
		if (c == '\\' && strspn(text, "01234567") >= 3) {
			c = (char)((text[0] - '0') << 6 | (text[1] - '0') << 3 |
			    (text[2] - '0'));
			text += 3;
		}
		if (c != *at)
			return 0;
	}
	if (at == path + 1)
		return 1;		/* the root */
	return *at == '/' || *at == '\0' ? (size_t)(at - path) : 0;
}

/* Told by the table of mounts alone: PATH is not touched. */
static int
is_fuse(const char *path)
{
	size_t longest = 0;
	int found = 0;

	for (const char *line = mounts; line != NULL && *line != '\0';) {
		const char *end = strchrnul(line, '\n'), *at = line;
		const char *kind = memmem(line, (size_t)(end - line), " - ", 3);
		size_t len;

		/* ID PARENT MAJOR:MINOR ROOT POINT ... - KIND */
		for (int i = 0; i < 4 && at < end; i++)
			at += strcspn(at, " \n") + 1;
		len = at < end && kind != NULL ? covered(at, path) : 0;
		/* The last of those at one place is on top. */
		if (len > 0 && len >= longest) {
			longest = len;
			found = strncmp(kind + 3, "fuse ", 5) == 0 ||
			    strncmp(kind + 3, "fuse.", 5) == 0;
		}
		line = *end == '\0' ? end : end + 1;
	}
	return found;
}

int
regular_open(const char *path)
{
	struct stat st;
	char link[32];
	int pin, fd;

	if (is_fuse(path)) {
		errno = ENOTSUP;
		return -1;
	}
	pin = open(path, O_PATH | O_CLOEXEC);
	if (pin == -1)
		return -1;
	if (fstat(pin, &st) == -1 || !S_ISREG(st.st_mode)) {
		close(pin);
		errno = EINVAL;
		return -1;
	}
	snprintf(link, sizeof link, "/proc/self/fd/%d", pin);
	fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	close(pin);
	return fd;
}
