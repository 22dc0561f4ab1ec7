/* SPDX-License-Identifier: ISC */
#include "store.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"

const char *const store_state_name[STORE_STATES] = {
	[STORE_NEW] = "new",
	[STORE_PENDING] = "pending",
	[STORE_SENDING] = "sending",
	[STORE_ARCHIVE] = "archive",
	[STORE_FAILED] = "failed"
};

int
store_state_of(const char *name)
{
	for (int i = 0; i < STORE_STATES; i++)
		if (strcmp(name, store_state_name[i]) == 0)
			return i;
	return -1;
}

const char *
store_default(void)
{
	const char *path = getenv("COREPIPE_STORE");

	return path != NULL && *path != '\0' ? path : STOREDIR;
}

char *
store_personal(void)
{
	const char *base = getenv("XDG_DATA_HOME"), *below = "";
	const struct passwd *pw;
	char *path;

	/* The base directory specification: a relative one is no one. */
	if (base == NULL || *base != '/') {
		base = getenv("HOME");
		below = "/.local/share";
	}
	if (base == NULL || *base != '/') {
		pw = getpwuid(geteuid());
		base = pw != NULL ? pw->pw_dir : NULL;
	}
	if (base == NULL || *base != '/')
		return NULL;
	if (asprintf(&path, "%s%s/corepipe", base, below) == -1)
		err(EXIT_REFUSED, "allocate path");
	return path;
}

static int
open_in_state(int storefd, enum store_state state, const char *id, int flags)
{
	int dirfd, fd, saved;

	dirfd = openat(storefd, store_state_name[state],
	    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dirfd == -1)
		return -1;
	fd = openat(dirfd, id,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | flags);
	saved = errno;
	close(dirfd);
	errno = saved;
	return fd;
}

int
store_open_record(int storefd, const char *id, int flags,
    enum store_state *state)
{
	int refused = ENOENT;

	for (int i = 0; i < STORE_STATES; i++) {
		int fd = open_in_state(storefd, (enum store_state)i, id, flags);

		if (fd != -1) {
			*state = (enum store_state)i;
			return fd;
		}
		/* new/ is closed to everybody but root: no news. */
		if (errno != ENOENT && !(errno == EACCES && i == STORE_NEW))
			refused = errno;
	}
	errno = refused;
	return -1;
}
