/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <string.h>

#include "cmdline.h"
#include "options.h"
#include "text.h"
#include "value/locals.h"
#include "xalloc.h"

#define TIMEOUT_DEFAULT 60		/* seconds, then what is there is told */
#define MEMORY_DEFAULT ((uint64_t)2 << 30)
#define SPOOL_DEFAULT ((uint64_t)16 << 30)

const char cmdline_synopsis[] =
    "usage: core-unwind [--json | --text] [--debuginfod] [--environment]\n"
    "                   [--faulted]\n"
    "                   [--frame-list=FILE]... [--frames=N]\n"
    "                   [-k KEY:VALUE]... [--locals[=all]] [--memory=SIZE]\n"
    "                   [-o FILE] [--record=DIR] [--report=FILE]\n"
    "                   [--spool=SIZE] [--sysroot=DIR] [--thread=TID]\n"
    "                   [--timeout=SECONDS] [--user=NAME]\n"
    "                   CORE [EXE] | PID | -\n"
    "       core-unwind --refingerprint [--frame-list=FILE]... [-o FILE]\n"
    "                   SNAPSHOT | -\n";

static void
add_attribute(struct options *o, char *text)
{
	char *colon = strchr(text, ':');
	size_t i = 0;

	if (colon == NULL || colon == text)
		cmdline_wrong("-k '%s': not KEY:VALUE", text_show(text));
	*colon = '\0';
	/* A key of an object has one value: what comes last. */
	while (i < o->nattributes && strcmp(o->attributes[i].key, text) != 0)
		i++;
	if (i == o->nattributes) {
		xgrow(&o->attributes, &o->attributes_cap, o->nattributes,
		    sizeof *o->attributes);
		o->attributes[o->nattributes++].key = text;
	}
	o->attributes[i].value = colon + 1;
}

enum {
	OPT_DEBUGINFOD = 256, OPT_ENVIRONMENT, OPT_FAULTED, OPT_FRAME_LIST,
	OPT_FRAMES, OPT_JSON, OPT_LOCALS, OPT_MEMORY, OPT_RECORD,
	OPT_REFINGERPRINT, OPT_REPORT, OPT_SPOOL, OPT_SYSROOT, OPT_TEXT,
	OPT_THREAD, OPT_TIMEOUT, OPT_USER
};

static void
parse_option(struct options *o, int opt)
{
	switch (opt) {
	case 'h':
		cmdline_help();
	case 'k':
		add_attribute(o, optarg);
		break;
	case 'o':
		o->output = optarg;
		break;
	case 'V':
		cmdline_version("core-unwind");
	case OPT_DEBUGINFOD:
		o->debuginfod = 1;
		break;
	case OPT_ENVIRONMENT:
		o->analyse.environment = 1;
		break;
	case OPT_FAULTED:
		o->analyse.only_crashed = 1;
		break;
	case OPT_FRAME_LIST:
		xgrow(&o->frame_lists, &o->frame_lists_cap, o->nframe_lists,
		    sizeof *o->frame_lists);
		o->frame_lists[o->nframe_lists++] = optarg;
		break;
	case OPT_FRAMES:
		o->analyse.limits.frames = cmdline_number("--frames", optarg,
		    0, 1 << 24);
		break;
	case OPT_JSON:
		o->json = 1;
		break;
	case OPT_LOCALS:
		if (optarg != NULL && strcmp(optarg, "all") != 0)
			cmdline_wrong("--locals takes \"all\" or nothing");
		o->analyse.locals = optarg != NULL ? LOCALS_ALL :
		    LOCALS_CRASHED;
		break;
	case OPT_MEMORY:
		o->memory = cmdline_size("--memory", optarg);
		break;
	case OPT_RECORD:
		o->record = optarg;
		break;
	case OPT_REFINGERPRINT:
		o->refingerprint = 1;
		break;
	case OPT_REPORT:
		o->report = optarg;
		break;
	case OPT_SPOOL:
		o->spool = cmdline_size("--spool", optarg);
		break;
	case OPT_SYSROOT:
		o->modules.sysroot = optarg;
		break;
	case OPT_TEXT:
		o->text = 1;
		break;
	case OPT_THREAD:
		o->analyse.thread = (uint32_t)cmdline_number("--thread",
		    optarg, 0, INT32_MAX);
		break;
	case OPT_TIMEOUT:
		o->timeout = cmdline_number("--timeout", optarg, 0, 1000000);
		break;
	case OPT_USER:
		o->user = optarg;
		break;
	default:
		cmdline_wrong(NULL);
	}
}

void
options_parse(struct options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "debuginfod", no_argument, NULL, OPT_DEBUGINFOD },
		{ "environment", no_argument, NULL, OPT_ENVIRONMENT },
		{ "faulted", no_argument, NULL, OPT_FAULTED },
		{ "frame-list", required_argument, NULL, OPT_FRAME_LIST },
		{ "frames", required_argument, NULL, OPT_FRAMES },
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, OPT_JSON },
		{ "locals", optional_argument, NULL, OPT_LOCALS },
		{ "memory", required_argument, NULL, OPT_MEMORY },
		{ "output", required_argument, NULL, 'o' },
		{ "record", required_argument, NULL, OPT_RECORD },
		{ "refingerprint", no_argument, NULL, OPT_REFINGERPRINT },
		{ "report", required_argument, NULL, OPT_REPORT },
		{ "spool", required_argument, NULL, OPT_SPOOL },
		{ "sysroot", required_argument, NULL, OPT_SYSROOT },
		{ "text", no_argument, NULL, OPT_TEXT },
		{ "thread", required_argument, NULL, OPT_THREAD },
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },
		{ "user", required_argument, NULL, OPT_USER },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int opt;

	*o = (struct options){
		.timeout = TIMEOUT_DEFAULT, .memory = MEMORY_DEFAULT,
		.spool = SPOOL_DEFAULT
	};
	while ((opt = getopt_long(argc, argv, "hk:o:V", options, NULL)) != -1)
		parse_option(o, opt);
	argc -= optind;
	argv += optind;
	if (argc < 1 || argc > 2)
		cmdline_wrong("name one core, or a process's number");
	if (o->json && o->text)
		cmdline_wrong("--json and --text exclude each other");
	if (o->refingerprint && (argc != 1 || o->json || o->text ||
	    o->report != NULL || o->record != NULL))
		cmdline_wrong("--refingerprint takes one snapshot, "
		    "--frame-list and -o");
	if (o->output != NULL && o->report != NULL &&
	    strcmp(o->output, o->report) == 0)
		cmdline_wrong("-o and --report name the same place");
	o->core = argv[0];
	o->modules.exe = argc == 2 ? argv[1] : NULL;
}
