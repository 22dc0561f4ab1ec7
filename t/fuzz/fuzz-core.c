/* SPDX-License-Identifier: ISC */
/*
 * A core, from its first byte to the last of the report. The first byte of the
 * input says whether modules are made of the memory that is in it (where libdw
 * reads a stranger's bytes as well) or only the notes are told.
 */
#include "fuzz.h"
#include "fuzz_report.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_options modules = { .exe_fd = -1 };

	if (size < 1)
		return 0;
	modules.no_files = data[0] & 1;
	fuzz_report(fuzz_file(data + 1, size - 1), &modules, data[0] >> 4);
	fuzz_forget();
	return 0;
}
