/* SPDX-License-Identifier: ISC */
#include "textbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "xalloc.h"

void
textbuf_bytes(struct textbuf *b, const char *bytes, size_t len)
{
	if (b->is_full)
		return;
	if (len > b->max - b->len) {
		len = 0;
		b->is_full = 1;
		bytes = "...";
		len = 3;
	}
	if (b->len + len + 1 > b->cap) {
		b->cap = (b->len + len + 1) * 2;
		b->bytes = xreallocarray(b->bytes, b->cap, 1);
	}
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
	b->bytes[b->len] = '\0';
}

void
textbuf_add(struct textbuf *b, const char *format, ...)
{
	char small[256], *text = small;
	va_list ap;
	int n;

	if (b->is_full)
		return;
	va_start(ap, format);
	n = vsnprintf(small, sizeof small, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= sizeof small) {
		text = xmalloc((size_t)n + 1);
		va_start(ap, format);
		vsnprintf(text, (size_t)n + 1, format, ap);
		va_end(ap);
	}
	textbuf_bytes(b, text, (size_t)n);
	if (text != small)
		free(text);
}

char *
textbuf_take(struct textbuf *b)
{
	char *text = b->bytes == NULL ? xstrdup("") : b->bytes;

	b->bytes = NULL;
	b->len = b->cap = 0;
	b->is_full = 0;
	return text;
}

char *
textbuf_printable(const char *bytes, size_t len, size_t max)
{
	char *text, *cut;

	if (len == (size_t)-1)
		len = strlen(bytes);
	if (len <= max)
		return text_printable(bytes, len);
	text = text_printable(bytes, max);
	cut = xasprintf("%s...", text);
	free(text);
	return cut;
}
