/* SPDX-License-Identifier: ISC */
/* A list of frames by an administrator's hand: the first line is a function. */
#include "bin/core-unwind/report/framelist.c"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size), *line, *name;

	added = NULL;
	nadded = added_cap = 0;
	name = strsep(&text, "\n");
	while ((line = strsep(&text, "\n")) != NULL)
		parse(line);
	for (int list = FRAMES_SYSTEM; list <= FRAMES_BOTTOM; list++)
		framelist_has((enum framelist)list, name);
	fuzz_forget();
	return 0;
}
