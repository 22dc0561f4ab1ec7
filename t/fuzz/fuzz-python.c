/* SPDX-License-Identifier: ISC */
/*
 * The interpreter's structures, in the memory of a process that has made them
 * up, for each version: what is read of them ends, and is text. The source
 * file is included: to find an interpreter in a module is another matter.
 */
#include "bin/core-unwind/frame/python.c"

#include <jansson.h>

#include "fuzz.h"

#define BASE	UINT64_C(0x1000)

static void
check(const char *text)
{
	json_t *json = text == NULL ? NULL : json_string(text);

	if (text != NULL && json == NULL)
		abort();
	json_decref(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t word[2], frame, state;
	struct chunk chunk = { .start = BASE };
	struct target t = { .memory_fd = -1, .is64 = 1, .chunks = &chunk,
	    .nchunks = 1 };
	struct module_options options = { .no_files = 1 };
	struct modules ms = { .target = &t, .options = &options };
	struct interpreter py = { .runtime = BASE, .text.modules = &ms };
	size_t left = CALLS_MAX, calls = 0;

	if (size < 1 + sizeof word)
		return 0;
	py.text.layout = &layouts[data[0] % (sizeof layouts /
	    sizeof layouts[0])];
	t.swapped = data[0] >> 7;
	memcpy(word, data + 1, sizeof word);
	py.code_type = word[1];
	chunk.len = size - 1 - sizeof word;
	chunk.bytes = fuzz_exact(data + 1 + sizeof word, chunk.len);
	state = find_state(&py, word[0]);
	frame = state == 0 ? 0 : first_frame(&py, state);
	for (int n = 0; n < 64 && frame != 0; n++)
		for (struct python_call *c = take_calls(&py, &frame, &left);
		    c != NULL; c = c->caller, calls++) {
			check(c->function);
			check(c->file);
			if (c->line < 0)
				abort();
		}
	if (calls > CALLS_MAX)
		abort();
	fuzz_forget();
	return 0;
}
