/* SPDX-License-Identifier: ISC */
/*
 * Memory whose page faults somebody handles by a userfaultfd(2). Who reads a
 * page of it that is not there waits for that somebody: for ever, when it is
 * the process that is held. The kernel, when it dumps a core, asks nobody.
 */
#ifndef CORE_SAVE_USERFAULT_H
#define CORE_SAVE_USERFAULT_H

#include <stddef.h>
#include <stdint.h>

#define USERFAULT_MISSING	1	/* of pages that there are not */
#define USERFAULT_MINOR		2	/* of those in the file, not mapped */

struct userfault {
	int is_known;
	struct handled {
		uint64_t start, end;
		int kinds;
	} *handled;		/* in the order of their addresses */
	size_t count, cap;
};

/*
 * Which faults are handled from START up to END, of the process or thread whose
 * directory in /proc is TASK? The first call looks at all of the process's page
 * tables, which takes a moment when it is large. -1 with errno when it cannot be
 * known.
 */
int userfault_kinds(struct userfault *u, int task, uint64_t start,
    uint64_t end);

void userfault_free(struct userfault *u);

#endif
