/* SPDX-License-Identifier: ISC */
/*
 * What /proc says of a process, each file a part of the input: the kernel
 * writes them, but names in them are the process's. What meta.json makes of it
 * must be JSON, and a container's id must look like one.
 */
#include "bin/core-save/module.c"
#include "bin/core-save/process.c"

#include <jansson.h>

#include "fuzz.h"
#include "meta.h"

static void
check(const char *text, size_t len)
{
	json_t *root = json_loadb(text, len, 0, NULL);
	const char *id;

	if (root == NULL)
		abort();
	id = json_string_value(json_object_get(root, "container"));
	if (id != NULL && (strlen(id) < 12 || strlen(id) > 64 ||
	    strspn(id, "0123456789abcdef") != strlen(id)))
		abort();
	json_decref(root);
}

static void
write_meta(struct process *p)
{
	struct options o = { .pid = 1, .pidfd = -1 };
	struct missing missing = { 0 };
	struct modules modules = { 0 };
	struct meta meta = { .options = &o, .process = p,
	    .missing = &missing, .id = "" };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		abort();
	modules_pin(&modules, p, &missing);
	meta_missing(&o, p, &missing);
	meta_write(out, &meta);
	fclose(out);
	check(text, len);
	free(text);
	for (size_t i = 0; i < missing.count; i++)
		free(missing.line[i]);
}

static void
read_maps(struct process *p)
{
	const char *cursor = p->file[PROC_MAPS].data;
	struct mapping map;

	while (cursor != NULL && mapping_next(&cursor, &map)) {
		char *name = module_name(&map);

		if (strchr(name, '/') != NULL || *name == '.' || *name == '\0')
			abort();
		free(name);
	}
	cmdline_is_memory(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum proc_file parts[] = { PROC_MAPS, PROC_STATUS,
	    PROC_STAT, PROC_CGROUP, PROC_CMDLINE, PROC_MOUNTINFO, PROC_COMM,
	    PROC_EXE };
	struct process p = { .dir = -1, .ns[NS_MNT] = 1 };

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		size_t len;

		p.file[parts[i]].data = fuzz_part(&data, &size, &len);
		p.file[parts[i]].len = len;
	}
	/* The kernel's text has no NUL in it, but for the command line. */
	p.dir = open(fuzz_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	read_maps(&p);
	write_meta(&p);
	close(p.dir);
	fuzz_forget();
	return 0;
}
