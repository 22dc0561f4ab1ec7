/* SPDX-License-Identifier: ISC */
/*
 * What makes a stranger's bytes safe to show, and reads numbers and names: what
 * comes out must hold to what the headers promise.
 */
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "jsonw.h"
#include "num.h"
#include "text.h"
#include "uuid7.h"

/* No C0, DEL or C1 in what a terminal gets. */
static void
check_printable(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0';
	    p++)
		if (*p < 0x20 || *p == 0x7f ||
		    (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			abort();
}

static void
check_json(const char *text)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);
	struct jsonw w;
	json_t *o;

	if (f == NULL)
		abort();
	jsonw_init(&w, f);
	jsonw_begin_object(&w, NULL);
	jsonw_string(&w, text, text);
	jsonw_end_object(&w);
	fclose(f);
	o = json_loadb(out, len, 0, NULL);
	if (o == NULL)
		abort();
	json_decref(o);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size), *out;
	uint64_t v;

	out = text_printable((const char *)data, size);
	check_printable(out);
	free(out);
	check_printable(text_show(text));
	out = text_utf8((const char *)data, size);
	free(out);
	check_json(text);
	if (num_parse(text, 1000, &v) == 0 && v > 1000)
		abort();
	num_size(text, &v);
	num_seconds(text, &v);
	if (uuid7_valid(text) && !uuid7_prefix(text))
		abort();
	fuzz_forget();
	return 0;
}
