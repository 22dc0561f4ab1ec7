/* SPDX-License-Identifier: ISC */
/*
 * A snapshot that is cut down to what a list needs, as if it were large. What
 * was an object is one, and all that is no array in it is as it was.
 */
#include "lib/jsonr.c"

#include "fuzz.h"

static void
compare(const json_t *whole, const json_t *cut)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)whole, key, value)
		if (!json_is_array(value) &&
		    !json_equal(value, json_object_get(cut, key)))
			abort();
	if (json_object_size(whole) != json_object_size(cut))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char reason[JSONR_REASON], *text;
	json_t *whole, *cut;
	size_t len;

	whole = jsonr_parse((const char *)data, size, reason);
	text = fuzz_exact(data, size);
	len = skim(text, size);
	if (len > size)
		abort();
	cut = jsonr_parse(text, len, reason);
	if (whole != NULL && cut == NULL)
		abort();
	if (whole != NULL && jsonr_version(whole, reason) > 0)
		compare(whole, cut);
	json_decref(whole);
	json_decref(cut);
	fuzz_forget();
	return 0;
}
