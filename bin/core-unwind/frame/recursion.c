/* SPDX-License-Identifier: ISC */
#include "frame/recursion.h"

#include <stdlib.h>
#include <string.h>

#include "symbol/funcname.h"
#include "xalloc.h"

#define LOOK_AT 200			/* frames for the cause */
#define BEGIN_MAX 40			/* of them before the cycle begins */

/* One C function may interpret any: then it is Python's that count. */
static int
same_call(const struct python_call *a, const struct python_call *b)
{
	for (; a != NULL && b != NULL; a = a->caller, b = b->caller)
		if (a->line != b->line || (a->function == NULL) !=
		    (b->function == NULL) || (a->function != NULL &&
		    strcmp(a->function, b->function) != 0))
			return 0;
	return a == b;
}

static size_t
count_repeats(const struct shown_frame *frames, size_t count, size_t at,
    size_t len)
{
	size_t n = at + len;

	while (n < count &&
	    frames[n].frame->pc == frames[n - len].frame->pc &&
	    frames[n].location == frames[n - len].location &&
	    same_call(frames[n].python, frames[n - len].python))
		n++;
	return (n - at) / len - 1;
}

size_t
recursion_at(const struct shown_frame *frames, size_t count, size_t at,
    size_t *repeats)
{
	for (size_t len = 1; len <= RECURSION_CYCLE_MAX &&
	    at + len <= count; len++) {
		*repeats = count_repeats(frames, count, at, len);
		if (*repeats >= RECURSION_REPEATS_MIN)
			return len;
	}
	*repeats = 0;
	return 0;
}

struct first {
	struct shown_frame frame[LOOK_AT];
	size_t count;
};

static int
collect(void *arg, size_t number, const struct shown_frame *f)
{
	struct first *first = arg;

	first->frame[number] = *f;
	first->count = number + 1;
	return number + 1 == LOOK_AT;
}

static char *
name_cycle(const struct shown_frame *frames, size_t len)
{
	char *text = NULL;

	for (size_t i = 0; i < len; i++) {
		const char *function = frames[i].location->function;
		char *name = function == NULL ? xstrdup("??") :
		    funcname_plain(function);
		char *longer = text == NULL ?
		    xasprintf(", again and again through %s", name) :
		    xasprintf("%s, %s", text, name);

		free(text);
		free(name);
		text = longer;
	}
	return text;
}

char *
recursion_say(const struct crash *c)
{
	struct first *first = xcalloc(1, sizeof *first);
	char *text = NULL;
	size_t repeats;

	crash_each_frame(c, 0, collect, first);
	for (size_t at = 0; at < BEGIN_MAX && text == NULL; at++) {
		size_t len = recursion_at(first->frame, first->count, at,
		    &repeats);

		if (len > 0)
			text = name_cycle(first->frame + at, len);
	}
	free(first);
	return text == NULL ? xstrdup("") : text;
}
