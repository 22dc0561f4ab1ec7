/* SPDX-License-Identifier: ISC */
#include "layout.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/fs.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "acl.h"
#include "io.h"
#include "text.h"

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static const struct {
	const char *name;
	mode_t mode;		/* in root's store; 0700 in a personal one */
	int shared;		/* group RUNUSER */
} state_dirs[] = {
	{ LAYOUT_NEW,		0700, 0 },
	{ LAYOUT_PENDING,	0771, 1 },
	{ LAYOUT_SENDING,	0771, 1 },
	{ LAYOUT_ARCHIVE,	0771, 1 },
	{ LAYOUT_FAILED,	0771, 1 },
	{ LAYOUT_OWNER,		0711, 0 },
	{ LAYOUT_KNOWN,		0700, 0 },
};

int
layout_is_state(const char *name)
{
	for (size_t i = 0; i < sizeof state_dirs / sizeof state_dirs[0]; i++)
		if (strcmp(state_dirs[i].name, name) == 0)
			return strcmp(name, LAYOUT_OWNER) != 0;
	return 0;
}

/*
 * Of group RUNUSER, from /etc/group itself: getgrnam(3) may load modules and
 * ask the network, and the caller may be holding a crashed process.
 */
static gid_t
shared_gid(void)
{
	static gid_t gid;
	static int known;
	const struct group *gr;
	FILE *f = known ? NULL : fopen("/etc/group", "re");

	known = 1;
	if (f == NULL)
		return gid;
	while ((gr = fgetgrent(f)) != NULL)
		if (strcmp(gr->gr_name, RUNUSER) == 0) {
			gid = gr->gr_gid;
			break;
		}
	fclose(f);
	return gid;
}

