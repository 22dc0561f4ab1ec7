/* SPDX-License-Identifier: ISC */
#include "cause/sender.h"

#include <inttypes.h>
#include <stdlib.h>

#include "crash.h"
#include "text.h"
#include "xalloc.h"

static int
is_known(const struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;

	return si->present && si->code <= 0 && si->sender_pid != 0 &&
	    c->meta->sender_ns_pid == (int64_t)si->sender_pid;
}

const char *
sender_comm(const struct crash *c)
{
	return is_known(c) ? c->meta->sender_comm : NULL;
}

const char *
sender_exe(const struct crash *c)
{
	return is_known(c) ? c->meta->sender_exe : NULL;
}

char *
sender_say(const struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;
	const char *comm = sender_comm(c);
	char *name, *text;

	if (si->sender_pid == 0)
		return xasprintf("a process of another PID namespace, of user "
		    "%" PRIu32, si->sender_uid);
	if (comm == NULL)
		return xasprintf("process %" PRIu32 " of user %" PRIu32 "%s",
		    si->sender_pid, si->sender_uid,
		    si->sender_pid == 1 ? " (init)" : "");
	name = text_printable(comm, (size_t)-1);
	text = xasprintf("process %" PRIu32 " of user %" PRIu32 " (%s)",
	    si->sender_pid, si->sender_uid, name);
	free(name);
	return text;
}
