/* SPDX-License-Identifier: ISC */
#include "report/framelist.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"
#include "io.h"
#include "text.h"
#include "xalloc.h"

#define FILE_MAX ((size_t)1 << 20)

struct pattern {
	enum framelist list;
	const char *text;
};

static const struct pattern built_in[] = {
#include "frames.inc"
};

static struct pattern *added;
static size_t nadded, added_cap;

static int
parse(char *line)
{
	static const char *const names[] = {
		"system", "dying", "bottom", "noise"
	};
	char *word = strtok_r(line, " \t", &line);
	char *text = word == NULL ? NULL : strtok_r(NULL, " \t", &line);

	if (word == NULL || word[0] == '#')
		return 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(word, names[i]) != 0 || text == NULL)
			continue;
		xgrow(&added, &added_cap, nadded, sizeof *added);
		added[nadded].list = (enum framelist)i;
		added[nadded++].text = xstrdup(text);
		return 0;
	}
	return -1;
}

void
framelist_add(const char *path)
{
	size_t len, number = 0;
	char *text = io_slurp(AT_FDCWD, path, FILE_MAX, &len);
	char *rest = text, *line;

	if (text == NULL)
		err(exits_of_path(errno), "read frame list %s", text_show(path));
	while ((line = strsep(&rest, "\n")) != NULL) {
		number++;
		if (parse(line) == -1)
			errx(EXIT_WRONG, "read frame list %s: line %zu is "
			    "not system, dying, bottom or noise and a pattern",
			    text_show(path), number);
	}
	free(text);
}

int
framelist_has(enum framelist list, const char *name)
{
	for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++)
		if (built_in[i].list == list &&
		    fnmatch(built_in[i].text, name, 0) == 0)
			return 1;
	for (size_t i = 0; i < nadded; i++)
		if (added[i].list == list &&
		    fnmatch(added[i].text, name, 0) == 0)
			return 1;
	return 0;
}
