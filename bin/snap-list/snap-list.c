/* SPDX-License-Identifier: ISC */
#include <sys/ioctl.h>

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "birth.h"
#include "cmdline.h"
#include "exits.h"
#include "index.h"
#include "memfile.h"
#include "num.h"
#include "query.h"
#include "show.h"
#include "source.h"
#include "text.h"
#include "when.h"
#include "xalloc.h"

/* The first group of an id and the second: the time to a millisecond. */
enum { ID_WIDTH = 13, DEFAULT_WIDTH = 80, MIN_WIDTH = 40, MAX_WIDTH = 1000 };

struct job {
	const char *store;
	struct show show;
	struct query query;
	int is_path;
	int is_rebuild;
	int is_listing;		/* an option that only makes sense for a list */
};

const char cmdline_synopsis[] =
"usage: snap-list [-huV] [-n count] [-s store] [--csv | --json]\n"
"                 [--exe=pattern] [--filter=condition]... [--group[=attribute]]\n"
"                 [--rebuild] [--select=attribute]... [--signal=signal]\n"
"                 [--since=time] [--state=state] [--uid=user] [--until=time]\n"
"                 [id-prefix | program]\n"
"       snap-list [-s store] --path id-prefix\n";

/* WRONG is what a function of query.h said of VALUE. */
static void
refuse(const char *option, const char *value, const char *wrong)
{
	if (wrong != NULL)
		cmdline_wrong("%s '%s': %s", option, text_show(value), wrong);
}

/* --path: the directory of the one record that PREFIX names. */
static int
print_path(const struct sources *s, const char *prefix)
{
	size_t first, n;
	const struct entry *e;

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
	cmdline_flush();
	return EXIT_SUCCESS;
}

/* A record by its id, before a program by its name; never a path to follow. */
static void
add_operand(struct job *job, const struct sources *s, const char *text)
{
	char *printable = text_printable(text, (size_t)-1);
	size_t first;

	if (*text == '\0' || strlen(text) > 4096 ||
	    strcmp(printable, text) != 0 ||
	    (*text != '/' && strchr(text, '/') != NULL))
		errx(EXIT_WRONG, "'%s' is neither an id nor a program",
		    text_show(text));
	free(printable);
	if (uuid7_prefix(text) && sources_prefix(s, text, &first) > 0)
		query_id(&job->query, text);
	else
		query_program(&job->query, text);
}

/* A name that no record has is a slip of the keyboard. */
static void
tell_unknown(const struct query *q, sqlite3 *db)
{
	for (size_t i = 0; i < q->unknown_n; i++) {
		sqlite3_stmt *stmt;

		if (sqlite3_prepare_v2(db, "SELECT 1 FROM attribute WHERE key "
		    "IN (?1, 'attributes.' || ?1, 'process.' || ?1, "
		    "'signal.' || ?1, 'fingerprint.' || ?1) LIMIT 1",
		    -1, &stmt, NULL) != SQLITE_OK)
			return;
		sqlite3_bind_text(stmt, 1, q->unknown[i], -1, SQLITE_STATIC);
		if (sqlite3_step(stmt) == SQLITE_DONE)
			warnx("no record has an attribute '%s'",
			    text_show(q->unknown[i]));
		sqlite3_finalize(stmt);
	}
}

/* Denied for want of a word from the kernel: that is not to go unseen. */
static void
tell_denied(sqlite3 *db)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM attribute WHERE "
	    "key = 'core.missing' AND value GLOB '*\"dumpable: *'",
	    -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW &&
	    sqlite3_column_int64(stmt, 0) > 0)
		fprintf(stderr, "%lld for root alone: core_pattern has no %%d\n",
		    (long long)sqlite3_column_int64(stmt, 0));
	sqlite3_finalize(stmt);
}

static void
tell_unfinished(const struct sources *s, sqlite3 *db)
{
	static const enum store_state states[] = {
		STORE_NEW, STORE_PENDING, STORE_SENDING, STORE_FAILED
	};
	size_t count[STORE_STATES] = { 0 }, n = 0;

	if (!isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < s->entries_n; i++)
		count[s->entries[i].state]++;
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (count[states[i]] > 0)
			fprintf(stderr, "%s%zu %s", n++ == 0 ? "" : ", ",
			    count[states[i]], store_state_name[states[i]]);
	if (n > 0)
		fputc('\n', stderr);
	tell_denied(db);
}

