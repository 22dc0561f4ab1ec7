/* SPDX-License-Identifier: ISC */
/*
 * core-unwind: what happened in a crashed process, from its core, or where a
 * live one stands. Run by handler.sh as root (with --user), and by anybody.
 * It reads a stranger's core, and a stranger's executables: one process opens
 * what is needed and takes the results to their places, its child drops all
 * rights, closes a sandbox around itself, and only then reads.
 */
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <libelf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analyse.h"
#include "birth.h"
#include "corefile.h"
#include "crash.h"
#include "exits.h"
#include "fetch.h"
#include "framelist.h"
#include "layout.h"
#include "live.h"
#include "locals.h"
#include "meta.h"
#include "minidebug.h"
#include "num.h"
#include "output.h"
#include "refingerprint.h"
#include "regular.h"
#include "report.h"
#include "sandbox.h"
#include "snapshot.h"
#include "source.h"
#include "text.h"
#include "xalloc.h"

#define TIMEOUT_DEFAULT 60		/* seconds, then what is there is told */
#define CHILD_PARTIAL 2			/* with 1 a library leaves: libiberty does */
#define TIMEOUT_GRACE 3			/* and then the child is killed */
#define MEMORY_DEFAULT ((uint64_t)2 << 30)
#define SPOOL_DEFAULT ((uint64_t)16 << 30)

static const char synopsis[] =
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

struct options {
	int json, text, debuginfod, refingerprint;
	const char *output, *report, *record, *user, *core;
	uint64_t timeout, memory, spool;
	uint32_t pid;			/* 0: a core */
	int core_fd;
	struct analyse_options analyse;
	struct module_options modules;
	struct attribute *attributes;
	size_t nattributes, attributes_cap;
	const char **frame_lists;
	size_t nframe_lists, frame_lists_cap;
	struct output json_to, text_to;
	int colour;
	struct record_files *files;
	char time[40];
	const char *closed[2];		/* to the sandbox; the last is NULL */
	int waiting;			/* closed when the clock is to run */
};

static volatile int expired;

static void
on_alarm(int sig)
{
	(void)sig;
	expired = 1;
}

static _Noreturn void
usage(const char *why)
{
	if (why != NULL)
		warnx("%s", why);
	fputs(synopsis, why == NULL ? stdout : stderr);
	if (fflush(stdout) == EOF)
		err(EXIT_REFUSED, "write standard output");
	exit(why == NULL ? EXIT_SUCCESS : EXIT_WRONG);
}

static uint64_t
number(const char *option, const char *text, uint64_t max)
{
	uint64_t v;

	if (num_parse(text, max, &v) == -1)
		errx(EXIT_WRONG, "read option --%s: '%s' is no number up to %"
		    PRIu64, option, text_show(text), max);
	return v;
}

static uint64_t
size(const char *option, const char *text)
{
	uint64_t v;

	if (num_size(text, &v) == -1)
		errx(EXIT_WRONG, "read option --%s: '%s' is no size (4096, "
		    "512K, 2G)", option, text_show(text));
	return v;
}

static void
add_attribute(struct options *o, char *text)
{
	char *colon = strchr(text, ':');
	size_t i = 0;

	if (colon == NULL || colon == text)
		errx(EXIT_WRONG, "read option -k: '%s' is not KEY:VALUE",
		    text_show(text));
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
		usage(NULL);
	case 'k':
		add_attribute(o, optarg);
		break;
	case 'o':
		o->output = optarg;
		break;
	case 'V':
		puts("core-unwind " VERSION);
		if (fflush(stdout) == EOF)
			err(EXIT_REFUSED, "write standard output");
		exit(EXIT_SUCCESS);
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
		o->analyse.limits.frames = number("frames", optarg, 1 << 24);
		break;
	case OPT_JSON:
		o->json = 1;
		break;
	case OPT_LOCALS:
		if (optarg != NULL && strcmp(optarg, "all") != 0)
			usage("--locals takes \"all\" or nothing");
		o->analyse.locals = optarg != NULL ? LOCALS_ALL :
		    LOCALS_CRASHED;
		break;
	case OPT_MEMORY:
		o->memory = size("memory", optarg);
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
		o->spool = size("spool", optarg);
		break;
	case OPT_SYSROOT:
		o->modules.sysroot = optarg;
		break;
	case OPT_TEXT:
		o->text = 1;
		break;
	case OPT_THREAD:
		o->analyse.thread = (uint32_t)number("thread", optarg,
		    INT32_MAX);
		break;
	case OPT_TIMEOUT:
		o->timeout = number("timeout", optarg, 1000000);
		break;
	case OPT_USER:
		o->user = optarg;
		break;
	default:
		usage("the options are not understood");
	}
}

