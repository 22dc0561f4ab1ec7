/* SPDX-License-Identifier: ISC */
/*
 * An executable, read for the names and lines of a core that is always the
 * same: what minicore wrote to the file that FUZZ_CORE names. The build-id of
 * that core must be in the file, or nothing of it is read.
 */
#include <elfutils/libdw.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyse.h"
#include "corefile.h"
#include "fuzz.h"
#include "locals.h"
#include "report.h"
#include "snapshot.h"
#include "source.h"

static uint8_t core[8192];
static size_t core_size;

static void
read_core(void)
{
	FILE *f = getenv("FUZZ_CORE") == NULL ? NULL :
	    fopen(getenv("FUZZ_CORE"), "re");

	if (f == NULL)
		abort();
	core_size = fread(core, 1, sizeof core, f);
	fclose(f);
}

static void
release(struct modules *ms)
{
	for (size_t i = 0; i < ms->count; i++) {
		struct module *m = &ms->item[i];

		dwarf_cfi_end(m->eh_cfi);
		dwarf_end(m->dwarf);
		elf_end(m->elf);
		if (m->file_fd != -1)
			close(m->file_fd);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile int expired;
	struct module_options modules = { .exe = "exe" };
	struct analyse_options options = {
		.limits.expired = &expired, .locals = LOCALS_ALL
	};
	struct target t = { .memory_fd = -1 };
	struct crash c = { .target = &t, .time = "2026-11-21T00:00:00Z" };
	static FILE *null;
	struct source *src;
	const char *why;

	if (core_size == 0)
		read_core();
	if (null == NULL && (null = fopen("/dev/null", "w")) == NULL)
		abort();
	elf_version(EV_CURRENT);
	modules.exe_fd = fuzz_file(data, size);
	src = source_open(fuzz_file(core, core_size), 1 << 20, &why);
	if (src == NULL || corefile_read(&t, src, &why) == -1)
		abort();
	c.meta = meta_read(NULL);
	analyse(&c, &modules, &options);
	snapshot_write(&c, null);
	report_write(&c, null, 0);
	release(&c.modules);
	for (size_t i = 0; i < t.missing.count; i++)
		free(t.missing.item[i]);
	source_free(src);
	close(modules.exe_fd);
	fuzz_forget();
	return 0;
}
