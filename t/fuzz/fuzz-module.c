/* SPDX-License-Identifier: ISC */
/*
 * An executable, read for the names and lines of a core that is always the
 * same: what minicore wrote to the file that FUZZ_CORE names. The build-id of
 * that core must be in the file, or nothing of it is read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_report.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_options modules = { .exe = "exe" };

	if (core_size == 0)
		read_core();
	modules.exe_fd = fuzz_file(data, size);
	if (fuzz_report(fuzz_file(core, core_size), &modules, 0) == -1)
		abort();
	close(modules.exe_fd);
	fuzz_forget();
	return 0;
}