static void
look_at_terminal(struct show *show)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width = 0;

	show->is_terminal = isatty(STDOUT_FILENO);
	show->is_colored = show->is_terminal &&
	    (no_color == NULL || *no_color == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
	if (show->is_terminal &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0 && (columns == NULL ||
	    num_parse(columns, MAX_WIDTH, &width) == -1 || width == 0))
		width = DEFAULT_WIDTH;
	show->width = (int)(width < MIN_WIDTH ? MIN_WIDTH :
	    width > MAX_WIDTH ? MAX_WIDTH : width);
}

/*
 * Print into memory first: an index may turn out to be broken half way, and
 * then nothing of what it said is to be seen.
 */
static ssize_t
answer(struct job *job, sqlite3 *db)
{
	struct memfile out;
	ssize_t n;

	xmemfile_open(&out);
	job->show.out = out.file;
	n = job->show.group != NULL ?
	    show_groups(&job->show, &job->query, db) :
	    show_list(&job->show, &job->query, db);
	xmemfile_close(&out);
	if (n >= 0)
		fwrite(out.text, 1, out.len, stdout);
	free(out.text);
	return n;
}

static int
list(struct job *job, struct sources *s)
{
	sqlite3 *db;
	ssize_t n;

	sources_stamp(s);
	db = index_open(s, job->is_rebuild ? INDEX_REBUILD : INDEX_KEPT);
	if (job->is_rebuild && !job->is_listing) {
		if (!index_is_kept(db))
			return EXIT_REFUSED;
		printf("%zu records indexed\n", s->entries_n);
		cmdline_flush();
		return EXIT_SUCCESS;
	}
	if (job->is_rebuild && index_is_kept(db))
		warnx("%zu records indexed", s->entries_n);
	job->show.id_width = sources_id_width(s, ID_WIDTH);
	look_at_terminal(&job->show);
	n = answer(job, db);
	for (int use = INDEX_REBUILD; n < 0 && use <= INDEX_MEMORY; use++) {
		warnx("read index: %s: making it anew", sqlite3_errmsg(db));
		sqlite3_close(db);
		db = index_open(s, (enum index_use)use);
		n = answer(job, db);
	}
	if (n < 0)
		errx(EXIT_REFUSED, "read index: %s", sqlite3_errmsg(db));
	tell_unknown(&job->query, db);
	cmdline_flush();
	if (n == 0)
		warnx(s->entries_n == 0 ? "no records" : "no record matches");
	else if (job->show.format == FORMAT_TEXT)
		tell_unfinished(s, db);
	sqlite3_close(db);
	return n == 0 ? EXIT_PARTIAL : EXIT_SUCCESS;
}

static void
set_format(struct job *job, enum format format)
{
	if (job->show.format != FORMAT_TEXT && job->show.format != format)
		cmdline_wrong("--csv or --json, not both");
	job->show.format = format;
}

static void
add_select(struct show *show, const char *name)
{
	xgrow(&show->select, &show->select_cap, show->select_n,
	    sizeof *show->select);
	show->select[show->select_n++] = name;
}

static void
set_state(struct query *q, const char *name)
{
	char *condition;

	if (store_state_of(name) == -1)
		cmdline_wrong("--state is new, pending, sending, archive or "
		    "failed");
	condition = xasprintf("state=%s", name);
	query_filter(q, condition);
	free(condition);
}

enum { O_CSV = 256, O_EXE, O_FILTER, O_GROUP, O_JSON, O_PATH_, O_REBUILD,
    O_SELECT, O_SIGNAL, O_SINCE, O_STATE, O_UID, O_UNTIL };

