/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>

#include "exits.h"
#include "save.h"
#include "xalloc.h"

static void __attribute__((__format__(__printf__, 2, 0)))
missing_add(struct missing *m, const char *format, va_list ap)
{
	char *line;

	if (vasprintf(&line, format, ap) == -1)
		err(EXIT_REFUSED, "allocate text");
	xgrow(&m->line, &m->cap, m->count, sizeof *m->line);
	m->line[m->count++] = line;
}

void
missing_note(struct missing *m, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	missing_add(m, format, ap);
	va_end(ap);
}

void
missing_matters(struct missing *m, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	missing_add(m, format, ap);
	va_end(ap);
	warnx("%s", m->line[m->count - 1]);
	m->matters = 1;
}
