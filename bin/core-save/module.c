/* SPDX-License-Identifier: ISC */
#include "module.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "io.h"
#include "text.h"
#include "xalloc.h"

#define MODULES_MAX	512
#define COPY_MAX	((uint64_t)256 << 20)
#define DELETED		" (deleted)"

/* For all that may have to wait for somebody. */
#define WAIT_MS		15000

static int
is_deleted(const struct mapping *map)
{
	const size_t len = sizeof DELETED - 1;

	return map->path_len > len &&
	    memcmp(map->path + map->path_len - len, DELETED, len) == 0;
}

static struct module *
find(const struct modules *ms, const struct mapping *map)
{
	for (size_t i = 0; i < ms->count; i++)
		if (ms->module[i].inode == map->inode &&
		    ms->module[i].major == map->major &&
		    ms->module[i].minor == map->minor)
			return &ms->module[i];
	return NULL;
}

static void
pin(struct modules *ms, const struct process *p, const struct mapping *map,
    struct missing *m)
{
	struct module module = { .start = map->start, .inode = map->inode,
	    .major = map->major, .minor = map->minor, .fd = -1,
	    .may_block = !device_is_sure(p, map->major, map->minor) &&
	    !device_is_memory(map->major, map->minor) };
	char path[64], *text = text_printable(map->path, map->path_len);

	snprintf(path, sizeof path, "map_files/%" PRIx64 "-%" PRIx64,
	    map->start, map->end);
	if (!device_is_local(p, map->major, map->minor) &&
	    !device_is_memory(map->major, map->minor))
		missing_note(m, "modules: '%s': not on a local file system",
		    text);
	else if ((module.fd = openat(p->dir, path, O_PATH | O_CLOEXEC)) == -1)
		missing_note(m, "modules: '%s': %s", text, strerror(errno));
	/* Those without a descriptor too, so that each is named but once. */
	xgrow(&ms->module, &ms->cap, ms->count, sizeof *ms->module);
	ms->module[ms->count++] = module;
	free(text);
}

void
modules_pin(struct modules *ms, const struct process *p, struct missing *m)
{
	const char *cursor = p->file[PROC_MAPS].data;
	struct mapping map;
	struct stat st;
	const char *root = p->file[PROC_ROOT].data;
	int elsewhere;

	if (cursor == NULL)
		return;
	/* With another root its files may go when it does. */
	elsewhere = (p->ns[NS_MNT] != 0 &&
	    stat("/proc/self/ns/mnt", &st) == 0 &&
	    st.st_ino != p->ns[NS_MNT]) ||
	    (root != NULL && strcmp(root, "/") != 0);
	while (mapping_next(&cursor, &map)) {
		if (!map.executable || map.inode == 0 ||
		    (!elsewhere && !is_deleted(&map)) ||
		    find(ms, &map) != NULL)
			continue;
		if (ms->count == MODULES_MAX) {
			missing_note(m, "modules: more than %d", MODULES_MAX);
			break;
		}
		pin(ms, p, &map, m);
	}
}

/* The last part of the path, in letters that are safe in a name and a list. */
static char *
module_name(const struct mapping *map)
{
	size_t len = map->path_len -
	    (is_deleted(map) ? sizeof DELETED - 1 : 0);
	const char *slash = memrchr(map->path, '/', len);
	const char *base = slash == NULL ? map->path : slash + 1;
	size_t base_len = len - (size_t)(base - map->path);
	char *name = xasprintf("%.*s.%" PRIx64,
	    base_len > 100 ? 100 : (int)base_len, base, map->start);

	for (char *c = name; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("._+-", *c) == NULL)
			*c = '_';
	if (*name == '.' || *name == '-')
		*name = '_';
	return name;
}

/* The content of the file pinned by FD, to NAME in DIR. 0, or -1 with errno. */
static int
copy(int fd, int dir, const char *name, uint64_t *room)
{
	static char buf[65536];
	char path[64];
	struct stat st;
	int in, out = -1, saved;
	ssize_t n = -1;

	/* A device could do anything when it is opened. */
	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > *room) {
		errno = EFBIG;
		return -1;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	in = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (in == -1)
		return -1;
	out = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0640);
	while (out != -1 && (n = io_read(in, buf, sizeof buf)) > 0) {
		if ((uint64_t)n > *room) {
			errno = EFBIG;
			n = -1;
			break;
		}
		*room -= (uint64_t)n;
		if (io_write(out, buf, (size_t)n) == -1) {
			n = -1;
			break;
		}
	}
	if (n == 0)
		n = fsync(out);
	saved = errno;
	close(in);
	if (out != -1)
		close(out);
	if (n != 0 && out != -1)
		unlinkat(dir, name, 0);
	errno = saved;
	return n == 0 ? 0 : -1;
}

