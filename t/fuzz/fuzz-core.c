/* SPDX-License-Identifier: ISC */
/*
 * A core, from its first byte to the last of the report. The first byte of the
 * input says whether modules are made of the memory that is in it (where libdw
 * reads a stranger's bytes as well) or only the notes are told.
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

static void
release(struct modules *ms)
{
	for (size_t i = 0; i < ms->count; i++) {
		struct module *m = &ms->item[i];

		dwarf_cfi_end(m->eh_cfi);
		dwarf_end(m->dwarf);
		elf_end(m->elf);
	}
}

static void
write_both(struct crash *c)
{
	static FILE *null;

	if (null == NULL && (null = fopen("/dev/null", "w")) == NULL)
		abort();
	snapshot_write(c, null);
	report_write(c, null, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile int expired;
	struct module_options modules = { .exe_fd = -1 };
	struct analyse_options options = {
		.limits.expired = &expired, .locals = LOCALS_ALL
	};
	struct target t = { .memory_fd = -1 };
	struct crash c = { .target = &t, .time = "2026-11-21T00:00:00Z" };
	struct source *src;
	const char *why;

	if (size < 1)
		return 0;
	elf_version(EV_CURRENT);
	modules.no_files = data[0] & 1;
	options.limits.frames = data[0] >> 4;
	src = source_open(fuzz_file(data + 1, size - 1), 1 << 20, &why);
	if (src != NULL && corefile_read(&t, src, &why) == 0) {
		c.meta = meta_read(NULL);
		analyse(&c, &modules, &options);
		write_both(&c);
		release(&c.modules);
	}
	for (size_t i = 0; i < t.missing.count; i++)
		free(t.missing.item[i]);
	if (src != NULL)
		source_free(src);
	fuzz_forget();
	return 0;
}
