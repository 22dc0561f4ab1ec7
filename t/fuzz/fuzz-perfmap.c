/* SPDX-License-Identifier: ISC */
/* The names that a just-in-time compiler left in a file, as it likes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "symbol/perfmap.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct perfmap *map;
	uint64_t address, start;

	if (size < sizeof address)
		return 0;
	memcpy(&address, data, sizeof address);
	fuzz_next_open(fuzz_file(data + sizeof address, size - sizeof address));
	map = perfmap_read(1, getuid());
	for (int i = 0; i < 64; i++) {
		const char *name = perfmap_name(map, address >> i, &start);

		if (name != NULL && (start > address >> i || *name == '\0'))
			abort();
	}
	fuzz_forget();
	return 0;
}
