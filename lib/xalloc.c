/* SPDX-License-Identifier: ISC */
#include "xalloc.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"

static void *
or_exit(void *p)
{
	if (p == NULL)
		err(EXIT_REFUSED, "allocate memory");
	return p;
}

void *
xmalloc(size_t size)
{
	return or_exit(malloc(size == 0 ? 1 : size));
}

void *
xcalloc(size_t count, size_t size)
{
	return or_exit(calloc(count == 0 ? 1 : count, size == 0 ? 1 : size));
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	return or_exit(reallocarray(old, count == 0 ? 1 : count,
	    size == 0 ? 1 : size));
}

void *
xrealloc(void *old, size_t size)
{
	return or_exit(realloc(old, size == 0 ? 1 : size));
}

char *
xstrdup(const char *text)
{
	return or_exit(strdup(text));
}

char *
xstrndup(const char *text, size_t len)
{
	return or_exit(strndup(text, len));
}

char *
xasprintf(const char *format, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, format);
	n = vasprintf(&text, format, ap);
	va_end(ap);
	return or_exit(n == -1 ? NULL : text);
}

void
xgrow(void *array, size_t *cap, size_t used, size_t size)
{
	void **p = array;

	if (used < *cap)
		return;
	*cap += *cap / 2 + 16;
	*p = xreallocarray(*p, *cap, size);
}
