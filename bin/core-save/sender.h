/* SPDX-License-Identifier: ISC */
/*
 * Who sent the signal: the process that the siginfo among the notes names, while
 * it is still there. The number alone is no proof, for numbers are given again:
 * it has to be of the user that the siginfo has too, and to have been there
 * before the crash. (A process can forge the siginfo of a signal to itself, and
 * anyone that of sigqueue(3); then that is what it says.)
 */
#ifndef CORE_SAVE_SENDER_H
#define CORE_SAVE_SENDER_H

#include <sys/types.h>

#include <stddef.h>

#include "process.h"
#include "save.h"

struct notes_begin {		/* of the core: the siginfo is in it */
	unsigned char bytes[4096];
	size_t len;
	int is_64;
};

struct sender {
	int is_known;
	pid_t pid;		/* here, */
	pid_t ns_pid;		/* and as the siginfo has it */
	uid_t uid;		/* the real one */
	char *comm;
	char *exe;		/* NULL: not known, or not for the owner to know */
};

/*
 * Find the one that NOTES, of the core of P, which is still there, name. OWNER
 * may read what is told of it. Of none *S stays as it was.
 */
void sender_find(struct sender *s, const struct notes_begin *notes,
    const struct options *o, const struct process *p, uid_t owner);

#endif
