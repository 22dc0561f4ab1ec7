/* SPDX-License-Identifier: ISC */
#include "cell.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

/* The code point at *P, which is valid UTF-8; *P moves past it. */
static uint32_t
next_point(const char **p)
{
	const unsigned char *u = (const unsigned char *)*p;
	uint32_t cp = u[0];
	int more = u[0] < 0xc0 ? 0 : u[0] < 0xe0 ? 1 : u[0] < 0xf0 ? 2 : 3;

	if (more > 0)
		cp &= 0x3fU >> more;
	for (int i = 1; i <= more; i++)
		cp = cp << 6 | (u[i] & 0x3fU);
	*p += more + 1;
	return cp;
}

/*
 * Not wcwidth(3): what is printed is UTF-8 in the C locale too. The ranges of
 * marks without a width, and of the wide and fullwidth letters.
 */
static int
point_width(uint32_t cp)
{
	static const struct { uint32_t first, last; int width; } ranges[] = {
		{ 0x300, 0x36f, 0 }, { 0x1100, 0x115f, 2 },
		{ 0x1ab0, 0x1aff, 0 }, { 0x200b, 0x200d, 0 },
		{ 0x20d0, 0x20ff, 0 }, { 0x2e80, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 }, { 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 },
		{ 0x1f300, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 }
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

int
cell_width(const char *text)
{
	int width = 0;

	while (*text != '\0' && width < 10000)
		width += point_width(next_point(&text));
	return width;
}

void
cell_put(FILE *out, const char *text, int width, int pad)
{
	char *printable = text_printable(text, (size_t)-1);
	const char *p = printable;
	int room = width, used = 0;

	if (cell_width(printable) > width)
		room--;
	while (*p != '\0') {
		const char *start = p;
		int w = point_width(next_point(&p));

		if (used + w > room)
			break;
		used += w;
		fwrite(start, 1, (size_t)(p - start), out);
	}
	if (room < width) {
		fputs("…", out);
		used++;
	}
	if (pad)
		fprintf(out, "%*s", width - used, "");
	free(printable);
}

static void
quote(FILE *out, const char *text)
{
	if (text[strcspn(text, ",\"\r\n")] == '\0' && *text != ' ') {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

void
cell_csv(FILE *out, const char *text)
{
	char *printable;

	if (text == NULL)
		return;
	/* Exact for programs; a terminal would do what it says. */
	if (!isatty(STDOUT_FILENO)) {
		quote(out, text);
		return;
	}
	printable = text_printable(text, (size_t)-1);
	quote(out, printable);
	free(printable);
}

void
cell_sparkline(FILE *out, const long *v, int n, long max)
{
	static const char *const bars[] = {
		"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};

	for (int i = 0; i < n; i++) {
		/* What is there at all stands above what is not. */
		long height = v[i] == 0 || max == 0 ? 0 :
		    1 + (v[i] * 7 - 1) / max;

		fputs(bars[height > 7 ? 7 : height], out);
	}
}
