/* SPDX-License-Identifier: ISC */
#include "procfiles.h"

#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "text.h"
#include "textbuf.h"
#include "xalloc.h"

#define FILES_MAX 16			/* lines shown of each */
#define LOG_MAX 50
#define LINE_BYTES 512			/* shown of a line */
#define ENVIRONMENT_MAX 50
#define NAME_WIDTH 25			/* of a limit, in proc/limits */

static void
put_printable(const char *line, size_t len, FILE *out)
{
	char *text = textbuf_printable(line, len, LINE_BYTES);

	fprintf(out, "  %s\n", text);
	free(text);
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; n++) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return n;
}

/* At most MAX lines of TEXT, after the first SKIP. */
static void
put_lines(const char *text, size_t skip, size_t max, FILE *out)
{
	for (size_t n = 0; *text != '\0' && n < skip + max; n++) {
		size_t len = strcspn(text, "\n");

		if (n >= skip)
			put_printable(text, len, out);
		text += len + (text[len] == '\n');
	}
}

void
procfiles_open(const struct crash *c, const char *bold, const char *plain,
    FILE *out)
{
	const char *text = c->meta->fds;
	size_t all = text == NULL ? 0 : count_lines(text);

	if (all == 0)
		return;
	fprintf(out, "\n%sOpen files%s\n", bold, plain);
	put_lines(text, 0, FILES_MAX, out);
	if (all > FILES_MAX)
		fprintf(out, "  ... %zu more\n", all - FILES_MAX);
}

/*
 * The columns of proc(5)'s limits: a name of 26, soft and hard of 21, units.
 * What is unlimited limits nothing, and no priority is a crash's reason.
 */
static int
put_limit(const char *line, size_t len, FILE *out)
{
	char copy[128], *text, soft[24], hard[24], units[24] = "";
	size_t end = NAME_WIDTH;

	if (len >= sizeof copy || len < NAME_WIDTH + 2)
		return 0;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if (sscanf(copy + NAME_WIDTH, " %23s %23s %23s", soft, hard, units) <
	    2 || strcmp(soft, "unlimited") == 0 || strstr(copy, "priority"))
		return 0;
	while (end > 0 && copy[end - 1] == ' ')
		end--;
	copy[end] = '\0';
	/* May it be raised? */
	text = xasprintf("%-22s %s%s%s%s%s",
	    strncmp(copy, "Max ", 4) == 0 ? copy + 4 : copy, soft,
	    units[0] == '\0' ? "" : " ", units,
	    strcmp(soft, hard) == 0 ? "" : ", at most ",
	    strcmp(soft, hard) == 0 ? "" : hard);
	put_printable(text, (size_t)-1, out);
	free(text);
	return 1;
}

void
procfiles_limits(const struct crash *c, const char *bold, const char *plain,
    FILE *out)
{
	const char *text = c->meta->limits;

	if (text == NULL || count_lines(text) < 2)
		return;
	fprintf(out, "\n%sLimits%s\n", bold, plain);
	/* The first line is the heading. */
	text += strcspn(text, "\n");
	while (*text != '\0') {
		size_t len;

		text++;
		len = strcspn(text, "\n");
		put_limit(text, len, out);
		text += len;
	}
}

void
procfiles_log(const struct crash *c, const char *bold, const char *plain,
    FILE *out)
{
	const char *text = c->meta->unit_log;
	size_t all = text == NULL ? 0 : count_lines(text);
	char *unit;

	if (all == 0)
		return;
	unit = textbuf_printable(c->meta->unit == NULL ? "the unit" :
	    c->meta->unit, (size_t)-1, LINE_BYTES);
	fprintf(out, "\n%sLog of %s%s\n", bold, unit, plain);
	free(unit);
	put_lines(text, all > LOG_MAX ? all - LOG_MAX : 0, LOG_MAX, out);
}

void
procfiles_environment(const struct crash *c, const char *bold,
    const char *plain, FILE *out)
{
	const struct strings *all = &c->environment;

	if (all->count == 0)
		return;
	fprintf(out, "\n%sEnvironment%s\n", bold, plain);
	for (size_t i = 0; i < all->count && i < ENVIRONMENT_MAX; i++)
		put_printable(all->item[i], (size_t)-1, out);
	if (all->count > ENVIRONMENT_MAX)
		fprintf(out, "  ... %zu more\n", all->count -
		    ENVIRONMENT_MAX);
}

char *
procfiles_exhausted(const struct crash *c)
{
	static const char name[] = "Max open files";
	const char *line = c->meta->limits == NULL ? NULL :
	    strstr(c->meta->limits, name);
	unsigned long most = line == NULL ? 0 :
	    strtoul(line + sizeof name - 1, NULL, 10);
	size_t all = c->meta->fds == NULL ? 0 : count_lines(c->meta->fds);

	if (most == 0 || all < most)
		return xstrdup("");
	return xasprintf(", when %zu of at most %lu descriptors were in use",
	    all, most);
}
