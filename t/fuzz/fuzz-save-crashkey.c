/* SPDX-License-Identifier: ISC */
/*
 * The key of a crash, out of /proc/PID/task/TID/stat, maps, mountinfo and auxv
 * and the process's memory, the parts of the input: whatever they are, it is
 * one, and the same each time.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crashkey.h"
#include "fuzz.h"
#include "pages_fake.h"

#define MAPPINGS_MAX	60

/* Each mapping in its turn has a page of it. */
static void
fill_memory(const struct process *p, const uint8_t *memory, size_t size)
{
	const char *cursor = p->file[PROC_MAPS].data;
	struct mapping map;
	int n = 0;

	pages_fake_begin(0);
	while (mapping_next(&cursor, &map) && n++ < MAPPINGS_MAX) {
		size_t len = size < FAKE_PAGE ? size : FAKE_PAGE;

		if (map.start < map.end)
			pages_fake_add(map.start, map.end, memory, len);
		memory += len;
		size -= len;
	}
}

static int
open_process(void)
{
	int dir = open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (mkdirat(dir, "task", 0700) == -1 ||
	    mkdirat(dir, "task/1", 0700) == -1)
		abort();
	return dir;
}

static void
write_stat(int dir, const void *text, size_t len)
{
	int task = openat(dir, "task/1", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	fuzz_file_in(task, "stat", text, len);
	close(task);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum proc_file parts[] = { PROC_STAT, PROC_MAPS,
	    PROC_MOUNTINFO, PROC_AUXV };
	static int dir = -1;
	struct process p = { .dir = -1 };
	struct options o = { .pid = 1, .pidfd = -1 };
	char key[2][CRASHKEY_LENGTH + 1];

	if (dir == -1)
		dir = open_process();
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		size_t len;

		p.file[parts[i]].data = fuzz_part(&data, &size, &len);
		p.file[parts[i]].len = len;
		if (parts[i] == PROC_STAT)
			write_stat(dir, p.file[PROC_STAT].data, len);
	}
	p.dir = dir;
	fill_memory(&p, data, size);
	for (int i = 0; i < 2; i++) {
		crashkey_make(key[i], &o, &p, 0);
		if (key[i][0] != '\0' && (strlen(key[i]) != CRASHKEY_LENGTH ||
		    strspn(key[i], "0123456789abcdef") != CRASHKEY_LENGTH))
			abort();
	}
	if (strcmp(key[0], key[1]) != 0)
		abort();
	fuzz_forget();
	return 0;
}