static int
make_dir(int storefd, const char *name, mode_t mode, gid_t gid)
{
	int fd;

	if (mkdirat(storefd, name, 0700) == -1) {
		if (errno == EEXIST)
			return 0;
		warn("create directory '%s' in the store", name);
		return -1;
	}
	if (geteuid() != 0)
		return 0;
	/* By descriptor: not what umask made of it, and not another file. */
	fd = openat(storefd, name, DIR_FLAGS);
	if (fd == -1 || fchown(fd, 0, gid) == -1 || fchmod(fd, mode) == -1) {
		warn("set mode of '%s' in the store", name);
		if (fd != -1)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

int
layout_create(int storefd)
{
	gid_t gid = geteuid() == 0 ? shared_gid() : 0;

	for (size_t i = 0; i < sizeof state_dirs / sizeof state_dirs[0]; i++) {
		if (geteuid() != 0 &&
		    strcmp(state_dirs[i].name, LAYOUT_OWNER) == 0)
			continue;
		if (make_dir(storefd, state_dirs[i].name, state_dirs[i].mode,
		    state_dirs[i].shared ? gid : 0) == -1)
			return -1;
	}
	return 0;
}

/* Not ours nor root's, or WRITERS (of S_IWGRP, S_IWOTH) can write there. */
static int
is_unsafe(const struct stat *st, mode_t writers)
{
	return !S_ISDIR(st->st_mode) ||
	    (st->st_uid != 0 && st->st_uid != geteuid()) ||
	    (st->st_mode & writers) != 0;
}

/* Whoever can write above the store can put another in its place. */
static int
check_parents(int storefd, const char *store)
{
	struct stat st, up;
	int fd = dup(storefd), above;

	if (fd == -1 || fstat(fd, &st) == -1) {
		warn("examine store '%s'", text_show(store));
		return -1;
	}
	for (;;) {
		above = openat(fd, "..", DIR_FLAGS | O_PATH);
		close(fd);
		fd = above;
		if (fd == -1 || fstat(fd, &up) == -1) {
			warn("examine what is above store '%s'",
			    text_show(store));
			if (fd != -1)
				close(fd);
			return -1;
		}
		if (up.st_dev == st.st_dev && up.st_ino == st.st_ino)
			break;
		if (is_unsafe(&up, (up.st_mode & S_ISVTX) != 0 ? 0 :
		    S_IWGRP | S_IWOTH)) {
			warnx("refuse store '%s': a directory above it is "
			    "writable by others", text_show(store));
			close(fd);
			return -1;
		}
		st = up;
	}
	close(fd);
	return 0;
}

static int
check_states(int storefd, const char *store)
{
	gid_t gid = shared_gid();
	struct stat st;

	for (size_t i = 0; i < sizeof state_dirs / sizeof state_dirs[0]; i++) {
		const char *name = state_dirs[i].name;
		mode_t writers = S_IWOTH;

		if (fstatat(storefd, name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
			warn("examine '%s' in store '%s'", name,
			    text_show(store));
			return -1;
		}
		if (!state_dirs[i].shared ||
		    (st.st_gid != 0 && st.st_gid != gid))
			writers |= S_IWGRP;
		if (is_unsafe(&st, writers)) {
			warnx("refuse store '%s': '%s' in it is not a "
			    "directory of root's, or writable by others",
			    text_show(store), name);
			return -1;
		}
	}
	return 0;
}

static int
check_store(int storefd, const char *store)
{
	struct stat st;

	if (fstat(storefd, &st) == -1) {
		warn("examine store '%s'", text_show(store));
		return -1;
	}
	if (is_unsafe(&st, S_IWGRP | S_IWOTH)) {
		warnx("refuse store '%s': it belongs to user %u with mode %04o",
		    text_show(store), st.st_uid, st.st_mode & 07777);
		return -1;
	}
	/* A link that leads to it is followed when it was root's to make. */
	if (lstat(store, &st) == -1 ||
	    (S_ISLNK(st.st_mode) && st.st_uid != 0 && st.st_uid != geteuid())) {
		warnx("refuse store '%s': another user's symbolic link",
		    text_show(store));
		return -1;
	}
	return geteuid() == 0 ? check_parents(storefd, store) : 0;
}

int
layout_open(const char *store)
{
	int fd;

	if (mkdir(store, geteuid() == 0 ? 0755 : 0700) == -1 &&
	    errno != EEXIST && errno != EROFS) {
		warn("create store '%s'", text_show(store));
		return -1;
	}
	fd = open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		warn("open store '%s'", text_show(store));
		return -1;
	}
	if (check_store(fd, store) == -1 || layout_create(fd) == -1 ||
	    (geteuid() == 0 && check_states(fd, store) == -1)) {
		close(fd);
		return -1;
	}
	return fd;
}

int
layout_record(int storefd, const char *id)
{
	char path[64];
	struct stat st;
	mode_t mode = geteuid() == 0 ? 02770 : 0700;
	gid_t gid = (gid_t)-1;
	int fd;

	snprintf(path, sizeof path, LAYOUT_NEW "/%s", id);
	if (mkdirat(storefd, path, 0700) == -1 && errno != EEXIST) {
		warn("create record '%s'", id);
		return -1;
	}
	fd = openat(storefd, path, DIR_FLAGS);
	if (fd == -1 || fstat(fd, &st) == -1) {
		warn("open record '%s'", id);
		goto fail;
	}
	if (st.st_uid != geteuid()) {
		warnx("refuse record '%s': it belongs to user %u", id,
		    st.st_uid);
		goto fail;
	}
	if (geteuid() == 0)
		gid = shared_gid();
	if (fchown(fd, (uid_t)-1, gid) == -1 || fchmod(fd, mode) == -1) {
		warn("set mode of record '%s'", id);
		goto fail;
	}
	return fd;
fail:
	if (fd != -1)
		close(fd);
	return -1;
}

int
layout_grant(int recordfd, uid_t uid)
{
	if (geteuid() != 0 || uid == 0)
		return 0;
	if (acl_grant_dir(recordfd, uid) == -1) {
		warn("let user %u read the record", uid);
		return -1;
	}
	return 0;
}

int
layout_marker(int storefd, uid_t uid, const char *id)
{
	char path[32];
	int dir, fd;

	if (geteuid() != 0 || uid == 0)
		return 0;
	snprintf(path, sizeof path, LAYOUT_OWNER "/%u", uid);
	if (mkdirat(storefd, path, 0700) == -1 && errno != EEXIST) {
		warn("create '%s' in the store", path);
		return -1;
	}
	dir = openat(storefd, path, DIR_FLAGS);
	if (dir == -1 || acl_grant_list(dir, uid) == -1) {
		warn("let user %u read '%s' in the store", uid, path);
		if (dir != -1)
			close(dir);
		return -1;
	}
	fd = openat(dir, id, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1 || fsync(dir) == -1) {
		warn("note record '%s' in '%s'", id, path);
		if (fd != -1)
			close(fd);
		close(dir);
		return -1;
	}
	close(fd);
	close(dir);
	return 0;
}

int
layout_move(int storefd, const char *id, const char *from, const char *to)
{
	char old[64], new[64];

	snprintf(old, sizeof old, "%s/%s", from, id);
	snprintf(new, sizeof new, "%s/%s", to, id);
	/* Without NOREPLACE an empty directory of that name would give way. */
	if (syscall(SYS_renameat2, storefd, old, storefd, new,
	    RENAME_NOREPLACE) == -1 &&
	    (errno != EINVAL || renameat(storefd, old, storefd, new) == -1)) {
		warn("move record '%s' to '%s'", id, to);
		return -1;
	}
	if (io_sync_dir(storefd, to) == -1 ||
	    io_sync_dir(storefd, from) == -1) {
		warn("sync store");
		return -1;
	}
	return 0;
}
