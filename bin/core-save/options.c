/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"
#include "num.h"
#include "press.h"
#include "save.h"
#include "text.h"
#include "uuid7.h"

static const char synopsis[] =
    "usage: core-save [-P pid] [-F pidfd] [--keep=full|auto|stacks|none]\n"
    "                 [--limit=SIZE] [--ram=SIZE] [--level=N] [--tee] [--id=ID]\n"
    "                 [--owner=UID] [--first=N] [--keep-free=PERCENT]\n"
    "                 [--store-max=SIZE] [--user-max=SIZE] [-k KEY=VALUE]...\n"
    "                 -o FILE | -d STORE\n";

static const char *const told_name[TOLD_KEYS] = {
	"tid", "ns_pid", "ns_tid", "uid", "gid", "dumpable", "signal", "time",
	"rlimit", "cpu", "host", "comm", "exe"
};

static _Noreturn void __attribute__((__format__(__printf__, 1, 2)))
usage(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vwarnx(format, ap);
	va_end(ap);
	fputs(synopsis, stderr);
	exit(EXIT_WRONG);
}

static uint64_t
number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	uint64_t n;

	if (num_parse(text, max, &n) == -1 || n < min)
		usage("%s '%s': not a number from %llu to %llu", option,
		    text_show(text), (unsigned long long)min,
		    (unsigned long long)max);
	return n;
}

static uint64_t
size(const char *option, const char *text)
{
	uint64_t bytes;

	if (num_size(text, &bytes) == -1)
		usage("%s '%s': not a size", option, text_show(text));
	return bytes;
}

static void
parse_told(struct options *o, const char *text)
{
	const char *equals = strchr(text, '=');

	for (int i = 0; equals != NULL && i < TOLD_KEYS; i++) {
		size_t len = strlen(told_name[i]);

		if (strncmp(text, told_name[i], len) == 0 &&
		    text + len == equals) {
			/* Nothing between: a specifier the kernel lacks. */
			o->told[i] = equals[1] == '\0' ? NULL : equals + 1;
			return;
		}
	}
	usage("-k '%s': not one of the keys in core-save(8)", text_show(text));
}

static void
parse_keep(struct options *o, const char *text)
{
	static const char *const names[] = { "none", "full", "stacks",
	    "auto" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(text, names[i]) == 0) {
			o->keep = (enum keep)i;
			return;
		}
	usage("--keep '%s': none of full, auto, stacks and none",
	    text_show(text));
}

static void
check(const struct options *o, int operands)
{
	if (operands > 0)
		usage("no operands are taken: the core is read from stdin");
	if ((o->store == NULL) == (o->out == NULL))
		usage("one of -d and -o must be given");
	if (o->out != NULL && o->keep == KEEP_NONE)
		usage("--keep=none leaves nothing for -o");
	if (o->out != NULL && o->keep == KEEP_AUTO)
		usage("--keep=auto needs a store to know others from: -d");
	if (o->out != NULL && strcmp(o->out, "-") == 0 && o->tee)
		usage("-o - and --tee both want stdout");
	if (o->out != NULL && o->id != NULL)
		usage("--id names a record: it needs -d");
	if (o->id != NULL && !uuid7_valid(o->id))
		usage("--id '%s': not a UUID of version 7", text_show(o->id));
	if (o->pidfd != -1 && o->pid == 0)
		usage("-F is of no use without -P");
}

static _Noreturn void
answer(const char *text)
{
	fputs(text, stdout);
	if (fflush(stdout) == EOF)
		err(EXIT_REFUSED, "write to stdout");
	exit(EXIT_SUCCESS);
}

enum {
	OPT_FIRST = CHAR_MAX + 1, OPT_ID, OPT_KEEP, OPT_KEEP_FREE, OPT_LEVEL,
	OPT_LIMIT, OPT_OWNER, OPT_RAM, OPT_STORE_MAX, OPT_TEE, OPT_USER_MAX
};

static void
parse_option(struct options *o, int c)
{
	switch (c) {
	case 'd':
		o->store = optarg;
		break;
	case 'F':
		o->pidfd = (int)number("-F", optarg, 0, INT_MAX);
		break;
	case 'h':
		answer(synopsis);
	case 'k':
		parse_told(o, optarg);
		break;
	case 'o':
		o->out = optarg;
		break;
	case 'P':
		o->pid = (pid_t)number("-P", optarg, 1, INT_MAX);
		break;
	case 'V':
		answer("core-save " VERSION "\n");
	case OPT_FIRST:
		o->first = number("--first", optarg, 0, 1000000);
		break;
	case OPT_ID:
		o->id = optarg;
		break;
	case OPT_KEEP:
		parse_keep(o, optarg);
		break;
	case OPT_KEEP_FREE:
		o->keep_free = (unsigned)number("--keep-free", optarg, 0, 100);
		break;
	case OPT_LEVEL:
		o->level = (int)number("--level", optarg, PRESS_LEVEL_MIN,
		    PRESS_LEVEL_MAX);
		break;
	case OPT_LIMIT:
		o->limit = size("--limit", optarg);
		break;
	case OPT_OWNER:
		o->owner = (uid_t)number("--owner", optarg, 0, UINT32_MAX - 1);
		break;
	case OPT_RAM:
		o->ram = size("--ram", optarg);
		break;
	case OPT_STORE_MAX:
		o->store_max = size("--store-max", optarg);
		break;
	case OPT_TEE:
		o->tee = 1;
		break;
	case OPT_USER_MAX:
		o->user_max = size("--user-max", optarg);
		break;
	default:
		fputs(synopsis, stderr);
		exit(EXIT_WRONG);
	}
}

void
options_parse(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "first", required_argument, NULL, OPT_FIRST },
		{ "help", no_argument, NULL, 'h' },
		{ "id", required_argument, NULL, OPT_ID },
		{ "keep", required_argument, NULL, OPT_KEEP },
		{ "keep-free", required_argument, NULL, OPT_KEEP_FREE },
		{ "level", required_argument, NULL, OPT_LEVEL },
		{ "limit", required_argument, NULL, OPT_LIMIT },
		{ "owner", required_argument, NULL, OPT_OWNER },
		{ "ram", required_argument, NULL, OPT_RAM },
		{ "store-max", required_argument, NULL, OPT_STORE_MAX },
		{ "tee", no_argument, NULL, OPT_TEE },
		{ "user-max", required_argument, NULL, OPT_USER_MAX },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	*o = (struct options){ .limit = UINT64_MAX, .ram = UINT64_MAX,
	    .pidfd = -1, .level = PRESS_LEVEL, .keep = KEEP_FULL,
	    .keep_why = "asked for", .first = 3, .keep_free = 10,
	    .store_max = UINT64_MAX, .user_max = UINT64_MAX };
	while ((c = getopt_long(argc, argv, "d:F:hk:o:P:V", longs, NULL)) != -1)
		parse_option(o, c);
	check(o, argc - optind);
}

int64_t
told_number(const struct options *o, enum told key)
{
	uint64_t n;

	if (o->told[key] == NULL ||
	    num_parse(o->told[key], INT64_MAX, &n) == -1)
		return -1;
	return (int64_t)n;
}
