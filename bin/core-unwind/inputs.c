/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exits.h"
#include "layout.h"
#include "meta.h"
#include "module/minidebug.h"
#include "num.h"
#include "report/framelist.h"
#include "run.h"
#include "target/live.h"
#include "target/regular.h"
#include "target/source.h"
#include "text.h"

/* A number that names no file is a process. */
static int
is_pid(struct run *r)
{
	uint64_t pid;

	if (num_parse(r->options.core, INT32_MAX, &pid) == -1 || pid == 0 ||
	    access(r->options.core, F_OK) == 0)
		return 0;
	r->pid = (uint32_t)pid;
	return 1;
}

/* A core was written as its process died. NULL: now. */
static void
set_time(struct run *r, const struct stat *st)
{
	time_t when = st != NULL ? st->st_mtime : time(NULL);
	struct tm tm;

	if (gmtime_r(&when, &tm) != NULL)
		strftime(r->time, sizeof r->time, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void
open_core(struct run *r)
{
	const struct options *o = &r->options;
	struct stat st;
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

	/* Others can write in a record: root reads nothing else for them. */
	if (o->record != NULL)
		flags |= O_NOFOLLOW | O_NONBLOCK;
	r->core_fd = strcmp(o->core, "-") == 0 ? STDIN_FILENO :
	    open(o->core, flags);
	if (r->core_fd == -1)
		err(exits_of_path(errno), "open core %s",
		    text_show(o->core));
	if (fstat(r->core_fd, &st) == 0 && S_ISREG(st.st_mode))
		set_time(r, &st);
	else if ((flags & O_NOFOLLOW) != 0 && r->core_fd != STDIN_FILENO)
		errx(EXIT_REFUSED, "open core %s: not a regular file",
		    text_show(o->core));
}

/*
 * What the sandbox leaves out of what may be read: the store, where others'
 * records are. DIR/../.. is one when DIR is in a directory of a state.
 */
static void
name_closed(struct run *r)
{
	const struct options *o = &r->options;
	char *record = o->record == NULL ? NULL : realpath(o->record, NULL);
	char *slash;

	if (record != NULL && (slash = strrchr(record, '/')) != NULL)
		*slash = '\0';
	if (record != NULL && (slash = strrchr(record, '/')) != NULL &&
	    slash > record && layout_is_state(slash + 1)) {
		*slash = '\0';
		r->closed[0] = record;
		return;
	}
	free(record);
	record = realpath(STOREDIR, NULL);
	r->closed[0] = record != NULL ? record : STOREDIR;
}

static int
is_colour(const struct output *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return to->file == stdout && isatty(STDOUT_FILENO) &&
	    (no == NULL || no[0] == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

/* The snapshot takes its own place, unless another was named. */
static void
open_snapshot(struct run *r)
{
	const struct options *o = &r->options;
	const char *to = o->output != NULL ? o->output : o->core;

	open_core(r);
	name_closed(r);
	output_open(&r->json_to, strcmp(to, "-") == 0 ? NULL : to, 0);
	if (r->json_to.temporary != NULL)
		output_keep_mode(&r->json_to, r->core_fd);
}

/* No result takes the place of the evidence that it was made from. */
static void
open_result(struct run *r, struct output *to, const char *path)
{
	const int inputs[] = { r->core_fd, r->options.modules.exe_fd };
	struct stat there, input;

	if (path != NULL && strcmp(path, "-") == 0)
		path = NULL;
	if (path != NULL && path[0] == '\0')
		errx(EXIT_WRONG, "make a result: its name is empty");
	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
		if (path != NULL && inputs[i] != -1 && stat(path, &there) == 0 &&
		    S_ISREG(there.st_mode) && fstat(inputs[i], &input) == 0 &&
		    there.st_dev == input.st_dev &&
		    there.st_ino == input.st_ino)
			errx(EXIT_WRONG, "make %s: it is what is read",
			    text_show(path));
	output_open(to, path, r->options.record != NULL);
}

/* Nothing is opened by name for writing after this, and nothing with the
   caller's rights but modules of his own. */
void
inputs_open(struct run *r, struct target *live)
{
	struct options *o = &r->options;

	r->core_fd = -1;
	o->modules.exe_fd = -1;
	minidebug_prepare();
	set_time(r, NULL);
	for (size_t i = 0; i < o->nframe_lists; i++)
		framelist_add(o->frame_lists[i]);
	if (o->refingerprint) {
		open_snapshot(r);
		return;
	}
	if (is_pid(r))
		live_read(live, r->pid);
	else {
		open_core(r);
		source_prepare();
	}
	if (o->modules.exe != NULL) {
		o->modules.exe_fd = regular_open(o->modules.exe);
		if (o->modules.exe_fd == -1)
			err(exits_of_path(errno), "open executable %s",
			    text_show(o->modules.exe));
	}
	if (o->record != NULL)
		r->files = record_open(o->record, &o->modules);
	name_closed(r);
	/* One of the two goes to -o; the other only when it was asked for. */
	if (o->json || (o->report != NULL && !o->text))
		open_result(r, &r->json_to, o->output);
	else
		open_result(r, &r->text_to, o->output);
	if (o->report != NULL && r->text_to.file == NULL)
		open_result(r, &r->text_to, o->report);
	if (r->json_to.file != NULL && r->json_to.file == r->text_to.file)
		errx(EXIT_WRONG, "the JSON and the report have one place");
	/* In the sandbox no terminal is known for one. */
	r->colour = is_colour(&r->text_to);
}
