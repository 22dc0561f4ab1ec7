/* SPDX-License-Identifier: ISC */
#include "strings.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"
#include "xalloc.h"

#define MAX_LINES 200

void
strings_add(struct strings *list, const char *format, ...)
{
	va_list ap;
	char *line;
	int n;

	if (list->count >= MAX_LINES)
		return;
	va_start(ap, format);
	n = vasprintf(&line, format, ap);
	va_end(ap);
	if (n == -1)
		err(EXIT_REFUSED, "allocate memory");
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->item[i], line) == 0) {
			free(line);
			return;
		}
	}
	xgrow(&list->item, &list->cap, list->count, sizeof *list->item);
	list->item[list->count++] = line;
}
