/* SPDX-License-Identifier: ISC */
#include "value/letters.h"

#include <dwarf.h>
#include <string.h>

#include "symbol/dwtype.h"

#define REPEATS_SHOWN 10		/* more are counted instead */
#define CHAIN_MAX 16

int
letters_of(Dwarf_Die *type, size_t *width, const char **prefix)
{
	static const struct { const char *name, *prefix; } wide[] = {
		{ "wchar_t", "L" }, { "char16_t", "u" }, { "char32_t", "U" }
	};
	Dwarf_Die die = *type;
	Dwarf_Word size;

	*prefix = "";
	*width = 1;
	for (int i = 0; i < CHAIN_MAX; i++) {
		int tag = dwarf_tag(&die);

		for (size_t n = 0; (tag == DW_TAG_typedef ||
		    tag == DW_TAG_base_type) && n < 3; n++) {
			Dwarf_Die peeled = die;

			if (strcmp(dwtype_name(&die), wide[n].name) != 0 ||
			    dwtype_peel(&peeled) != DW_TAG_base_type ||
			    dwarf_aggregate_size(&peeled, &size) != 0 ||
			    (size != 2 && size != 4))
				continue;
			*prefix = wide[n].prefix;
			*width = size;
			return 1;
		}
		if (tag == DW_TAG_base_type || dwtype_of(&die, &die) == -1)
			break;
	}
	die = *type;
	return dwtype_is_char(type) && dwtype_peel(&die) != 0 &&
	    dwarf_bytesize(&die) == 1;
}

/* One character of a string: what it is made of, and where it ends. */
struct letter {
	uint32_t code;			/* or BROKEN */
	size_t len;			/* units */
};

#define BROKEN UINT32_MAX

static uint32_t
unit(const struct target *t, const unsigned char *p, size_t width)
{
	return width == 1 ? p[0] : width == 2 ? target_u16(t, p) :
	    target_u32(t, p);
}

/* UTF-8 of the shortest form. */
static struct letter
next_utf8(const unsigned char *p, size_t count)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : (p[0] & 0xe0) == 0xc0 ? 2 :
	    (p[0] & 0xf0) == 0xe0 ? 3 : (p[0] & 0xf8) == 0xf0 ? 4 : 0;
	uint32_t code = len == 1 ? p[0] : len == 0 ? 0 :
	    p[0] & (0x7fU >> len);

	if (len == 0 || len > count)
		return (struct letter){ BROKEN, 1 };
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return (struct letter){ BROKEN, 1 };
		code = code << 6 | (p[i] & 0x3fU);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return (struct letter){ BROKEN, 1 };
	return (struct letter){ code, len };
}

static struct letter
next_letter(const struct target *t, const unsigned char *p, size_t count,
    size_t width)
{
	uint32_t code, low;

	if (width == 1)
		return next_utf8(p, count);
	code = unit(t, p, width);
	if (width == 2 && code >= 0xd800 && code < 0xdc00 && count > 1) {
		low = unit(t, p + 2, 2);
		if (low >= 0xdc00 && low < 0xe000)
			return (struct letter){ 0x10000 + ((code - 0xd800)
			    << 10) + (low - 0xdc00), 2 };
	}
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = BROKEN;
	return (struct letter){ code, 1 };
}

/* What a terminal shows as itself, and no control of one. */
static int
prints(uint32_t code)
{
	return (code >= 0x20 && code < 0x7f) || (code >= 0xa1 &&
	    code != 0xad && !(code >= 0x2000 && code < 0x2010) &&
	    !(code >= 0x2028 && code < 0x2030) &&
	    !(code >= 0x205f && code < 0x2070) && code != 0x61c &&
	    !(code >= 0xd800 && code < 0xf900) &&
	    code != 0xfeff && !(code >= 0xfff0 && code < 0x10000) &&
	    code < 0xe0000);
}

static void
put_code(struct textbuf *out, uint32_t c)
{
	char b[4];
	size_t n = 0;

	if (c < 0x80)
		b[n++] = (char)c;
	else if (c < 0x800) {
		b[n++] = (char)(0xc0 | c >> 6);
		b[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		b[n++] = (char)(0xe0 | c >> 12);
		b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | c >> 18);
		b[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (c & 0x3f));
	}
	textbuf_bytes(out, b, n);
}

static void
put_letter(struct textbuf *out, const struct target *t,
    const unsigned char *p, struct letter l, size_t width, char quote)
{
	static const char names[] = "abtnvfr";	/* 7 to 13 */

	if (l.code == (unsigned char)quote || l.code == '\\')
		textbuf_add(out, "\\%c", (int)l.code);
	else if (l.code != BROKEN && prints(l.code))
		put_code(out, l.code);
	else if (l.code >= 7 && l.code <= 13)
		textbuf_add(out, "\\%c", names[l.code - 7]);
	else {
		for (size_t i = 0; i < l.len; i++) {
			uint32_t v = unit(t, p + i * width, width);

			textbuf_add(out, v <= 0777 ? "\\%03o" : "\\x%x", v);
		}
	}
}

void
letters_char(struct textbuf *out, const struct target *t,
    const unsigned char *bytes, size_t width, int is_signed,
    const char *prefix)
{
	uint32_t v = unit(t, bytes, width);
	struct letter l = next_letter(t, bytes, 1, width);

	if (is_signed && width == 1)
		textbuf_add(out, "%d", (signed char)bytes[0]);
	else if (is_signed)
		textbuf_add(out, "%d", width == 2 ? (int16_t)v : (int32_t)v);
	else
		textbuf_add(out, "%u", v);
	textbuf_add(out, " %s'", prefix);
	put_letter(out, t, bytes, l, width, '\'');
	textbuf_add(out, "'");
}

/* How often the letter at AT comes again at once. */
static size_t
repeats(const unsigned char *at, size_t count, size_t width, size_t len)
{
	size_t n = 1;

	while ((n + 1) * len <= count && memcmp(at, at + n * len * width,
	    len * width) == 0)
		n++;
	return n;
}

void
letters_string(struct textbuf *out, const struct target *t,
    const unsigned char *bytes, size_t count, size_t width,
    const char *prefix, int more)
{
	size_t i = 0, shown = 0;
	int is_quoted = 0;

	if (!more && count > 0 && unit(t, bytes + (count - 1) * width,
	    width) == 0)
		count--;
	if (count == 0)
		textbuf_add(out, "%s\"\"", prefix);
	while (i < count && shown < LETTERS_MAX && !out->is_full) {
		const unsigned char *p = bytes + i * width;
		struct letter l = next_letter(t, p, count - i, width);
		size_t n = repeats(p, count - i, width, l.len);

		if (n > REPEATS_SHOWN) {
			textbuf_add(out, "%s%s%s'", is_quoted ? "\"" : "",
			    i > 0 ? ", " : "", prefix);
			put_letter(out, t, p, l, width, '\'');
			textbuf_add(out, "' <repeats %zu times>", n);
			is_quoted = 0;
			shown += n;
			i += n * l.len;
			continue;
		}
		if (!is_quoted)
			textbuf_add(out, "%s%s\"", i > 0 ? ", " : "", prefix);
		is_quoted = 1;
		/* The last run is not cut. */
		for (size_t k = 0; k < n; k++)
			put_letter(out, t, p, l, width, '"');
		shown += n;
		i += n * l.len;
	}
	if (is_quoted)
		textbuf_add(out, "\"");
	if (more || i < count)
		textbuf_add(out, "...");
}
