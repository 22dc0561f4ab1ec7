/* SPDX-License-Identifier: ISC */
#include "report/localsout.h"

#include <stdlib.h>
#include <string.h>

#include "jsonw.h"
#include "text.h"
#include "textbuf.h"
#include "value/locals.h"
#include "xalloc.h"

#define CALL_MAX 2048			/* bytes of a frame's arguments */

static void
put_variable(struct jsonw *w, const struct variable *v)
{
	jsonw_begin_object(w, NULL);
	jsonw_string(w, "name", v->name);
	jsonw_string(w, "type", v->type);
	jsonw_string(w, "value", v->value);
	if (v->has_address)
		jsonw_address(w, "address", v->address);
	if (v->entry != NULL)
		jsonw_string(w, "entry_value", v->entry);
	if (v->points_to != NULL)
		jsonw_string(w, "points_to", v->points_to);
	jsonw_end_object(w);
}

void
localsout_json(struct jsonw *w, const struct variables *v)
{
	jsonw_begin_array(w, "arguments");
	for (size_t i = 0; i < v->arguments; i++)
		put_variable(w, &v->item[i]);
	jsonw_end_array(w);
	jsonw_begin_array(w, "locals");
	for (size_t i = v->arguments; i < v->count; i++)
		put_variable(w, &v->item[i]);
	jsonw_end_array(w);
}

/* Where the argument types begin that a demangled name ends in. */
static size_t
name_length(const char *name)
{
	size_t at = strlen(name), depth = 0;

	if (at > 6 && strcmp(name + at - 6, " const") == 0)
		at -= 6;
	if (at == 0 || name[at - 1] != ')')
		return strlen(name);
	while (at > 0) {
		at--;
		if (name[at] == ')')
			depth++;
		else if (name[at] == '(' && --depth == 0)
			break;
	}
	return at == 0 ? strlen(name) : at;
}

char *
localsout_call(char *name, const struct variables *v)
{
	struct textbuf text = { .max = CALL_MAX };
	char *clean, *call;

	if (v == NULL)
		return name;
	for (size_t i = 0; i < v->arguments; i++) {
		const struct variable *a = &v->item[i];

		textbuf_add(&text, "%s%s=", i > 0 ? ", " : "", a->name);
		if (a->entry != NULL && a->is_as_at_entry)
			textbuf_add(&text, "%s@entry=", a->name);
		textbuf_add(&text, "%s", a->brief);
		if (a->entry != NULL && !a->is_as_at_entry)
			textbuf_add(&text, ", %s@entry=%s", a->name,
			    a->entry);
	}
	call = textbuf_take(&text);
	clean = text_printable(call, (size_t)-1);
	free(call);
	call = xasprintf("%.*s (%s)", (int)name_length(name), name, clean);
	free(clean);
	free(name);
	return call;
}

void
localsout_text(FILE *out, const struct variables *v)
{
	if (v == NULL)
		return;
	for (size_t i = v->arguments; i < v->count; i++) {
		char *name = text_printable(v->item[i].name, (size_t)-1);
		char *value = text_printable(v->item[i].value, (size_t)-1);

		fprintf(out, "        %s = %s\n", name, value);
		free(name);
		free(value);
	}
	if (v->count == v->arguments)
		fprintf(out, "No locals.\n");
}