static void
parse_arguments(struct options *o, int argc, char **argv)
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

	while ((opt = getopt_long(argc, argv, "hk:o:V", options, NULL)) != -1)
		parse_option(o, opt);
	argc -= optind;
	argv += optind;
	if (argc < 1 || argc > 2)
		usage("name one core, or a process's number");
	if (o->json && o->text)
		usage("--json and --text exclude each other");
	if (o->refingerprint && (argc != 1 || o->json || o->text ||
	    o->report != NULL || o->record != NULL))
		usage("--refingerprint takes one snapshot, --frame-list and "
		    "-o");
	o->core = argv[0];
	o->modules.exe = argc == 2 ? argv[1] : NULL;
}

/* A number that names no file is a process. */
static int
is_pid(struct options *o)
{
	uint64_t pid;

	if (num_parse(o->core, INT32_MAX, &pid) == -1 || pid == 0 ||
	    access(o->core, F_OK) == 0)
		return 0;
	o->pid = (uint32_t)pid;
	return 1;
}

/* A core was written as its process died. NULL: now. */
static void
set_time(struct options *o, const struct stat *st)
{
	time_t when = st != NULL ? st->st_mtime : time(NULL);
	struct tm tm;

	if (gmtime_r(&when, &tm) != NULL)
		strftime(o->time, sizeof o->time, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void
open_core(struct options *o)
{
	struct stat st;
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

	/* Others can write in a record: root reads nothing else for them. */
	if (o->record != NULL)
		flags |= O_NOFOLLOW | O_NONBLOCK;
	o->core_fd = strcmp(o->core, "-") == 0 ? STDIN_FILENO :
	    open(o->core, flags);
	if (o->core_fd == -1)
		err(errno == ENOENT || errno == ENOTDIR ||
		    errno == ENAMETOOLONG ? EXIT_WRONG : EXIT_REFUSED,
		    "open core %s", text_show(o->core));
	if (fstat(o->core_fd, &st) == 0 && S_ISREG(st.st_mode))
		set_time(o, &st);
	else if ((flags & O_NOFOLLOW) != 0 && o->core_fd != STDIN_FILENO)
		errx(EXIT_REFUSED, "open core %s: not a regular file",
		    text_show(o->core));
}

/*
 * What the sandbox leaves out of what may be read: the store, where others'
 * records are. DIR/../.. is one when DIR is in a directory of a state.
 */
static void
name_closed(struct options *o)
{
	char *record = o->record == NULL ? NULL : realpath(o->record, NULL);
	char *slash;

	if (record != NULL && (slash = strrchr(record, '/')) != NULL)
		*slash = '\0';
	if (record != NULL && (slash = strrchr(record, '/')) != NULL &&
	    slash > record && layout_is_state(slash + 1)) {
		*slash = '\0';
		o->closed[0] = record;
		return;
	}
	free(record);
	record = realpath(STOREDIR, NULL);
	o->closed[0] = record != NULL ? record : STOREDIR;
}

static int
is_colour(const struct output *to)
{
	const char *no = getenv("NO_COLOR");

	return to->file == stdout && isatty(STDOUT_FILENO) &&
	    (no == NULL || no[0] == '\0');
}

/* The snapshot takes its own place, unless another was named. */
static void
open_snapshot(struct options *o)
{
	const char *to = o->output != NULL ? o->output : o->core;

	open_core(o);
	for (size_t i = 0; i < o->nframe_lists; i++)
		framelist_add(o->frame_lists[i]);
	name_closed(o);
	output_open(&o->json_to, strcmp(to, "-") == 0 ? NULL : to, 0);
	if (o->json_to.temporary != NULL)
		output_keep_mode(&o->json_to, o->core_fd);
}

/* All that takes rights, or has a name: nothing is opened by name for writing
   after this, and nothing with the caller's rights but modules of his own. */
static void
open_all(struct options *o, struct target *live)
{
	int to_stdout = o->output == NULL || strcmp(o->output, "-") == 0;

	o->core_fd = -1;
	o->modules.exe_fd = -1;
	minidebug_prepare();
	set_time(o, NULL);
	if (o->refingerprint) {
		open_snapshot(o);
		return;
	}
	if (is_pid(o))
		live_read(live, o->pid);
	else {
		open_core(o);
		source_prepare();
	}
	if (o->modules.exe != NULL) {
		o->modules.exe_fd = regular_open(o->modules.exe);
		if (o->modules.exe_fd == -1)
			err(EXIT_WRONG, "open executable %s",
			    text_show(o->modules.exe));
	}
	for (size_t i = 0; i < o->nframe_lists; i++)
		framelist_add(o->frame_lists[i]);
	if (o->record != NULL)
		o->files = record_open(o->record, &o->modules);
	name_closed(o);
	/* One of the two goes to -o; the other only when it was asked for. */
	if (o->json || (o->report != NULL && !o->text))
		output_open(&o->json_to, to_stdout ? NULL : o->output,
		    o->record != NULL);
	else
		output_open(&o->text_to, to_stdout ? NULL : o->output,
		    o->record != NULL);
	if (o->report != NULL && o->text_to.file == NULL)
		output_open(&o->text_to, o->report, o->record != NULL);
	/* In the sandbox no terminal is known for one. */
	o->colour = is_colour(&o->text_to);
}

static void
set_timer(int which, uint64_t seconds)
{
	const struct itimerval timer = {
		.it_value.tv_sec = (time_t)seconds
	};

	setitimer(which, &timer, NULL);
}

/* From here on the time counts, in the parent too. */
static void
start_clock(struct options *o)
{
	struct sigaction sa = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &sa, NULL);
	set_timer(ITIMER_PROF, 0);
	set_timer(ITIMER_REAL, o->timeout);
	close(o->waiting);
}

/*
 * How long a pipe takes is its writer's affair. What it costs to decompress
 * is ours: past the time that was granted, SIGPROF is the end.
 */
static int
waits_for_pipe(const struct options *o)
{
	struct stat st;

	if (o->pid != 0 || fstat(o->core_fd, &st) == -1 ||
	    S_ISREG(st.st_mode))
		return 0;
	set_timer(ITIMER_PROF, o->timeout + TIMEOUT_GRACE);
	return 1;
}

static struct target *
read_target(struct options *o, struct target *live)
{
	int waits = waits_for_pipe(o);
	struct source *src;
	const char *why;

	if (!waits)
		start_clock(o);
	if (o->pid != 0)
		return live;
	errno = 0;
	src = source_open(o->core_fd, o->spool, &why);
	if (src == NULL)
		err(errno == EISDIR ? EXIT_WRONG : EXIT_REFUSED,
		    "read core %s: %s", text_show(o->core), why);
	if (waits)
		start_clock(o);
	if (corefile_read(live, src, &why) == -1)
		errx(source_is_refused(src) ? EXIT_REFUSED : EXIT_WRONG,
		    "read core %s: %s", text_show(o->core), why);
	return live;
}

/* The child: everything hostile is read here. Returns its exit status. */
static int
work(struct options *o, struct target *live, const char *died)
{
	struct crash c = { .attributes = o->attributes,
	    .nattributes = o->nattributes };
	struct strings early = { 0 };
	struct timespec now;
	int partial;

	clock_gettime(CLOCK_MONOTONIC, &now);
	c.started_us = (uint64_t)now.tv_sec * 1000000 +
	    (uint64_t)now.tv_nsec / 1000;
	if (o->user != NULL && !birth_drop_alone(o->user))
		strings_add(&early, "user '%s' is not known here: core-unwind "
		    "ran as nobody", o->user);
	/* For the user that it now is, and not before. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sandbox_enter(o->memory, died == NULL ? o->closed : NULL, &early);
	if (o->refingerprint) {
		start_clock(o);
		return refingerprint(o->core_fd, o->core, o->json_to.file);
	}
	if (elf_version(EV_CURRENT) == EV_NONE)
		errx(EXIT_REFUSED, "start libelf: %s", elf_errmsg(-1));
	c.target = read_target(o, live);
	c.meta = meta_read(o->files);
	record_name_threads(o->files, c.meta, c.target);
	c.time = c.meta->time != NULL ? c.meta->time : o->time;
	c.core_name = o->pid != 0 || o->record != NULL ||
	    strcmp(o->core, "-") == 0 ? NULL : o->core;
	for (size_t i = 0; i < early.count; i++)
		strings_add(&c.target->missing, "%s", early.item[i]);
	if (died != NULL)
		strings_add(&c.target->missing, "%s", died);
	o->analyse.limits.expired = &expired;
	analyse(&c, &o->modules, &o->analyse);
	partial = expired || died != NULL || c.target->nthreads == 0 ||
	    c.target->is_cut ||
	    source_is_damaged(c.target->source) ||
	    memchr(c.chosen, 1, c.target->nthreads) == NULL;
	if (o->json_to.file != NULL)
		snapshot_write(&c, o->json_to.file);
	if (o->text_to.file != NULL)
		report_write(&c, o->text_to.file, o->colour);
	if (output_flush(&o->json_to) == -1 || output_flush(&o->text_to) == -1)
		err(EXIT_REFUSED, "write the result");
	for (size_t i = 0; partial && i < c.target->missing.count; i++)
		warnx("note: %s", text_show(c.target->missing.item[i]));
	return partial ? EXIT_PARTIAL : EXIT_SUCCESS;
}

/* Runs the child to its end. Returns its wait status. */
static int
run_child(struct options *o, struct target *live, const char *died)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	int status, ends[2];
	pid_t child;
	char none;

	fflush(NULL);
	if (pipe2(ends, O_CLOEXEC) == -1)
		err(EXIT_REFUSED, "make a pipe");
	child = fork();
	if (child == -1)
		err(EXIT_REFUSED, "start a process");
	if (child == 0) {
		close(ends[0]);
		o->waiting = ends[1];
		status = work(o, live, died);
		exit(status == EXIT_PARTIAL ? CHILD_PARTIAL : status);
	}
	close(ends[1]);
	while (read(ends[0], &none, 1) == -1 && errno == EINTR)
		continue;
	close(ends[0]);
	/* Where the child cannot stop itself, this clock does. */
	sigaction(SIGALRM, &sa, NULL);
	set_timer(ITIMER_REAL, o->timeout + TIMEOUT_GRACE);
	while (waitpid(child, &status, 0) == -1) {
		if (errno != EINTR)
			err(EXIT_REFUSED, "wait for the child");
		if (expired)
			kill(child, SIGKILL);
	}
	set_timer(ITIMER_REAL, 0);
	return status;
}

/* Somebody wanted it to end: that is no death of the parser. */
static int
is_request(int sig)
{
	return sig == SIGPIPE || sig == SIGINT || sig == SIGTERM ||
	    sig == SIGHUP || sig == SIGQUIT;
}

static _Noreturn void
die_of(int sig)
{
	output_abandon();
	signal(sig, SIG_DFL);
	raise(sig);
	exit(EXIT_REFUSED);
}

/* Did the child say itself how it went? Sets *STATUS to what it said. */
static int
has_ended(int wait_status, int *status)
{
	*status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
	if (*status == CHILD_PARTIAL)
		*status = EXIT_PARTIAL;
	else if (*status == EXIT_PARTIAL)
		*status = -1;
	return *status != -1;
}

/* What the child died of, in words. */
static char *
death_of(int wait_status)
{
	return WIFSIGNALED(wait_status) ?
	    xasprintf("died of signal %d", WTERMSIG(wait_status)) :
	    xstrdup("left in the middle, for want of memory perhaps");
}

/*
 * A parser that dies must not take the report with it: what the notes alone
 * tell, registers and addresses, is told by a second child that opens no
 * executable.
 */
static int
supervise(struct options *o, struct target *live)
{
	const struct fetch_options fetch = {
		.user = o->user, .timeout = o->timeout
	};
	char *died;
	int ended, status;

	if (o->debuginfod)
		fetch_start(&fetch);
	ended = run_child(o, live, NULL);
	fetch_end();
	if (has_ended(ended, &status))
		return status;
	if (WIFSIGNALED(ended) && is_request(WTERMSIG(ended)))
		die_of(WTERMSIG(ended));
	if (o->refingerprint)
		errx(EXIT_REFUSED, "read snapshot %s: the reader %s",
		    text_show(o->core), death_of(ended));
	if (expired || (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPROF))
		died = xasprintf("unwinding was ended after %" PRIu64
		    " seconds: this is what the notes alone tell", o->timeout);
	else
		died = xasprintf("core-unwind itself %s: this is what the "
		    "notes alone tell", death_of(ended));
	expired = 0;
	warnx("%s", died);
	/* What was read is read no more: it is in the spool, or at the front. */
	if (source_spooled() != -1)
		o->core_fd = source_spooled();
	else if (o->core_fd != -1)
		lseek(o->core_fd, 0, SEEK_SET);
	output_restart(&o->json_to);
	output_restart(&o->text_to);
	o->modules.no_files = 1;
	ended = run_child(o, live, died);
	if (!has_ended(ended, &status))
		errx(EXIT_REFUSED, "read core %s: the reader %s twice",
		    text_show(o->core), death_of(ended));
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {
		.timeout = TIMEOUT_DEFAULT, .memory = MEMORY_DEFAULT,
		.spool = SPOOL_DEFAULT
	};
	struct target live = { .memory_fd = -1 };
	int status;

	birth_stdio();
	birth_undumpable();
	parse_arguments(&o, argc, argv);
	open_all(&o, &live);
	status = supervise(&o, &live);
	if (status == EXIT_SUCCESS || status == EXIT_PARTIAL) {
		output_publish(&o.json_to, o.record != NULL);
		output_publish(&o.text_to, o.record != NULL);
	}
	return status;
}
