/* SPDX-License-Identifier: ISC */
/*
 * Access for one more user, by POSIX ACL (acl(5)), written as the extended
 * attribute that the kernel keeps it in: no libacl in a program of root's.
 *
 * Each replaces whatever ACL the file had, gives nothing to others, and
 * returns 0, or -1 with errno: EOPNOTSUPP where the file system has no ACLs
 * (the file is then as it was).
 */
#ifndef COREPIPE_ACL_H
#define COREPIPE_ACL_H

#include <sys/types.h>

/* u::rw- u:UID:r-- g::--- : the core, which the group may not read. */
int acl_grant_file(int fd, uid_t uid);

/*
 * u::rwx u:UID:r-x g::rwx : a record's directory; as its default ACL too, so
 * that what is made in it later can be read by UID.
 */
int acl_grant_dir(int fd, uid_t uid);

/* u::rwx u:UID:r-x g::--- : a list of record names, owner/UID. No default. */
int acl_grant_list(int fd, uid_t uid);

#endif
