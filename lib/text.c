/* SPDX-License-Identifier: ISC */
#include "text.h"

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"

/*
 * Length of the UTF-8 sequence P begins with (RFC 3629: no surrogates, no
 * overlong forms, nothing above U+10FFFF), its code point in *CP; 0 if none.
 */
static size_t
utf8_sequence(const unsigned char *p, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n;

	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if ((p[0] & 0xf0) == 0xe0)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	*cp = p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (p[i] & 0x3fU);
	}
	if (*cp < least[n] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

/*
 * Controls, the marks that reorder what a terminal shows, and what it does not
 * show at all: two names that look the same are to be the same.
 */
static int
is_unprintable(uint32_t cp)
{
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
		{ 0xe0000, 0xe007f }
	};

	if (cp >= 0x20 && cp < 0x7f)
		return 0;
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return 1;
	return 0;
}

static char *
escape(char *out, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	const char *named;

	*out++ = '\\';
	named = byte == '\n' ? "n" : byte == '\t' ? "t" :
	    byte == '\r' ? "r" : byte == 0x1b ? "e" : NULL;
	if (named != NULL) {
		*out++ = *named;
		return out;
	}
	*out++ = 'x';
	*out++ = hex[byte >> 4];
	*out++ = hex[byte & 15];
	return out;
}

static char *
convert(const char *bytes, size_t len, int keep_controls)
{
	const unsigned char *p = (const unsigned char *)bytes;
	char *text, *out;

	if (len == (size_t)-1)
		len = strlen(bytes);
	if (len > SIZE_MAX / 4 - 1 || (text = malloc(len * 4 + 1)) == NULL)
		err(EXIT_REFUSED, "allocate text");
	out = text;
	while (len > 0) {
		uint32_t cp;
		size_t n = utf8_sequence(p, len, &cp);

		if (n == 0) {
			out = escape(out, *p);
			n = 1;
		} else if (!keep_controls && is_unprintable(cp)) {
			for (size_t i = 0; i < n; i++)
				out = escape(out, p[i]);
		} else {
			memcpy(out, p, n);
			out += n;
		}
		p += n;
		len -= n;
	}
	*out = '\0';
	return text;
}

char *
text_printable(const char *bytes, size_t len)
{
	return convert(bytes, len, 0);
}

char *
text_utf8(const char *bytes, size_t len)
{
	return convert(bytes, len, 1);
}

const char *
text_show(const char *bytes)
{
	static char buffers[8][256];
	static unsigned turn;
	char *buffer = buffers[turn++ % 8];
	char *text = text_printable(bytes, (size_t)-1);

	if (strlen(text) < sizeof buffers[0])
		snprintf(buffer, sizeof buffers[0], "%s", text);
	else
		snprintf(buffer, sizeof buffers[0], "%.252s...", text);
	free(text);
	return buffer;
}
