/* SPDX-License-Identifier: ISC */
#include "process.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "memfile.h"
#include "num.h"
#include "pages.h"
#include "text.h"
#include "xalloc.h"

#define FILE_MAX	(4u << 20)
#define FDS_MAX		(1u << 20)

const char *const proc_name[PROC_FILES] = {
	"status", "stat", "maps", "limits", "cgroup", "mountinfo", "auxv",
	"comm", "cmdline", "exe", "cwd", "root", "fds", "tasks"
};

const char *const ns_name[NS_COUNT] = { "pid", "mnt", "user", "net", "uts",
	"ipc", "cgroup" };

/* All of the file NAME below DIR, or its first MAX bytes. */
static char *
read_bounded(int dir, const char *name, size_t max, size_t *len)
{
	size_t cap = 16384, have = 0;
	char *data = xmalloc(cap);
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	while (fd != -1) {
		ssize_t n = io_read(fd, data + have, cap - have - 1);

		if (n == -1 && have == 0)
			break;
		have += n == -1 ? 0 : (size_t)n;
		if (n <= 0 || have < cap - 1 || have >= max) {
			close(fd);
			data[have] = '\0';
			*len = have;
			return data;
		}
		cap = cap * 2 > max ? max + 1 : cap * 2;
		data = xreallocarray(data, cap, 1);
	}
	if (fd != -1)
		close(fd);
	free(data);
	return NULL;
}

static void
keep_file(struct process *p, enum proc_file which, struct missing *m)
{
	p->file[which].data = read_bounded(p->dir, proc_name[which], FILE_MAX,
	    &p->file[which].len);
	if (p->file[which].data == NULL)
		missing_note(m, "proc/%s: %s", proc_name[which],
		    strerror(errno));
	else if (p->file[which].len >= FILE_MAX)
		missing_note(m, "proc/%s: cut at %u bytes", proc_name[which],
		    FILE_MAX);
}

/* The text of a link; nothing is followed. NULL with errno. */
static char *
read_link(int dir, const char *name)
{
	char text[4096 + 1];
	ssize_t n = readlinkat(dir, name, text, sizeof text - 1);

	return n == -1 ? NULL : xstrndup(text, (size_t)n);
}

static void
keep_link(struct process *p, enum proc_file which, struct missing *m)
{
	char *text = read_link(p->dir, proc_name[which]);

	if (text == NULL)
		missing_note(m, "proc/%s: %s", proc_name[which],
		    strerror(errno));
	else
		p->file[which].len = strlen(text);
	p->file[which].data = text;
}

/* What LINE makes of an entry of a directory: a line that it prints to OUT. */
typedef void line_fn(FILE *out, int dir, const char *name);

static void
fd_line(FILE *out, int dir, const char *name)
{
	char *target = read_link(dir, name);
	char *text = target == NULL ? NULL : text_printable(target, (size_t)-1);

	fprintf(out, "%s -> %s\n", name, text == NULL ? "?" : text);
	free(text);
	free(target);
}

static void
task_line(FILE *out, int dir, const char *name)
{
	char path[64], *comm, *text;
	size_t len;

	snprintf(path, sizeof path, "%.20s/comm", name);
	comm = read_bounded(dir, path, 256, &len);
	if (comm == NULL)
		return;
	if (len > 0 && comm[len - 1] == '\n')
		len--;
	text = text_printable(comm, len);
	fprintf(out, "%s\t%s\n", name, text);
	free(text);
	free(comm);
}

