/* SPDX-License-Identifier: ISC */
#include "note.h"

#include <elf.h>
#include <string.h>

const unsigned char *
note_find(const unsigned char *notes, size_t len, const char *name,
    uint32_t type, size_t *size)
{
	const size_t letters = strlen(name) + 1;	/* its NUL counts */
	Elf64_Nhdr h;			/* the same in both classes */

	while (len >= sizeof h) {
		size_t before, desc;

		memcpy(&h, notes, sizeof h);
		/* First, for the sums below could overflow 32 bits. */
		if (h.n_namesz > len || h.n_descsz > len)
			return NULL;
		before = ((size_t)h.n_namesz + 3) & ~(size_t)3;
		desc = ((size_t)h.n_descsz + 3) & ~(size_t)3;
		if (before > len - sizeof h || desc > len - sizeof h - before)
			return NULL;
		if (h.n_type == type && h.n_namesz == letters &&
		    memcmp(notes + sizeof h, name, letters) == 0) {
			*size = h.n_descsz;
			return notes + sizeof h + before;
		}
		notes += sizeof h + before + desc;
		len -= sizeof h + before + desc;
	}
	return NULL;
}
