/* SPDX-License-Identifier: ISC */
#include "sender.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "note.h"
#include "xalloc.h"

#define TEXT_MAX	65536u
#define STARTED		22		/* field of stat: ticks since boot */

/* Of Linux 6.11: what number here has the process of that number there? */
#ifndef NS_GET_TGID_FROM_PIDNS
#define NS_GET_TGID_FROM_PIDNS _IOR(0xb7, 0x7, int)
#endif

/* Of siginfo_t, in both word sizes: numbers that follow three others. */
struct named {
	int32_t code, pid;
	uint32_t uid;
};

/* Does the siginfo name a process, which is another one? */
static int
read_siginfo(struct named *n, const unsigned char *notes, size_t len,
    int is_64, const struct process *p)
{
	size_t size;
	const unsigned char *si = note_find(notes, len, "CORE", NT_SIGINFO,
	    &size);
	const char *own = process_status(p, "NSpid"), *end;
	/* What follows the three numbers begins at a word. */
	size_t at = is_64 ? 16 : 12;

	if (si == NULL || size < at + 8 || own == NULL)
		return 0;
	memcpy(&n->code, si + offsetof(siginfo_t, si_code), sizeof n->code);
	memcpy(&n->pid, si + at, sizeof n->pid);
	memcpy(&n->uid, si + at + 4, sizeof n->uid);
	if (n->code != SI_USER && n->code != SI_QUEUE && n->code != SI_TKILL)
		return 0;
	/* Its own number there is the last of the line. */
	end = own + strcspn(own, "\n");
	while (end > own && end[-1] != '\t' && end[-1] != ' ')
		end--;
	return n->pid > 0 && n->pid != strtol(end, NULL, 10);
}

/* A number of the crashed process's PID namespace, as it is here; or 0. */
static pid_t
translate_pid(const struct process *p, pid_t pid)
{
	struct stat own;
	int fd, there;

	if (p->ns[NS_PID] != 0 && stat("/proc/self/ns/pid", &own) == 0 &&
	    own.st_ino == p->ns[NS_PID])
		return pid;
	fd = openat(p->dir, "ns/pid", O_RDONLY | O_CLOEXEC);
	there = fd == -1 ? -1 : ioctl(fd, NS_GET_TGID_FROM_PIDNS, pid);
	if (fd != -1)
		close(fd);
	return there > 0 ? there : 0;
}

/* UID of the crashed process's user namespace, as it is here; or -1. */
static int64_t
translate_uid(const struct process *p, uint32_t uid)
{
	size_t len;
	char *text = io_slurp(p->dir, "uid_map", TEXT_MAX, &len);
	char *line, *rest = text;
	int64_t found = -1;

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
		unsigned long long inside, outside, count;

		if (sscanf(line, "%llu %llu %llu", &inside, &outside,
		    &count) == 3 && uid >= inside && uid - inside < count)
			found = (int64_t)(outside + (uid - inside));
	}
	free(text);
	return found;
}

/* In ticks since boot: the beginning of the second of the crash. */
static uint64_t
crash_tick(const struct options *o)
{
	int64_t told = told_number(o, TOLD_TIME), ns;
	long hz = sysconf(_SC_CLK_TCK);
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	if (told <= 0 || told > now.tv_sec)
		return 0;
	ns = ((int64_t)up.tv_sec - ((int64_t)now.tv_sec - told)) * 1000000000 +
	    up.tv_nsec - now.tv_nsec;
	return ns <= 0 ? 0 : (uint64_t)ns / (1000000000 / (uint64_t)hz);
}

/* Was it there before the crash, or even before the process that crashed? */
static int
is_older(int dir, const struct options *o, const struct process *p)
{
	size_t len;
	char *stat = io_slurp(dir, "stat", TEXT_MAX, &len);
	uint64_t began = process_stat_field(stat, STARTED);
	uint64_t before = process_stat(p, STARTED), crash = crash_tick(o);

	free(stat);
	return began > 0 && began < (crash > before ? crash : before);
}

static int64_t
real_uid(int dir)
{
	size_t len;
	char *status = io_slurp(dir, "status", TEXT_MAX, &len);
	const char *line = status == NULL ? NULL : strstr(status, "\nUid:");
	int64_t uid = line == NULL ? -1 : strtoll(line + 5, NULL, 10);

	free(status);
	return uid;
}

static char *
read_comm(int dir)
{
	size_t len;
	char *comm = io_slurp(dir, "comm", TEXT_MAX, &len);

	if (comm != NULL && len > 0 && comm[len - 1] == '\n')
		comm[len - 1] = '\0';
	return comm;
}

static char *
read_exe(int dir)
{
	char text[4096 + 1];
	ssize_t n = readlinkat(dir, "exe", text, sizeof text - 1);

	return n <= 0 ? NULL : xstrndup(text, (size_t)n);
}

void
sender_find(struct sender *s, const struct notes_begin *notes,
    const struct options *o, const struct process *p, uid_t owner)
{
	struct named named;
	char path[32];
	int64_t uid;
	int dir;

	if (p->dir == -1 || !read_siginfo(&named, notes->bytes, notes->len,
	    notes->is_64, p))
		return;
	s->ns_pid = named.pid;
	s->pid = translate_pid(p, named.pid);
	uid = translate_uid(p, named.uid);
	if (s->pid == 0 || uid == -1)
		return;
	/* What is read by way of it is of one process, or of none. */
	snprintf(path, sizeof path, "/proc/%d", s->pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return;
	if (real_uid(dir) == uid && is_older(dir, o, p)) {
		s->uid = (uid_t)uid;
		s->comm = read_comm(dir);
		/* Of another user's process its user may not ask that. */
		s->exe = owner == 0 || owner == s->uid ? read_exe(dir) : NULL;
		s->is_known = s->comm != NULL;
	}
	close(dir);
}
