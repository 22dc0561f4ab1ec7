/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "birth.h"
#include "exits.h"
#include "source.h"
#include "text.h"

static const char synopsis[] =
"usage: snap-list [-s store] --path id-prefix\n";

__attribute__((noreturn)) static void
usage(const char *reason)
{
	warnx("%s", reason);
	fputs(synopsis, stderr);
	exit(EXIT_WRONG);
}

static int
finish(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		err(EXIT_REFUSED, "write output");
	return status;
}

/* --path: the directory of the one record that PREFIX names. */
static int
print_path(const struct sources *s, const char *prefix)
{
	size_t first, n;
	const struct entry *e;

	if (!uuid7_prefix(prefix))
		errx(EXIT_WRONG, "'%s' cannot begin an id", text_show(prefix));
	n = sources_prefix(s, prefix, &first);
	if (n == 0)
		errx(EXIT_PARTIAL, "no record '%s'", prefix);
	e = &s->entries[first];
	if (n > 1) {
		warnx("'%s' begins the ids of %zu records:", prefix, n);
		for (size_t i = 0; i < n && i < 20; i++)
			fprintf(stderr, "  %s\n", e[i].id);
		if (n > 20)
			fprintf(stderr, "  and %zu more\n", n - 20);
		return EXIT_PARTIAL;
	}
	printf("%s/%s/%s\n", s->v[e->source].path,
	    store_state_name[e->state], e->id);
	return finish(EXIT_SUCCESS);
}

int
main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "path", no_argument, NULL, 'P' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	const char *store = NULL;
	struct sources sources;
	int ch, path = 0;

	birth_stdio();
	birth_undumpable();
	while ((ch = getopt_long(argc, argv, "hs:V", options, NULL)) != -1) {
		switch (ch) {
		case 'h':
			fputs(synopsis, stdout);
			return finish(EXIT_SUCCESS);
		case 'P':
			path = 1;
			break;
		case 's':
			store = optarg;
			break;
		case 'V':
			puts("snap-list " VERSION);
			return finish(EXIT_SUCCESS);
		default:
			fputs(synopsis, stderr);
			return EXIT_WRONG;
		}
	}
	if (!path || argc - optind != 1)
		usage("--path takes one id");
	sources_open(&sources, store);
	sources_scan(&sources);
	return print_path(&sources, argv[optind]);
}
