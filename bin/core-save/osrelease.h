/* SPDX-License-Identifier: ISC */
/*
 * What the crashed process's own root says that it is: os-release(5), of a
 * container not the machine's. Whoever made that root chose all that is in it:
 * no link leads out of it, nothing but a regular file is opened, with no more
 * rights than those who will read the record have, and nothing is asked of a
 * file system that may keep us waiting.
 */
#ifndef CORE_SAVE_OSRELEASE_H
#define CORE_SAVE_OSRELEASE_H

#include "process.h"

struct osrelease {
	char *id, *version_id, *pretty_name;	/* NULL: not told */
};

/*
 * Read it, while the process P is held. OWNER is whom the record is for: when
 * that is not root, what GID and OWNER may not read is not read. Why there is
 * nothing of it is noted in *M.
 */
void osrelease_read(struct osrelease *r, const struct process *p, uid_t owner,
    gid_t gid, struct missing *m);

#endif
