/* SPDX-License-Identifier: ISC */
#include "frame/pytext.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

#define STRING_MAX 4096			/* characters */
#define TABLE_MAX ((uint64_t)1 << 20)	/* bytes of a line table */

enum { LENGTH = 16, STATE = 32, BYTES = 32 };	/* of str; of bytes */

int
pytext_word(const struct pytext *p, uint64_t at, uint64_t *value)
{
	unsigned char b[8];

	if (modules_read(p->modules, at, b, 8) != 8)
		return -1;
	*value = target_u64(p->modules->target, b);
	return 0;
}

/* A character as UTF-8; surrogates and what is none become '?'. */
static size_t
encode(uint32_t c, char *to)
{
	if (c < 0x80 && c != 0) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800 && c != 0) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
		to[0] = '?';
		return 1;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* PEP 393: 1, 2 or 4 bytes a character, right behind the head. */
char *
pytext_string(const struct pytext *p, uint64_t at)
{
	const struct target *t = p->modules->target;
	uint64_t length, state;
	unsigned kind, is_compact, is_ascii;
	unsigned char *raw;
	char *text, *to;

	if (at == 0 || pytext_word(p, at + LENGTH, &length) == -1 ||
	    pytext_word(p, at + STATE, &state) == -1)
		return NULL;
	kind = state >> 2 & 7;
	is_compact = state >> 5 & 1;
	is_ascii = state >> 6 & 1;
	if (!is_compact || length > STRING_MAX ||
	    (kind != 1 && kind != 2 && kind != 4))
		return NULL;
	at += is_ascii ? p->layout->unicode : p->layout->unicode_wide;
	raw = xmalloc(length * kind + 1);
	if (modules_read(p->modules, at, raw, length * kind) !=
	    length * kind) {
		free(raw);
		return NULL;
	}
	text = to = xmalloc(4 * length + 1);
	for (uint64_t i = 0; i < length; i++)
		to += encode(kind == 1 ? raw[i] : kind == 2 ?
		    target_u16(t, raw + 2 * i) : target_u32(t, raw + 4 * i),
		    to);
	*to = '\0';
	free(raw);
	return text;
}

struct table {
	const unsigned char *at, *end;
};

static unsigned
next(struct table *b)
{
	return b->at < b->end ? *b->at++ : 0;
}

/* Objects/locations.md: six bits a byte, the sign in the lowest bit. */
static int64_t
varint(struct table *b)
{
	uint64_t v = 0;
	unsigned one, shift = 0;

	do {
		one = next(b);
		if (shift < 60)
			v |= (uint64_t)(one & 63) << shift;
		shift += 6;
	} while ((one & 64) != 0 && b->at < b->end);
	return (int64_t)v;
}

static int64_t
signed_varint(struct table *b)
{
	int64_t v = varint(b);

	return (v & 1) != 0 ? -(v >> 1) : v >> 1;
}

/* 3.11 and later: entries for runs of code units, with columns. */
static int64_t
find_location(struct table *b, int64_t line, int64_t at)
{
	enum { NONE = 15, LONG = 14, NO_COLUMNS = 13 };
	int64_t begin = 0;

	while (b->at < b->end) {
		unsigned head = next(b), kind = head >> 3 & 15;
		int64_t end = begin + 2 * (int64_t)((head & 7) + 1);
		int has_line = kind != NONE;

		if (kind == LONG) {
			line += signed_varint(b);
			varint(b);
			varint(b);
			varint(b);
		} else if (kind == NO_COLUMNS)
			line += signed_varint(b);
		else if (kind >= 10 && kind < NO_COLUMNS) {
			line += kind - 10;
			next(b);
			next(b);
		} else if (kind < 10)
			next(b);
		if (at < end)
			return has_line ? line : 0;
		begin = end;
	}
	return 0;
}

/* 3.10: pairs of a run's length and the line's change before it. */
static int64_t
find_line_310(struct table *b, int64_t line, int64_t at)
{
	int64_t begin = 0;

	while (b->end - b->at >= 2) {
		int64_t end = begin + next(b);
		int change = (int8_t)next(b);

		if (change != -128)
			line += change;
		if (at < end)
			return change == -128 ? 0 : line;
		begin = end;
	}
	return 0;
}

/* Before: pairs of a step to an address and the line's change there. */
static int64_t
find_line_38(struct table *b, int64_t line, int64_t at)
{
	int64_t address = 0;

	while (b->end - b->at >= 2) {
		address += next(b);
		if (address > at)
			break;
		line += (int8_t)next(b);
	}
	return line;
}

int
pytext_line(const struct pytext *p, uint64_t code, int64_t at)
{
	uint64_t object, first, size;
	unsigned char *bytes;
	struct table b;
	int64_t line;

	if (pytext_word(p, code + p->layout->first_line, &first) == -1 ||
	    pytext_word(p, code + p->layout->lines, &object) == -1 ||
	    pytext_word(p, object + LENGTH, &size) == -1 || size > TABLE_MAX)
		return 0;
	line = (int32_t)(uint32_t)first;
	if (at < 0)
		return line > 0 ? (int)line : 0;
	bytes = xmalloc(size + 1);
	if (modules_read(p->modules, object + BYTES, bytes, size) != size)
		size = 0;
	b.at = bytes;
	b.end = bytes + size;
	line = p->layout->minor >= 11 ? find_location(&b, line, at) :
	    p->layout->minor == 10 ? find_line_310(&b, line, at) :
	    find_line_38(&b, line, at);
	free(bytes);
	return line > 0 && line < INT32_MAX ? (int)line : 0;
}
