/* SPDX-License-Identifier: ISC */
#include "meta.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "io.h"
#include "module/module.h"
#include "target/regular.h"
#include "text.h"
#include "xalloc.h"

#define META_MAX ((size_t)1 << 20)
#define TEXT_MAX ((size_t)1 << 20)
#define TASKS_MAX ((size_t)16 << 20)
#define MAPS_MAX ((size_t)16 << 20)
#define MODULES_MAX 4096

struct record_files {
	int meta, tasks, limits, fds, unit_log;	/* -1: not there */
};

static int
open_member(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK | O_NOCTTY);
}

static void
remember(struct module_options *o, const char *path, uint64_t start, int fd)
{
	xgrow(&o->opened, &o->opened_cap, o->nopened, sizeof *o->opened);
	o->opened[o->nopened].path = xstrdup(path);
	o->opened[o->nopened].start = start;
	o->opened[o->nopened++].fd = fd;
}

/*
 * A line of proc/maps (proc(5)): the kernel wrote it, but for the path, where
 * it writes a newline as \012. Only a file that the process had mapped for
 * execution is opened, and only kept if it is that very file: else root would
 * open what a user put in its place.
 */
static void
open_mapped(struct module_options *o, const char *line)
{
	unsigned long long start, inode;
	unsigned major, minor;
	int path_at = 0, fd;
	char perms[5];
	struct stat st;

	if (sscanf(line, "%llx-%*x %4s %*x %x:%x %llu %n", &start, perms,
	    &major, &minor, &inode, &path_at) != 5 || path_at == 0 ||
	    perms[2] != 'x' || line[path_at] != '/' ||
	    o->nopened >= MODULES_MAX)
		return;
	for (size_t i = 0; i < o->nopened; i++)
		if (strcmp(o->opened[i].path, line + path_at) == 0)
			return;
	fd = regular_open(line + path_at);
	if (fd == -1)
		return;
	if (fstat(fd, &st) == -1 || st.st_ino != inode || st.st_dev != makedev(major, minor)) {
		close(fd);
		return;
	}
	remember(o, line + path_at, 0, fd);
}

/* A line of modules/list: start-end offset name path. */
static void
open_copy(struct module_options *o, int dir, const char *line)
{
	char name[256];
	unsigned long long start;
	int path_at = 0, fd;

	if (sscanf(line, "%llx-%*x %*x %255s %n", &start, name, &path_at) !=
	    2 || path_at == 0 || strchr(name, '/') != NULL ||
	    o->nopened >= MODULES_MAX)
		return;
	fd = open_member(dir, name);
	if (fd != -1)
		remember(o, line + path_at, start, fd);
}

static void
each_line(int dir, const char *name, size_t max, struct module_options *o,
    void (*take)(struct module_options *, int, const char *), int arg)
{
	size_t len;
	char *text = io_slurp(dir, name, max, &len), *rest = text, *line;

	if (text == NULL)
		return;
	while ((line = strsep(&rest, "\n")) != NULL)
		take(o, arg, line);
	free(text);
}

static void
take_mapped(struct module_options *o, int unused, const char *line)
{
	(void)unused;
	open_mapped(o, line);
}

static void
take_copy(struct module_options *o, int dir, const char *line)
{
	open_copy(o, dir, line);
}

struct record_files *
record_open(const char *dir, struct module_options *options)
{
	struct record_files *files = xcalloc(1, sizeof *files);
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), modules;

	if (at == -1)
		err(exits_of_path(errno), "open record %s", text_show(dir));
	regular_avoid_fuse();
	files->meta = open_member(at, "meta.json");
	files->tasks = open_member(at, "proc/tasks");
	files->limits = open_member(at, "proc/limits");
	files->fds = open_member(at, "proc/fds");
	files->unit_log = open_member(at, "unit.log");
	modules = openat(at, "modules",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (modules != -1) {
		each_line(modules, "list", MAPS_MAX, options, take_copy,
		    modules);
		close(modules);
	}
	each_line(at, "proc/maps", MAPS_MAX, options, take_mapped, 0);
	close(at);
	return files;
}

static char *
get_string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s == NULL ? NULL : xstrdup(s);
}

static int64_t
get_int(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_integer(v) ? json_integer_value(v) : -1;
}

static char *
join(const json_t *array)
{
	char *all = NULL;
	size_t i;
	json_t *word;

	json_array_foreach(array, i, word) {
		const char *s = json_string_value(word);
		char *longer;

		if (s == NULL)
			continue;
		longer = all == NULL ? xstrdup(s) : xasprintf("%s %s", all, s);
		free(all);
		all = longer;
	}
	return all;
}

