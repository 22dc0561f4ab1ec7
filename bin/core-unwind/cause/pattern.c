/* SPDX-License-Identifier: ISC */
#include "cause/pattern.h"

#include <stdlib.h>

#include "xalloc.h"

/* Bytes that allocators and compilers fill memory with, from their sources. */
static const struct { unsigned char byte; const char *who; } fills[] = {
	{ 0x5a, "jemalloc: freed memory" },
	{ 0xa5, "jemalloc: new memory" },
	{ 0xe4, "mozjemalloc: new memory" },
	{ 0xe5, "mozjemalloc: freed memory" },
	{ 0xbe, "AddressSanitizer: new memory" },
	{ 0xaa, "clang: a variable that was not set" },
	{ 0xfe, "gcc: a variable that was not set" },
	{ 0xcc, "MSVC: a variable that was not set" },
	{ 0xcd, "MSVC: new memory" },
	{ 0xdd, "MSVC: freed memory" },
	{ 0xab, "tcmalloc: new memory" },
	{ 0xef, "tcmalloc: freed memory" }
};

/* Who is known to fill memory with that byte; NULL nobody. */
static const char *
find_fill(unsigned char byte)
{
	for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++)
		if (fills[i].byte == byte)
			return fills[i].who;
	return NULL;
}

char *
pattern_say(uint64_t value, unsigned size)
{
	unsigned char b[8] = { 0 };
	const char *who;
	unsigned text = 0;
	int same = 1;

	for (unsigned i = 0; i < size; i++)
		b[i] = (unsigned char)(value >> 8 * i);
	for (unsigned i = 1; i < size; i++)
		same &= b[i] == b[0];
	who = same ? find_fill(b[0]) : NULL;
	if (who != NULL)
		return xasprintf(": the byte 0x%02x repeated (%s)", b[0], who);
	/* A pointer may have been overwritten by the end of a string. */
	while (text < size && b[text] >= 0x20 && b[text] < 0x7f)
		text++;
	if (text >= 4 && (text == size || value >> 8 * text == 0))
		return xasprintf(": the ASCII text \"%.*s\"", (int)text,
		    (char *)b);
	if (same && b[0] != 0 && b[0] != 0xff)
		return xasprintf(": the byte 0x%02x repeated", b[0]);
	return xstrdup("");
}
