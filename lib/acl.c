/* SPDX-License-Identifier: ISC */
#include "acl.h"

#include <sys/xattr.h>

#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

#include <endian.h>
#include <stdint.h>

#define ACCESS	"system.posix_acl_access"
#define DEFAULT	"system.posix_acl_default"

/* The layout of posix_acl_xattr.h, in the order the kernel demands. */
struct acl {
	uint32_t version;
	struct {
		uint16_t tag;
		uint16_t perm;
		uint32_t id;
	} entry[5];
};

static int
acl_set(int fd, const char *name, uid_t uid, unsigned own, unsigned user,
    unsigned group)
{
	const uint32_t none = htole32((uint32_t)ACL_UNDEFINED_ID);
	const struct acl acl = {
		htole32(POSIX_ACL_XATTR_VERSION), {
		{ htole16(ACL_USER_OBJ), htole16((uint16_t)own), none },
		{ htole16(ACL_USER), htole16((uint16_t)user), htole32(uid) },
		{ htole16(ACL_GROUP_OBJ), htole16((uint16_t)group), none },
		{ htole16(ACL_MASK), htole16((uint16_t)(user | group)), none },
		{ htole16(ACL_OTHER), 0, none },
	} };

	return fsetxattr(fd, name, &acl, sizeof acl, 0);
}

int
acl_grant_file(int fd, uid_t uid)
{
	return acl_set(fd, ACCESS, uid, ACL_READ | ACL_WRITE, ACL_READ, 0);
}

int
acl_grant_dir(int fd, uid_t uid)
{
	const unsigned all = ACL_READ | ACL_WRITE | ACL_EXECUTE;
	const unsigned look = ACL_READ | ACL_EXECUTE;

	if (acl_set(fd, ACCESS, uid, all, look, all) == -1)
		return -1;
	return acl_set(fd, DEFAULT, uid, all, look, all);
}

int
acl_grant_list(int fd, uid_t uid)
{
	return acl_set(fd, ACCESS, uid, ACL_READ | ACL_WRITE | ACL_EXECUTE,
	    ACL_READ | ACL_EXECUTE, 0);
}
