/* SPDX-License-Identifier: ISC */
#include "jsonr.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

#define TREE_MAX ((size_t)512 << 20)

static size_t taken;

static void *
counted_malloc(size_t size)
{
	void *p;

	if (size > TREE_MAX || taken > TREE_MAX - size)
		return NULL;
	p = malloc(size);
	if (p != NULL)
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
	/* NUL inside a string: memory holds them, and no record is lost. */
	root = json_loadb(text, len, JSON_ALLOW_NUL, &error);
	if (root == NULL)
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
