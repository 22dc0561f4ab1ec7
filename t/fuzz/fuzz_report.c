/* SPDX-License-Identifier: ISC */
#include "fuzz_report.h"

#include <elfutils/libdw.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyse.h"
#include "report/report.h"
#include "report/snapshot.h"
#include "target/corefile.h"
#include "target/source.h"
#include "value/locals.h"

static void
release(struct modules *ms)
{
	for (size_t i = 0; i < ms->count; i++) {
		struct module *m = &ms->item[i];

		dwarf_cfi_end(m->eh_cfi);
		/* Nothing of it is to be inflated any more. */
		dwarf_end(module_dwarf(m));
		elf_end(m->elf);
		if (m->file_fd != -1)
			close(m->file_fd);
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
fuzz_report(int fd, const struct module_options *modules, unsigned frames)
{
	static volatile int expired;
	struct analyse_options options = {
		.limits.expired = &expired, .limits.frames = frames,
		.locals = LOCALS_ALL
	};
	struct target t = { .memory_fd = -1 };
	struct crash c = { .target = &t, .time = "2026-11-21T00:00:00Z" };
	const char *why;
	struct source *src = source_open(fd, 1 << 20, &why);
	int rc;

	elf_version(EV_CURRENT);
	rc = src == NULL ? -1 : corefile_read(&t, src, &why);
	if (rc == 0) {
		c.meta = meta_read(NULL);
		analyse(&c, modules, &options);
		write_both(&c);
		release(&c.modules);
	}
	for (size_t i = 0; i < t.missing.count; i++)
		free(t.missing.item[i]);
	if (src != NULL)
		source_free(src);
	return rc;
}
