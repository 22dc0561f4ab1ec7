/* SPDX-License-Identifier: ISC */
#include "fuzz_store.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"

int
fuzz_record(void)
{
	static int record = -1;
	int dir;

	if (record != -1)
		return record;
	dir = open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(dir, "archive", 0700) == -1 ||
	    mkdirat(dir, "archive/" FUZZ_ID, 0700) == -1)
		abort();
	record = openat(dir, "archive/" FUZZ_ID, O_RDONLY | O_DIRECTORY);
	close(dir);
	return record;
}

void
fuzz_sources(struct sources *s)
{
	sources_open(s, fuzz_dir());
	sources_scan(s);
	sources_stamp(s);
}

void
fuzz_sources_end(struct sources *s)
{
	close(s->v[0].fd);
	for (int i = 0; i < STORE_STATES; i++)
		if (s->v[0].state_fd[i] != -1)
			close(s->v[0].state_fd[i]);
}