static const struct option options[] = {
	{ "csv", no_argument, NULL, O_CSV },
	{ "exe", required_argument, NULL, O_EXE },
	{ "filter", required_argument, NULL, O_FILTER },
	{ "group", optional_argument, NULL, O_GROUP },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, O_JSON },
	{ "path", no_argument, NULL, O_PATH_ },
	{ "rebuild", no_argument, NULL, O_REBUILD },
	{ "select", required_argument, NULL, O_SELECT },
	{ "signal", required_argument, NULL, O_SIGNAL },
	{ "since", required_argument, NULL, O_SINCE },
	{ "state", required_argument, NULL, O_STATE },
	{ "store", required_argument, NULL, 's' },
	{ "uid", required_argument, NULL, O_UID },
	{ "until", required_argument, NULL, O_UNTIL },
	{ "utc", no_argument, NULL, 'u' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

/* The options that say which records, and how; 0 when CH is none of them. */
static int
take_listing_option(struct job *job, int ch, char *value)
{
	struct query *q = &job->query;

	switch (ch) {
	case 'n':
		if (num_parse(value, INT32_MAX, &job->show.limit) == -1 ||
		    job->show.limit == 0)
			cmdline_wrong("-n takes a number above 0");
		return 1;
	case O_CSV:
		set_format(job, FORMAT_CSV);
		return 1;
	case O_EXE:
		refuse("--exe", value, query_exe(q, value));
		return 1;
	case O_FILTER:
		refuse("--filter", value, query_filter(q, value));
		return 1;
	case O_GROUP:
		job->show.group = value == NULL ? "fingerprint" : value;
		return 1;
	case O_JSON:
		set_format(job, FORMAT_JSON);
		return 1;
	case O_SELECT:
		add_select(&job->show, value);
		return 1;
	case O_SIGNAL:
		refuse("--signal", value, query_signal(q, value));
		return 1;
	case O_SINCE:
		refuse("--since", value, query_since(q, value));
		return 1;
	case O_STATE:
		set_state(q, value);
		return 1;
	case O_UID:
		refuse("--uid", value, query_uid(q, value));
		return 1;
	case O_UNTIL:
		refuse("--until", value, query_until(q, value));
		return 1;
	default:
		return 0;
	}
}

static void
parse_options(struct job *job, int argc, char *argv[])
{
	int ch;

	while ((ch = getopt_long(argc, argv, "hn:s:uV", options, NULL)) != -1)
		switch (ch) {
		case 'h':
			cmdline_help();
		case 's':
			job->store = optarg;
			break;
		case 'u':
			/* Seen ahead: it changes what times mean. */
			break;
		case 'V':
			cmdline_version("snap-list");
		case O_PATH_:
			job->is_path = 1;
			break;
		case O_REBUILD:
			job->is_rebuild = 1;
			break;
		default:
			if (!take_listing_option(job, ch, optarg)) {
				cmdline_wrong(NULL);
			}
			job->is_listing = 1;
		}
	if (argc - optind > 1)
		cmdline_wrong("one id or program at a time");
	if (job->is_path && argc == optind)
		cmdline_wrong("--path takes an id");
	if (job->is_path && (job->is_listing || job->is_rebuild))
		cmdline_wrong("--path goes with -s only");
	if (argc > optind)
		job->is_listing = 1;
}

/* --utc anywhere on the line holds for the times before it too. */
static void
look_for_utc(int argc, char *argv[])
{
	int ch;

	opterr = 0;
	while ((ch = getopt_long(argc, argv, "hn:s:uV", options, NULL)) != -1)
		if (ch == 'u')
			when_use_utc();
	opterr = 1;
	/* Not 1: glibc is told to forget what it knows. */
	optind = 0;
}

/*
 * Run by root, who sees every record, and by users, who see their own. Reads
 * what crashed programs left, bounded; opens no record but as the caller.
 */
int
main(int argc, char *argv[])
{
	struct job job = { .store = NULL };
	struct sources sources;

	birth_stdio();
	birth_undumpable();
	query_init(&job.query);
	look_for_utc(argc, argv);
	parse_options(&job, argc, argv);
	if (job.is_path && !uuid7_prefix(argv[optind]))
		errx(EXIT_WRONG, "'%s' cannot begin an id",
		    text_show(argv[optind]));
	sources_open(&sources, job.store);
	sources_scan(&sources);
	if (job.is_path)
		return print_path(&sources, argv[optind]);
	if (job.is_rebuild && !index_can_keep(&sources))
		errx(EXIT_WRONG, "rebuild index: it is not yours; name a store "
		    "of your own with -s");
	if (argc > optind)
		add_operand(&job, &sources, argv[optind]);
	return list(&job, &sources);
}
