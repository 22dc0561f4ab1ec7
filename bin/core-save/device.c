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
is_local_kind(const char *kind)
{
	static const char *const kinds[] = { "ext2", "ext3", "ext4", "xfs",
	    "btrfs", "f2fs", "bcachefs", "zfs", "tmpfs", "ramfs", "rootfs",
	    "overlay", "squashfs", "erofs", "iso9660", "vfat" };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t len = strlen(kinds[i]);

		if (strncmp(kind, kinds[i], len) == 0 && kind[len] == ' ')
			return 1;
	}
	return 0;
}

/* 1 or 0, or -1 when the device is not in this MOUNTINFO. */
static int
look_up(const char *mountinfo, unsigned major, unsigned minor)
{
	const char *line = mountinfo;

	while (line != NULL && *line != '\0') {
		const char *end = strchrnul(line, '\n');
		const char *kind = memmem(line, (size_t)(end - line), " - ", 3);

		if (kind != NULL && is_device(line, major, minor))
			return is_local_kind(kind + 3);
		line = end + (*end == '\n');
	}
	return -1;
}

int
device_is_local(const struct process *p, unsigned major, unsigned minor)
{
	int local = look_up(p->file[PROC_MOUNTINFO].data, major, minor);
	char *own;
	size_t len;

	if (local != -1)
		return local;
	/* It may have been mapped before the process went elsewhere. */
	own = io_slurp(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX, &len);
	local = look_up(own, major, minor);
	free(own);
	return local == 1;
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
device_is_huge(unsigned major, unsigned minor)
{
	static dev_t huge;

	if (huge == 0)
		huge = memfd_device(MFD_HUGETLB);
	return huge != 0 && huge == makedev(major, minor);
}