/* Every mapping of what was copied: an address anywhere in it finds it. */
static int
write_list(struct modules *ms, const struct process *p, int dir)
{
	const char *cursor = p->file[PROC_MAPS].data;
	struct mapping map;
	int fd = openat(dir, "list", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0640);
	FILE *out = fd == -1 ? NULL : fdopen(fd, "w");
	int rc;

	if (out == NULL)
		return -1;
	while (mapping_next(&cursor, &map)) {
		const struct module *module = find(ms, &map);
		char *text;

		if (map.inode == 0 || module == NULL || module->name == NULL)
			continue;
		text = text_printable(map.path, map.path_len);
		fprintf(out, "%" PRIx64 "-%" PRIx64 " %" PRIx64 " %s %s\n",
		    map.start, map.end, map.offset, module->name, text);
		free(text);
	}
	rc = fflush(out) == EOF || fsync(fd) == -1 ? -1 : 0;
	fclose(out);
	return rc;
}

static void
name_them(struct modules *ms, const struct process *p)
{
	const char *cursor = p->file[PROC_MAPS].data;
	struct mapping map;

	while (mapping_next(&cursor, &map)) {
		struct module *module = find(ms, &map);

		if (map.inode != 0 && module != NULL && module->fd != -1 &&
		    module->start == map.start && module->name == NULL)
			module->name = module_name(&map);
	}
}

/* It has been copied, or WHY not. */
static void
settle(struct module *module, const char *why, struct missing *m)
{
	if (why != NULL) {
		missing_note(m, "modules: '%s': %s", module->name, why);
		free(module->name);
		module->name = NULL;
	}
	close(module->fd);
	module->fd = -1;
}

struct answer {
	size_t module;
	int error;
};

/* Whoever waits for what we have open need not wait for this child. */
static void
copy_as_child(struct modules *ms, int dir, uint64_t room, int answers)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	for (size_t i = 0; i < ms->count; i++) {
		struct module *module = &ms->module[i];
		struct answer answer = { .module = i };

		if (module->name == NULL || !module->may_block)
			continue;
		if (copy(module->fd, dir, module->name, &room) == -1)
			answer.error = errno;
		if (io_write(answers, &answer, sizeof answer) == -1)
			break;
	}
}

static int64_t
milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the child says, until it has ended (1) or the time has (0). */
static int
hear(struct modules *ms, int answers, struct missing *m)
{
	int64_t end = milliseconds_now() + WAIT_MS, left;
	struct pollfd in = { .fd = answers, .events = POLLIN };
	struct answer a;

	while ((left = end - milliseconds_now()) > 0) {
		/* A signal ends it too: we are to come to an end. */
		if (poll(&in, 1, (int)left) != 1)
			return 0;
		if (io_read(answers, &a, sizeof a) != sizeof a)
			return 1;
		settle(&ms->module[a.module],
		    a.error == 0 ? NULL : strerror(a.error), m);
	}
	return 0;
}

/*
 * Nobody can end who waits for a file system that does not answer: the child is
 * left behind then, and the record goes on.
 */
static void
copy_apart(struct modules *ms, int dir, uint64_t room, struct missing *m)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return;
	child = fork();
	if (child == 0) {
		copy_as_child(ms, dir, room, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (child != -1) {
		int has_ended = hear(ms, ends[0], m);

		kill(child, SIGKILL);
		waitpid(child, NULL, has_ended ? 0 : WNOHANG);
	}
	close(ends[0]);
}

void
modules_copy(struct modules *ms, const struct process *p, int record,
    struct missing *m)
{
	uint64_t room = COPY_MAX;
	int apart = 0, dir;

	if (ms->count == 0)
		return;
	if (mkdirat(record, "modules", 0750) == -1 ||
	    (dir = openat(record, "modules", O_RDONLY | O_DIRECTORY |
	    O_NOFOLLOW | O_CLOEXEC)) == -1) {
		missing_note(m, "modules: %s", strerror(errno));
		return;
	}
	name_them(ms, p);
	for (size_t i = 0; i < ms->count; i++) {
		struct module *module = &ms->module[i];

		if (module->name != NULL && module->may_block)
			apart = 1;
		else if (module->name != NULL)
			settle(module, copy(module->fd, dir, module->name,
			    &room) == 0 ? NULL : strerror(errno), m);
	}
	if (apart)
		copy_apart(ms, dir, room, m);
	for (size_t i = 0; i < ms->count; i++)
		if (ms->module[i].fd != -1 && ms->module[i].name != NULL) {
			unlinkat(dir, ms->module[i].name, 0);
			settle(&ms->module[i],
			    "its file system has not answered", m);
		}
	if (write_list(ms, p, dir) == -1 || fsync(dir) == -1)
		missing_note(m, "modules/list: %s", strerror(errno));
	close(dir);
}
