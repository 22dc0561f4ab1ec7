/* SPDX-License-Identifier: ISC */
/*
 * What of a record core-unwind reads beside the core: meta.json, proc/tasks,
 * proc/maps and modules/list, the four parts of the input.
 */
#include "bin/core-unwind/meta.c"

#include "fuzz.h"
#include "target/target.h"

static void
each(char *text, struct module_options *o,
    void (*take)(struct module_options *, int, const char *))
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL)
		take(o, -1, line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct thread threads[3] = { { .tid = 1 }, { .tid = 2 }, { .tid = 2 } };
	struct target t = { .threads = threads, .nthreads = 3 };
	struct module_options o = { .exe_fd = -1 };
	struct record_files files;
	struct meta *m;
	const uint8_t *rest;
	size_t len = fuzz_split(&data, &size, &rest);

	files.meta = fuzz_file(data, len);
	data = rest;
	len = fuzz_split(&data, &size, &rest);
	files.tasks = fuzz_file(data, len);
	data = rest;
	len = fuzz_split(&data, &size, &rest);
	each(fuzz_string(data, len), &o, take_mapped);
	each(fuzz_string(rest, size), &o, take_copy);
	m = meta_read(&files);
	record_name_threads(&files, m, &t);
	for (size_t i = 0; i < m->missing.count; i++)
		free(m->missing.item[i]);
	close(files.meta);
	close(files.tasks);
	fuzz_forget();
	return 0;
}
