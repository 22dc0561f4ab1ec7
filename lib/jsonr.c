/* SPDX-License-Identifier: ISC */
#include "jsonr.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define TREE_MAX ((size_t)512 << 20)
#define SKIM_MIN ((size_t)8 << 20)

static size_t taken;
static int was_refused;		/* for TREE_MAX */
static int was_starved;

static void *
counted_malloc(size_t size)
{
	void *p;

	if (size > TREE_MAX || taken > TREE_MAX - size) {
		was_refused = 1;
		return NULL;
	}
	p = malloc(size);
	if (p == NULL)
		was_starved = 1;
	else
		taken += malloc_usable_size(p);
	return p;
}

static void
counted_free(void *p)
{
	if (p == NULL)
		return;
	taken -= malloc_usable_size(p);
	free(p);
}

json_t *
jsonr_parse(const char *text, size_t len, char reason[JSONR_REASON])
{
	static int is_bounded;
	json_error_t error;
	json_t *root;

	if (!is_bounded) {
		json_set_alloc_funcs(counted_malloc, counted_free);
		is_bounded = 1;
	}
	was_refused = was_starved = 0;
	errno = 0;
	/* NUL inside a string: memory holds them, and no record is lost. */
	root = json_loadb(text, len, JSON_ALLOW_NUL, &error);
	if (root == NULL && was_refused)
		snprintf(reason, JSONR_REASON, "takes more than %zu MiB",
		    TREE_MAX >> 20);
	else if (root == NULL && was_starved) {
		snprintf(reason, JSONR_REASON, "out of memory");
		errno = ENOMEM;
	} else if (root == NULL)
		snprintf(reason, JSONR_REASON, "line %d: %s", error.line,
		    text_show(error.text));
	else if (!json_is_object(root)) {
		snprintf(reason, JSONR_REASON, "not a JSON object");
		json_decref(root);
		root = NULL;
	}
	return root;
}

json_int_t
jsonr_version(const json_t *root, char reason[JSONR_REASON])
{
	json_int_t version =
	    json_integer_value(json_object_get(root, "version"));

	if (version > 0)
		return version;
	snprintf(reason, JSONR_REASON, "not a snapshot: no version");
	return 0;
}

/* Past the string that begins at I; LEN when it does not end. */
static size_t
skip_string(const char *text, size_t len, size_t i)
{
	for (i++; i < len; i++) {
		if (text[i] == '\\')
			i++;
		else if (text[i] == '"')
			return i + 1;
	}
	return len;
}

/* Past the array or object that begins at I; LEN when it does not end. */
static size_t
skip_value(const char *text, size_t len, size_t i)
{
	size_t depth = 0;

	while (i < len) {
		char c = text[i];

		if (c == '"') {
			i = skip_string(text, len, i);
			continue;
		}
		i++;
		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && --depth == 0)
			return i;
	}
	return len;
}

static size_t
skim(char *text, size_t len)
{
	size_t in = 0, out = 0, depth = 0;

	while (in < len) {
		size_t next = in + 1;

		if (text[in] == '"')
			next = skip_string(text, len, in);
		else if (text[in] == '[' && depth == 1) {
			in = skip_value(text, len, in);
			if (in == len)
				break;
			text[out++] = '[';
			text[out++] = ']';
			continue;
		} else if (text[in] == '{' || text[in] == '[')
			depth++;
		else if (text[in] == '}' || text[in] == ']')
			depth--;
		memmove(text + out, text + in, next - in);
		out += next - in;
		in = next;
	}
	return out;
}

size_t
jsonr_skim(char *text, size_t len)
{
	return len <= SKIM_MIN ? len : skim(text, len);
}