/* A line for each entry of the directory NAME, while they are below MAX. */
static void
keep_lines(struct process *p, enum proc_file which, const char *name,
    size_t max, line_fn *line, struct missing *m)
{
	int fd = openat(p->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct memfile out;

	if (dir == NULL || memfile_open(&out) == -1) {
		missing_note(m, "proc/%s: %s", proc_name[which],
		    strerror(errno));
		if (dir != NULL)
			closedir(dir);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		line(out.file, fd, entry->d_name);
		if (ftello(out.file) > (off_t)max) {
			missing_note(m, "proc/%s: cut at %zu bytes",
			    proc_name[which], max);
			break;
		}
	}
	if (memfile_close(&out) == -1)
		missing_note(m, "proc/%s: %s", proc_name[which],
		    strerror(errno));
	p->file[which].data = out.text;
	p->file[which].len = out.len;
	closedir(dir);
}

const char *
process_maps(const struct process *p)
{
	size_t len = p->file[PROC_MAPS].len;

	return len > 0 && len < FILE_MAX ? p->file[PROC_MAPS].data : NULL;
}

/* A number in BASE and the one character after it, which must be AFTER. */
static int
number_then(const char **at, int base, char after, uint64_t *value)
{
	char *end;

	*value = strtoull(*at, &end, base);
	if (end == *at || *end != after)
		return 0;
	*at = end + 1;
	return 1;
}

/* Not sscanf(3): it looks for the end of the whole text each time. */
int
mapping_next(const char **cursor, struct mapping *map)
{
	const char *at = *cursor, *end = strchrnul(at, '\n');
	uint64_t major, minor;

	if (*at == '\0')
		return 0;
	*cursor = *end == '\0' ? end : end + 1;
	if (!number_then(&at, 16, '-', &map->start) ||
	    !number_then(&at, 16, ' ', &map->end) || end - at < 5)
		return 0;
	map->readable = at[0] == 'r';
	map->writable = at[1] == 'w';
	map->executable = at[2] == 'x';
	map->shared = at[3] == 's';
	at += 5;
	if (!number_then(&at, 16, ' ', &map->offset) ||
	    !number_then(&at, 16, ':', &major) ||
	    !number_then(&at, 16, ' ', &minor) ||
	    !number_then(&at, 10, ' ', &map->inode) ||
	    at > end)			/* a number of the next line */
		return 0;
	map->major = (unsigned)major;
	map->minor = (unsigned)minor;
	while (at < end && *at == ' ')
		at++;
	map->path = at;
	map->path_len = (size_t)(end - at);
	return 1;
}

/*
 * The command line is the process's own memory: where it has put a file there,
 * reading it may mean to wait for that file's server, for ever if it likes.
 */
static int
cmdline_is_memory(const struct process *p)
{
	uint64_t start = process_stat(p, 48), end = process_stat(p, 51);
	const char *cursor = p->file[PROC_MAPS].data;
	struct mapping map;

	if (cursor == NULL || start == 0 || end < start)
		return 0;
	while (start < end && mapping_next(&cursor, &map)) {
		if (map.end <= start)
			continue;
		if (map.start > start || map.inode != 0)
			return 0;
		start = map.end;
	}
	return start >= end;
}

/* Or a page of it has been given back, for a userfaultfd(2) to bring again. */
static int
cmdline_is_free(const struct process *p)
{
	struct userfault u = { 0 };
	uint64_t start = process_stat(p, 48), end = process_stat(p, 51);
	int is_free = pages_all_present(p->dir, start, end);

	if (!is_free) {
		is_free = userfault_kinds(&u, p->dir, start, end) == 0;
		userfault_free(&u);
	}
	return is_free;
}

static void
keep_cmdline(struct process *p, struct missing *m)
{
	if (cmdline_is_memory(p) && cmdline_is_free(p))
		keep_file(p, PROC_CMDLINE, m);
	else
		missing_note(m, "proc/cmdline: it is not in plain memory");
}

static void
keep_namespaces(struct process *p, struct missing *m)
{
	for (int i = 0; i < NS_COUNT; i++) {
		char path[16], *text;
		const char *open_bracket;

		snprintf(path, sizeof path, "ns/%s", ns_name[i]);
		text = read_link(p->dir, path);
		open_bracket = text == NULL ? NULL : strchr(text, '[');
		if (open_bracket != NULL)
			p->ns[i] = strtoull(open_bracket + 1, NULL, 10);
		else
			missing_note(m, "namespaces.%s: %s", ns_name[i],
			    strerror(errno));
		free(text);
	}
}

const char *
process_status(const struct process *p, const char *name)
{
	const char *line = p->file[PROC_STATUS].data;
	size_t len = strlen(name);

	while (line != NULL && *line != '\0') {
		if (strncmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, "\t ");
		line = strchrnul(line, '\n');
		line += *line == '\n';
	}
	return NULL;
}

uint64_t
process_bytes(const struct process *p, const char *name)
{
	const char *text = process_status(p, name);

	return text == NULL ? 0 : strtoull(text, NULL, 10) * 1024;
}

uint64_t
process_stat_field(const char *text, unsigned number)
{
	const char *at = text == NULL ? NULL : strrchr(text, ')');

	/* The name before it may hold anything, a ") R 1 1 (" too. */
	if (at == NULL)
		return 0;
	for (unsigned i = 2; i < number; i++) {
		at = strchr(at + 1, ' ');
		if (at == NULL)
			return 0;
	}
	return strtoull(at, NULL, 10);
}

uint64_t
process_stat(const struct process *p, unsigned number)
{
	return process_stat_field(p->file[PROC_STAT].data, number);
}

/* Does the pidfd say that it is still PID? A dead one says -1. */
static int
pidfd_is(int pidfd, pid_t pid)
{
	char path[64], *text;
	const char *line;
	size_t len;
	int same;

	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
	text = read_bounded(AT_FDCWD, path, 4096, &len);
	if (text == NULL)
		return 0;
	line = strstr(text, "\nPid:");
	same = line != NULL && strtoll(line + 5, NULL, 10) == pid;
	free(text);
	return same;
}

/*
 * Without a pidfd a number is all there is, and what /proc says of it may be
 * given to a user. A setuid program has that user's real uid too: but the kernel
 * gives its files to root, and one that is dumping core can no more become
 * another by execve(2).
 */
static int
is_dumping_for(const struct process *p, uid_t owner)
{
	const char *dumping = process_status(p, "CoreDumping");
	struct stat st;

	return dumping != NULL && *dumping == '1' &&
	    fstatat(p->dir, "maps", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_uid == owner;
}

/* Is the process of DIR the one that crashed, for all that the kernel told? */
static int
is_that(const struct process *p, const struct options *o, const char **why)
{
	const char *uid = process_status(p, "Uid");

	*why = NULL;
	if (o->pidfd != -1 && !pidfd_is(o->pidfd, o->pid))
		*why = "it is not the one of the pidfd";
	else if (uid == NULL)
		*why = "it is gone";
	else if (o->told[TOLD_UID] != NULL &&
	    strtoll(uid, NULL, 10) != told_number(o, TOLD_UID))
		*why = "its uid is not the one of the crash";
	else if (o->pidfd == -1 && o->owner != 0 && geteuid() == 0 &&
	    o->told[TOLD_UID] != NULL && !is_dumping_for(p, o->owner))
		*why = "it is not dumping core for that user";
	return *why == NULL;
}

static void
gather(struct process *p, struct missing *m)
{
	static const enum proc_file plain[] = { PROC_STATUS, PROC_STAT,
	    PROC_MAPS, PROC_LIMITS, PROC_CGROUP, PROC_MOUNTINFO, PROC_AUXV,
	    PROC_COMM };

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		keep_file(p, plain[i], m);
	keep_cmdline(p, m);
	keep_link(p, PROC_EXE, m);
	keep_link(p, PROC_CWD, m);
	keep_link(p, PROC_ROOT, m);
	keep_namespaces(p, m);
}

void
process_gather_lists(struct process *p, struct missing *m)
{
	keep_lines(p, PROC_FDS, "fd", FDS_MAX, fd_line, m);
	keep_lines(p, PROC_TASKS, "task", FILE_MAX, task_line, m);
}

void
process_gather(struct process *p, const struct options *o, struct missing *m)
{
	struct missing found = { 0 };
	const char *why;
	char path[32];

	*p = (struct process){ .dir = -1 };
	if (o->pid == 0) {
		missing_note(m, "proc: no process was named");
		return;
	}
	snprintf(path, sizeof path, "/proc/%d", o->pid);
	p->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir != -1) {
		p->file[PROC_STATUS].data = read_bounded(p->dir, "status",
		    FILE_MAX, &p->file[PROC_STATUS].len);
		if (is_that(p, o, &why)) {
			free(p->file[PROC_STATUS].data);
			gather(p, &found);
		}
	} else if (o->pidfd != -1 && !pidfd_is(o->pidfd, o->pid))
		p->mismatch = 1;
	/* Once more: it may have died while it was read, and another come. */
	if (p->dir != -1 && !is_that(p, o, &why)) {
		p->mismatch = 1;
		missing_matters(m, "proc: process %d is not taken for the one "
		    "that crashed: %s", o->pid, why);
		process_release(p);
	} else if (p->dir == -1)
		missing_matters(m, "proc: process %d is gone", o->pid);
	for (size_t i = 0; i < found.count; i++) {
		if (p->dir != -1)
			missing_note(m, "%s", found.line[i]);
		free(found.line[i]);
	}
	free(found.line);
}

void
process_release(struct process *p)
{
	for (int i = 0; i < PROC_FILES; i++)
		free(p->file[i].data);
	if (p->dir != -1)
		close(p->dir);
	*p = (struct process){ .dir = -1, .mismatch = p->mismatch };
}
