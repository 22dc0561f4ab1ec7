/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <limits.h>
#include <string.h>

#include "cmdline.h"
#include "num.h"
#include "press.h"
#include "save.h"
#include "text.h"
#include "uuid7.h"

const char cmdline_synopsis[] =
    "usage: core-save [-P pid] [-F pidfd] [--keep=full|auto|stacks|none]\n"
    "                 [--limit=SIZE] [--ram=SIZE] [--level=N] [--tee] [--id=ID]\n"
    "                 [--owner=UID] [--first=N] [--keep-free=PERCENT]\n"
    "                 [--store-max=SIZE] [--user-max=SIZE] [--timeout=SEC]\n"
    "                 [--print-key] [-k KEY=VALUE]... -o FILE | -d STORE\n";

static const char *const told_name[TOLD_KEYS] = {
	"tid", "ns_pid", "ns_tid", "uid", "gid", "dumpable", "signal", "time",
	"rlimit", "cpu", "host", "comm", "exe"
};

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
	cmdline_wrong("-k '%s': not one of the keys in core-save(8)",
	    text_show(text));
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
	cmdline_wrong("--keep '%s': none of full, auto, stacks and none",
	    text_show(text));
}

static void
check(const struct options *o, int operands)
{
	if (operands > 0)
		cmdline_wrong("no operands are taken: the core is read from "
		    "stdin");
	if ((o->store == NULL) == (o->out == NULL))
		cmdline_wrong("one of -d and -o must be given");
	if (o->out != NULL && o->keep == KEEP_NONE)
		cmdline_wrong("--keep=none leaves nothing for -o");
	if (o->out != NULL && o->keep == KEEP_AUTO)
		cmdline_wrong("--keep=auto needs a store to know others from: "
		    "-d");
	if (o->out != NULL && strcmp(o->out, "-") == 0 && o->tee)
		cmdline_wrong("-o - and --tee both want stdout");
	if (o->out != NULL && o->id != NULL)
		cmdline_wrong("--id names a record: it needs -d");
	if (o->print_key && (o->store == NULL || o->tee))
		cmdline_wrong("--print-key is printed after the name of a "
		    "record");
	if (o->id != NULL && !uuid7_valid(o->id))
		cmdline_wrong("--id '%s': not a UUID of version 7",
		    text_show(o->id));
	if (o->pidfd != -1 && o->pid == 0)
		cmdline_wrong("-F is of no use without -P");
}

enum {
	OPT_FIRST = CHAR_MAX + 1, OPT_ID, OPT_KEEP, OPT_KEEP_FREE, OPT_LEVEL,
	OPT_LIMIT, OPT_OWNER, OPT_PRINT_KEY, OPT_RAM, OPT_STORE_MAX, OPT_TEE,
	OPT_TIMEOUT, OPT_USER_MAX
};

static void
parse_option(struct options *o, int c)
{
	switch (c) {
	case 'd':
		o->store = optarg;
		break;
	case 'F':
		o->pidfd = (int)cmdline_number("-F", optarg, 0, INT_MAX);
		break;
	case 'h':
		cmdline_help();
	case 'k':
		parse_told(o, optarg);
		break;
	case 'o':
		o->out = optarg;
		break;
	case 'P':
		o->pid = (pid_t)cmdline_number("-P", optarg, 1, INT_MAX);
		break;
	case 'V':
		cmdline_version("core-save");
	case OPT_FIRST:
		o->first = cmdline_number("--first", optarg, 0, 1000000);
		break;
	case OPT_ID:
		o->id = optarg;
		break;
	case OPT_KEEP:
		parse_keep(o, optarg);
		break;
	case OPT_KEEP_FREE:
		o->keep_free = (unsigned)cmdline_number("--keep-free", optarg,
		    0, 100);
		break;
	case OPT_LEVEL:
		o->level = (int)cmdline_number("--level", optarg,
		    PRESS_LEVEL_MIN, PRESS_LEVEL_MAX);
		break;
	case OPT_LIMIT:
		o->limit = cmdline_size("--limit", optarg);
		break;
	case OPT_OWNER:
		o->owner = (uid_t)cmdline_number("--owner", optarg, 0,
		    UINT32_MAX - 1);
		break;
	case OPT_PRINT_KEY:
		o->print_key = 1;
		break;
	case OPT_RAM:
		o->ram = cmdline_size("--ram", optarg);
		break;
	case OPT_STORE_MAX:
		o->store_max = cmdline_size("--store-max", optarg);
		break;
	case OPT_TEE:
		o->tee = 1;
		break;
	case OPT_TIMEOUT:
		o->timeout = (unsigned)cmdline_number("--timeout", optarg,
		    1, 1000000);
		break;
	case OPT_USER_MAX:
		o->user_max = cmdline_size("--user-max", optarg);
		break;
	default:
		cmdline_wrong(NULL);
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
		{ "print-key", no_argument, NULL, OPT_PRINT_KEY },
		{ "ram", required_argument, NULL, OPT_RAM },
		{ "store-max", required_argument, NULL, OPT_STORE_MAX },
		{ "tee", no_argument, NULL, OPT_TEE },
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },
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
