/* SPDX-License-Identifier: ISC */
/*
 * mkcore-table FILE: check the seek table of a core.zst by the format's own
 * words, and print a line for each frame: where it is, its size, where its
 * content is in the core, and the size of that. Exits 1 when it is not valid.
 */
#include <endian.h>
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
u32(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return le32toh(v);
}

int
main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	unsigned char foot[9], head[8], entry[8], magic[4];
	uint64_t at = 0, content = 0, size;
	uint32_t frames;

	if (f == NULL)
		err(100, "usage: mkcore-table FILE");
	if (fseeko(f, -9, SEEK_END) == -1 || fread(foot, 9, 1, f) != 1)
		errx(1, "no footer");
	size = (uint64_t)ftello(f);
	frames = u32(foot);
	if (u32(foot + 5) != 0x8F92EAB1)
		errx(1, "not a seek table's magic");
	if (foot[4] != 0)
		errx(1, "flags %#x: not those that are written", foot[4]);
	if (size < 17 + 8 * (uint64_t)frames)
		errx(1, "the table is larger than the file");
	for (uint32_t i = 0; i < frames; i++) {
		if (fseeko(f, -9 - 8 * (off_t)(frames - i), SEEK_END) == -1 ||
		    fread(entry, 8, 1, f) != 1)
			errx(1, "entry %u: not there", i);
		if (fseeko(f, (off_t)at, SEEK_SET) == -1 ||
		    fread(magic, 4, 1, f) != 1 || u32(magic) != 0xFD2FB528)
			errx(1, "entry %u: no frame at %" PRIu64, i, at);
		printf("%" PRIu64 " %u %" PRIu64 " %u\n", at, u32(entry),
		    content, u32(entry + 4));
		at += u32(entry);
		content += u32(entry + 4);
	}
	if (fseeko(f, (off_t)at, SEEK_SET) == -1 ||
	    fread(head, 8, 1, f) != 1 || u32(head) != 0x184D2A5E ||
	    u32(head + 4) != 8 * frames + 9)
		errx(1, "no skippable frame after the last frame");
	if (at + 8 + 8 * (uint64_t)frames + 9 != size)
		errx(1, "the frames and the table are not the whole file");
	return 0;
}
