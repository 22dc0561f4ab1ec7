/* SPDX-License-Identifier: ISC */
#include "report/procfiles.h"

#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "report/writer.h"
#include "textbuf.h"
#include "xalloc.h"

#define FILES_MAX 16			/* lines shown of each */
#define LOG_MAX 50
#define LINE_BYTES 512			/* shown of a line */
#define ENVIRONMENT_MAX 50
#define NAME_WIDTH 25			/* of a limit, in proc/limits */

static void
put_printable(const char *line, size_t len, const struct writer *w)
{
	char *text = textbuf_printable(line, len, LINE_BYTES);

	fprintf(w->out, "  %s\n", text);
	free(text);
}

/* At most MAX lines of TEXT, after the first SKIP. */
static void
put_lines(const char *text, size_t skip, size_t max, const struct writer *w)
{
	for (size_t n = 0; *text != '\0' && n < skip + max; n++) {
		size_t len = strcspn(text, "\n");

		if (n >= skip)
			put_printable(text, len, w);
		text += len + (text[len] == '\n');
	}
}

void
procfiles_open(const struct crash *c, const struct writer *w)
{
	const char *text = c->meta->fds;
	size_t all = meta_lines(text);

	if (all == 0)
		return;
	writer_heading(w, "Open files");
	put_lines(text, 0, FILES_MAX, w);
	if (all > FILES_MAX)
		fprintf(w->out, "  ... %zu more\n", all - FILES_MAX);
}

/*
 * The columns of proc(5)'s limits: a name of 26, soft and hard of 21, units.
 * What is unlimited limits nothing, and no priority is a crash's reason.
 */
static void
put_limit(const char *line, size_t len, const struct writer *w)
{
	char copy[128], *text, soft[24], hard[24], units[24] = "";
	size_t end = NAME_WIDTH;

	if (len >= sizeof copy || len < NAME_WIDTH + 2)
		return;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if (sscanf(copy + NAME_WIDTH, " %23s %23s %23s", soft, hard, units) <
	    2 || strcmp(soft, "unlimited") == 0 || strstr(copy, "priority"))
		return;
	while (end > 0 && copy[end - 1] == ' ')
		end--;
	copy[end] = '\0';
	/* May it be raised? */
	text = xasprintf("%-22s %s%s%s%s%s",
	    strncmp(copy, "Max ", 4) == 0 ? copy + 4 : copy, soft,
	    units[0] == '\0' ? "" : " ", units,
	    strcmp(soft, hard) == 0 ? "" : ", at most ",
	    strcmp(soft, hard) == 0 ? "" : hard);
	put_printable(text, (size_t)-1, w);
	free(text);
}

void
procfiles_limits(const struct crash *c, const struct writer *w)
{
	const char *text = c->meta->limits;

	if (meta_lines(text) < 2)
		return;
	writer_heading(w, "Limits");
	/* The first line is the heading. */
	text += strcspn(text, "\n");
	while (*text != '\0') {
		size_t len;

		text++;
		len = strcspn(text, "\n");
		put_limit(text, len, w);
		text += len;
	}
}

void
procfiles_log(const struct crash *c, const struct writer *w)
{
	const char *text = c->meta->unit_log;
	size_t all = meta_lines(text);
	char *unit;

	if (all == 0)
		return;
	unit = textbuf_printable(c->meta->unit == NULL ? "the unit" :
	    c->meta->unit, (size_t)-1, LINE_BYTES);
	fprintf(w->out, "\n%sLog of %s%s\n", w->bold, unit, w->plain);
	free(unit);
	put_lines(text, all > LOG_MAX ? all - LOG_MAX : 0, LOG_MAX, w);
}

void
procfiles_environment(const struct crash *c, const struct writer *w)
{
	const struct strings *all = &c->environment;

	if (all->count == 0)
		return;
	writer_heading(w, "Environment");
	for (size_t i = 0; i < all->count && i < ENVIRONMENT_MAX; i++)
		put_printable(all->item[i], (size_t)-1, w);
	if (all->count > ENVIRONMENT_MAX)
		fprintf(w->out, "  ... %zu more\n", all->count -
		    ENVIRONMENT_MAX);
}
