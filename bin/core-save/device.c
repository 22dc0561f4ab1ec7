/* SPDX-License-Identifier: ISC */
#include "device.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

#define MOUNTINFO_MAX	(4u << 20)

/* A line of mountinfo: ID PARENT MAJOR:MINOR ... */
static int
is_device(const char *line, unsigned major, unsigned minor)
{
	char *at;

	strtoul(line, &at, 10);
	strtoul(at, &at, 10);
	return strtoul(at, &at, 10) == major && *at == ':' &&
	    strtoul(at + 1, &at, 10) == minor && *at == ' ';
}

static int
is_one_of(const char *kind, const char *const *kinds)
{
	for (; *kinds != NULL; kinds++) {
		size_t len = strlen(*kinds);

		if (strncmp(kind, *kinds, len) == 0 && kind[len] == ' ')
			return 1;
	}
	return 0;
}

static int
is_local_kind(const char *kind)
{
	static const char *const kinds[] = { "ext2", "ext3", "ext4", "xfs",
	    "btrfs", "f2fs", "bcachefs", "zfs", "tmpfs", "ramfs", "rootfs",
	    "overlay", "squashfs", "erofs", "iso9660", "vfat", NULL };

	return is_one_of(kind, kinds);
}

static int
is_kernel_kind(const char *kind)
{
	static const char *const kinds[] = { "proc", "sysfs", "devtmpfs",
	    "devpts", "mqueue", "cgroup", "cgroup2", "securityfs", "debugfs",
	    "tracefs", "pstore", "bpf", "configfs", "hugetlbfs", "fusectl",
	    "binfmt_misc", "nsfs", "efivarfs", "selinuxfs", NULL };

	return is_one_of(kind, kinds);
}

static int
is_remote_kind(const char *kind)
{
	static const char *const kinds[] = { "nfs", "nfs4", "9p", "cifs",
	    "smb3", "ceph", "afs", NULL };

	return is_one_of(kind, kinds);
}

static int
is_memory_kind(const char *kind)
{
	static const char *const kinds[] = { "tmpfs", "ramfs", "rootfs", NULL };

	return is_one_of(kind, kinds);
}

/* What IS_KIND says of it, or -1 when the device is not in this MOUNTINFO. */
static int
look_up(const char *mountinfo, unsigned major, unsigned minor,
    int (*is_kind)(const char *kind))
{
	const char *line = mountinfo;

	while (line != NULL && *line != '\0') {
		const char *end = strchrnul(line, '\n');
		const char *kind = memmem(line, (size_t)(end - line), " - ", 3);

		if (kind != NULL && is_device(line, major, minor))
			return is_kind(kind + 3);
		line = end + (*end == '\n');
	}
	return -1;
}

/* Calls SEE with each line and its kind, until one returns nonzero. */
static int
each_mount(const char *mountinfo, int (*see)(const struct process *p,
    const char *line, const char *kind), const struct process *p)
{
	const char *line = mountinfo;

	while (line != NULL && *line != '\0') {
		const char *end = strchrnul(line, '\n');
		const char *kind = memmem(line, (size_t)(end - line), " - ", 3);

		if (kind != NULL && see(p, line, kind + 3))
			return 1;
		line = end + (*end == '\n');
	}
	return 0;
}

static int
is_overlay(const char *kind)
{
	return strncmp(kind, "overlay ", 8) == 0;
}

/* Could a user without rights have mounted what the process has? */
static int
is_users(const struct process *p)
{
	struct stat st;

	return geteuid() == 0 && (stat("/proc/self/ns/user", &st) == -1 ||
	    st.st_ino != p->ns[NS_USER]);
}

/* Below an overlay of a user's own may be anything, FUSE too. */
static int
is_users_overlay(const struct process *p, const char *kind)
{
	return is_overlay(kind) && is_users(p);
}

static int
is_doubtful(const struct process *p, const char *line, const char *kind)
{
	(void)line;
	return (!is_local_kind(kind) && !is_kernel_kind(kind)) ||
	    is_users_overlay(p, kind);
}

static int
is_remote(const struct process *p, const char *line, const char *kind)
{
	(void)p;
	(void)line;
	return is_remote_kind(kind);
}

int
device_all_local(const struct process *p)
{
	return p->file[PROC_MOUNTINFO].data != NULL &&
	    !each_mount(p->file[PROC_MOUNTINFO].data, is_doubtful, p);
}

int
device_any_remote(void)
{
	size_t len;
	char *own = io_slurp(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX,
	    &len);
	int any = own == NULL || each_mount(own, is_remote, NULL);

	free(own);
	return any;
}

int
device_root_is_local(const struct process *p)
{
	const char *line = p->file[PROC_MOUNTINFO].data;
	int found = -1;

	/* ID PARENT MAJOR:MINOR ROOT POINT ...: the last one is on top. */
	while (line != NULL && *line != '\0') {
		const char *end = strchrnul(line, '\n'), *at = line;
		const char *kind = memmem(line, (size_t)(end - line), " - ", 3);

		for (int i = 0; i < 4 && at < end; i++)
			at += strcspn(at, " \n") + 1;
		if (kind != NULL && at + 1 < end && at[0] == '/' &&
		    at[1] == ' ')
			found = is_local_kind(kind + 3) &&
			    !is_users_overlay(p, kind + 3);
		line = end + (*end == '\n');
	}
	return found;
}

static int
look_up_of(const struct process *p, unsigned major, unsigned minor,
    int (*is_kind)(const char *kind))
{
	int is = look_up(p->file[PROC_MOUNTINFO].data, major, minor, is_kind);
	char *own;
	size_t len;

	if (is != -1)
		return is;
	/* It may have been mapped before the process went elsewhere. */
	own = io_slurp(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX, &len);
	is = look_up(own, major, minor, is_kind);
	free(own);
	return is == 1;
}

int
device_is_local(const struct process *p, unsigned major, unsigned minor)
{
	return look_up_of(p, major, minor, is_local_kind);
}

int
device_is_sure(const struct process *p, unsigned major, unsigned minor)
{
	return device_is_local(p, major, minor) &&
	    !(is_users(p) && look_up(p->file[PROC_MOUNTINFO].data, major,
	    minor, is_overlay) == 1);
}

/* The device of a memfd that FLAGS make. */
static dev_t
memfd_device(unsigned flags)
{
	struct stat st = { 0 };
	int fd = memfd_create("corepipe", MFD_CLOEXEC | flags);

	if (fd != -1 && fstat(fd, &st) == -1)
		st.st_dev = 0;
	if (fd != -1)
		close(fd);
	return st.st_dev;
}

int
device_is_memory(unsigned major, unsigned minor)
{
	static dev_t memory;

	if (memory == 0)
		memory = memfd_device(0);
	return memory != 0 && memory == makedev(major, minor);
}

int
device_is_tmpfs(const struct process *p, unsigned major, unsigned minor)
{
	return device_is_memory(major, minor) ||
	    look_up_of(p, major, minor, is_memory_kind);
}

int
device_is_huge(unsigned major, unsigned minor)
{
	static dev_t huge;
	static int is_known;

	/* A kernel without them would be asked again and again. */
	if (!is_known)
		huge = memfd_device(MFD_HUGETLB);
	is_known = 1;
	return huge != 0 && huge == makedev(major, minor);
}
