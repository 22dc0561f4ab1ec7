/* SPDX-License-Identifier: ISC */
/*
 * The bytes of a core, out of a file that lies about where they are. The file
 * is read to its end and then in pieces, as the first two bytes say. The
 * source file is included: what it spools to has to be new for each input.
 */
#include "bin/core-unwind/target/source.c"

#include <sys/mman.h>

#include "fuzz.h"

#define SPOOL_MAX (1 << 20)

static void
read_all(struct source *src, unsigned step)
{
	static unsigned char buf[4096];
	uint64_t size = source_size(src), at = 0;

	for (int i = 0; i < 512 && at < size; i++) {
		size_t n = source_read(src, at, buf, sizeof buf);

		if (n == 0 && !source_is_damaged(src))
			abort();
		at += n + step;
	}
	source_read(src, size - 1, buf, sizeof buf);
	source_read(src, 0, buf, sizeof buf);
	source_read(src, UINT64_MAX, buf, 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source *src;
	const char *why;
	int ends[2];

	if (size < 3)
		return 0;
	spool_fd = memfd_create("spool", MFD_CLOEXEC);
	if (spool_fd == -1 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1)
		abort();
	/* The same through a pipe, as far as one holds it. */
	if ((data[0] & 1) != 0 && write(ends[1], data + 2, size - 2) > 0) {
		close(ends[1]);
		src = source_open(ends[0], SPOOL_MAX, &why);
	} else {
		close(ends[0]);
		close(ends[1]);
		src = source_open(fuzz_file(data + 2, size - 2), SPOOL_MAX,
		    &why);
	}
	if (src != NULL) {
		read_all(src, data[1] * (unsigned)data[1]);
		source_free(src);
	}
	close(spool_fd);
	fuzz_forget();
	return 0;
}