static void
fill_sender(struct meta *m, const json_t *sender)
{
	m->sender_comm = get_string(sender, "comm");
	m->sender_exe = get_string(sender, "exe");
	m->sender_ns_pid = get_int(sender, "ns_pid");
}

static void
fill_system(struct meta *m, const json_t *o)
{
	const json_t *os = json_object_get(o, "os_release");
	json_t *namespaces = json_object_get(o, "namespaces"), *inode;
	const char *name;

	m->hostname = get_string(o, "hostname");
	m->os_id = get_string(os, "id");
	m->os_version_id = get_string(os, "version_id");
	m->os_pretty_name = get_string(os, "pretty_name");
	json_object_foreach(namespaces, name, inode) {
		if (m->nnamespaces == META_NAMESPACES)
			break;
		m->namespaces[m->nnamespaces].name = xstrdup(name);
		m->namespaces[m->nnamespaces++].inode =
		    json_is_integer(inode) ? json_integer_value(inode) : -1;
	}
}

static void
fill(struct meta *m, const json_t *o)
{
	const json_t *cmdline = json_object_get(o, "cmdline");
	const json_t *missing = json_object_get(o, "missing");
	const json_t *line;
	size_t i;

	m->id = get_string(o, "id");
	m->time = get_string(o, "time");
	m->host = get_string(o, "host");
	m->exe = get_string(o, "exe");
	m->comm = get_string(o, "comm");
	m->unit = get_string(o, "unit");
	m->container = get_string(o, "container");
	m->cmdline = json_is_array(cmdline) ? join(cmdline) :
	    get_string(o, "cmdline");
	m->pid = get_int(o, "pid");
	m->tid = get_int(o, "tid");
	m->ns_pid = get_int(o, "ns_pid");
	m->uid = get_int(o, "uid");
	m->gid = get_int(o, "gid");
	m->signal = get_int(o, "signal");
	m->dumpable = get_int(o, "dumpable");
	m->ns_tid = get_int(o, "ns_tid");
	fill_sender(m, json_object_get(o, "sender"));
	fill_system(m, o);
	json_array_foreach(missing, i, line)
		if (json_is_string(line))
			strings_add(&m->missing, "%s",
			    json_string_value(line));
}

static char *
read_fd(int fd, size_t max, size_t *len)
{
	char *text = xmalloc(max + 1);	/* untouched pages cost nothing */
	ssize_t n = fd == -1 ? -1 : io_pread(fd, text, max, 0);

	if (n == -1) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	*len = (size_t)n;
	return text;
}

struct meta *
meta_read(const struct record_files *files)
{
	struct meta *m = xcalloc(1, sizeof *m);
	json_t *o;
	char *text;
	size_t len;

	m->sender_ns_pid = m->pid = m->tid = m->ns_pid = m->ns_tid = m->uid = m->gid = m->signal =
	    m->dumpable = -1;
	if (files == NULL)
		return m;
	text = read_fd(files->meta, META_MAX, &len);
	o = text == NULL ? NULL : json_loadb(text, len, 0, NULL);
	if (json_is_object(o))
		fill(m, o);
	else
		strings_add(&m->missing, "meta.json of the record: %s",
		    text == NULL ? "not there" : "not readable");
	json_decref(o);
	free(text);
	m->limits = read_fd(files->limits, TEXT_MAX, &len);
	m->fds = read_fd(files->fds, TEXT_MAX, &len);
	m->unit_log = read_fd(files->unit_log, TEXT_MAX, &len);
	return m;
}

size_t
meta_lines(const char *text)
{
	size_t n = 0;

	for (; text != NULL && *text != '\0'; n++) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return n;
}

void
record_name_threads(const struct record_files *files, const struct meta *meta,
    struct target *t)
{
	char *text, *rest, *line;
	size_t len;

	/* In another PID namespace the notes have other numbers. */
	if (files == NULL || files->tasks == -1 ||
	    (meta->ns_pid != -1 && meta->ns_pid != meta->pid))
		return;
	text = rest = read_fd(files->tasks, TASKS_MAX, &len);
	for (size_t i = 0; rest != NULL && (line = strsep(&rest, "\n")) != NULL;) {
		char *tab = strchr(line, '\t');
		unsigned long tid = strtoul(line, NULL, 10);

		if (tab == NULL)
			continue;
		/* Both are in the kernel's order but for the crashed one. */
		for (size_t n = 0; n < t->nthreads; n++) {
			struct thread *th = &t->threads[(i + n) % t->nthreads];

			if (th->tid != tid || th->name != NULL)
				continue;
			th->name = xstrdup(tab + 1);
			i = (i + n + 1) % t->nthreads;
			break;
		}
	}
	free(text);
}
