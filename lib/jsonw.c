/* SPDX-License-Identifier: ISC */
#include "jsonw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define KEY_SHORT 40

void
jsonw_init(struct jsonw *w, FILE *out)
{
	w->out = out;
	w->needs_comma = 0;
}

/*
 * stdio's lock is taken once for a whole file's worth of small pieces by
 * nobody else: the unlocked calls are a third of the time of a large snapshot.
 */
static void
put(FILE *out, const char *bytes, size_t len)
{
	fwrite_unlocked(bytes, 1, len, out);
}

/* The text is valid UTF-8 by now. */
static void
put_string(FILE *out, const char *text)
{
	const char *run = text;

	putc_unlocked('"', out);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		put(out, run, (size_t)(text - run));
		run = text + 1;
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			put(out, "\\n", 2);
		else if (c == '\t')
			put(out, "\\t", 2);
		else
			fprintf(out, "\\u%04x", c);
	}
	put(out, run, (size_t)(text - run));
	putc_unlocked('"', out);
}

/* It stands for itself between quotes. */
static int
is_simple(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 ||
		    (unsigned char)*text > 0x7e || *text == '"' ||
		    *text == '\\')
			return 0;
	return 1;
}

static int
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			return 0;
	return 1;
}

static void
put_bytes(FILE *out, const char *bytes)
{
	char *utf8;

	if (is_plain(bytes)) {
		put_string(out, bytes);
		return;
	}
	utf8 = text_utf8(bytes, (size_t)-1);
	put_string(out, utf8);
	free(utf8);
}

static void
begin_value(struct jsonw *w, const char *key)
{
	if (w->needs_comma)
		putc_unlocked(',', w->out);
	if (key != NULL) {
		put_bytes(w->out, key);
		putc_unlocked(':', w->out);
	}
	w->needs_comma = 1;
}

void
jsonw_begin_object(struct jsonw *w, const char *key)
{
	begin_value(w, key);
	putc_unlocked('{', w->out);
	w->needs_comma = 0;
}

void
jsonw_end_object(struct jsonw *w)
{
	putc_unlocked('}', w->out);
	w->needs_comma = 1;
}

void
jsonw_begin_array(struct jsonw *w, const char *key)
{
	begin_value(w, key);
	putc_unlocked('[', w->out);
	w->needs_comma = 0;
}

void
jsonw_end_array(struct jsonw *w)
{
	putc_unlocked(']', w->out);
	w->needs_comma = 1;
}

void
jsonw_string(struct jsonw *w, const char *key, const char *value)
{
	if (value == NULL) {
		jsonw_null(w, key);
		return;
	}
	begin_value(w, key);
	put_bytes(w->out, value);
}

void
jsonw_uint(struct jsonw *w, const char *key, uint64_t value)
{
	begin_value(w, key);
	fprintf(w->out, "%" PRIu64, value);
}

void
jsonw_int(struct jsonw *w, const char *key, int64_t value)
{
	begin_value(w, key);
	fprintf(w->out, "%" PRId64, value);
}

void
jsonw_bool(struct jsonw *w, const char *key, int value)
{
	begin_value(w, key);
	if (value)
		put(w->out, "true", 4);
	else
		put(w->out, "false", 5);
}

void
jsonw_null(struct jsonw *w, const char *key)
{
	begin_value(w, key);
	put(w->out, "null", 4);
}

void
jsonw_address(struct jsonw *w, const char *key, uint64_t value)
{
	static const char digits[] = "0123456789abcdef";
	char text[KEY_SHORT + 24], *p = text + sizeof text;
	size_t n = key == NULL ? 0 : strlen(key);

	/* Registers are most of what is written of a thread that waits where
	   others do: one piece each, where the key allows it. */
	if (n > KEY_SHORT || (key != NULL && !is_simple(key))) {
		begin_value(w, key);
		key = NULL;
		w->needs_comma = 0;
	}
	*--p = '"';
	do
		*--p = digits[value & 15];
	while ((value >>= 4) != 0);
	*--p = 'x';
	*--p = '0';
	*--p = '"';
	if (key != NULL) {
		*--p = ':';
		*--p = '"';
		p -= n;
		memcpy(p, key, n);
		*--p = '"';
	}
	if (w->needs_comma)
		*--p = ',';
	w->needs_comma = 1;
	put(w->out, p, (size_t)(text + sizeof text - p));
}

void
jsonw_raw(struct jsonw *w, const char *text, size_t len)
{
	begin_value(w, NULL);
	put(w->out, text, len);
}
