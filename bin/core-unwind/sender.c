/* SPDX-License-Identifier: ISC */
#include "sender.h"

#include <inttypes.h>

#include "crash.h"
#include "xalloc.h"

/* No name: /proc is not in the sandbox, and numbers are given again. */
char *
sender_say(const struct crash *c)
{
	const struct siginfo *si = &c->target->siginfo;

	if (si->sender_pid == 0)
		return xasprintf("a process of another PID namespace, of user "
		    "%" PRIu32, si->sender_uid);
	return xasprintf("process %" PRIu32 " of user %" PRIu32 "%s",
	    si->sender_pid, si->sender_uid, si->sender_pid == 1 ? " (init)" :
	    "");
}
