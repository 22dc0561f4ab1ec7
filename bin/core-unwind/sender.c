/* SPDX-License-Identifier: ISC */
#include "sender.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crash.h"
#include "io.h"
#include "text.h"
#include "xalloc.h"

#define FILE_MAX ((size_t)1 << 20)

/* A file of /proc, or NULL. */
static char *
proc_file(const char *path)
{
	size_t len;

	return io_slurp(AT_FDCWD, path, FILE_MAX, &len);
}

/* Was the machine started anew since the record was made? */
static int
is_same_boot(const char *boot_id)
{
	char *now = boot_id == NULL ? NULL :
	    proc_file("/proc/sys/kernel/random/boot_id");
	int same = now != NULL && strncmp(now, boot_id, 36) == 0;

	free(now);
	return same;
}

/* Seconds since 1970 at which the machine started; 0 not known. */
static time_t
boot_time(void)
{
	char *stat = proc_file("/proc/stat");
	char *line = stat == NULL ? NULL : strstr(stat, "\nbtime ");
	long long when = line == NULL ? 0 : strtoll(line + 7, NULL, 10);

	free(stat);
	return (time_t)when;
}

/* Field 22 of /proc/PID/stat, counted from behind the last ")". */
static time_t
start_time(const char *stat)
{
	const char *at = strrchr(stat, ')');
	unsigned long long ticks = 0;
	long hertz = sysconf(_SC_CLK_TCK);

	if (at == NULL || hertz <= 0 || sscanf(at, ") %*s %*s %*s %*s %*s %*s "
	    "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
	    &ticks) != 1)
		return 0;
	return boot_time() + (time_t)(ticks / (unsigned long)hertz);
}

static time_t
crash_time(const struct crash *c)
{
	struct tm tm = { 0 };

	return c->meta->time == NULL ||
	    strptime(c->meta->time, "%Y-%m-%dT%H:%M:%S", &tm) == NULL ? 0 :
	    timegm(&tm);
}

/*
 * A number is given to another process in time: only one that was there at the
 * crash can have sent the signal, and numbers of another namespace are not ours.
 */
static char *
sender_name(const struct crash *c)
{
	uint32_t pid = c->target->siginfo.sender_pid;
	const struct meta *m = c->meta;
	char path[48], *stat, *open, *close, *name = NULL;
	time_t started, died = crash_time(c);

	if (pid == 0 || died == 0 || m->pid == -1 || m->ns_pid != m->pid ||
	    !is_same_boot(m->boot_id))
		return NULL;
	snprintf(path, sizeof path, "/proc/%" PRIu32 "/stat", pid);
	stat = proc_file(path);
	if (stat == NULL)
		return NULL;
	started = start_time(stat);
	open = strchr(stat, '(');
	close = strrchr(stat, ')');
	if (started != 0 && started <= died && open != NULL && close > open)
		name = xstrndup(open + 1, (size_t)(close - open - 1));
	free(stat);
	return name;
}

char *
sender_say(const struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;
	char *name, *text;

	if (si->sender_pid == 0)
		return xasprintf("a process of another PID namespace, of user "
		    "%" PRIu32, si->sender_uid);
	name = sender_name(c);
	if (name == NULL)
		return xasprintf("process %" PRIu32 " of user %" PRIu32,
		    si->sender_pid, si->sender_uid);
	text = xasprintf("process %" PRIu32 " of user %" PRIu32 " (%s)",
	    si->sender_pid, si->sender_uid, name);
	free(name);
	return text;
}
