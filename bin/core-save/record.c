/* SPDX-License-Identifier: ISC */
#include "record.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acl.h"
#include "io.h"
#include "layout.h"
#include "memfile.h"
#include "text.h"

/* Never a name that is there already, whatever it leads to. */
#define MAKE (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Room for the table of a cut core and for meta.json on a full disk. */
#define RESERVE (256 << 10)
#define RESERVE_LEAST (64 << 10)

/* Of a small core it is not worth what it costs while so much is free. */
#define SMALL (UINT64_C(64) << 20)
#define ROOMY (UINT64_C(1) << 30)

int
record_create(const struct record *r, const char *name, struct missing *m)
{
	int fd = openat(r->dir, name, MAKE, 0600);

	if (fd == -1) {
		missing_matters(m, "core: create '%s': %s", name,
		    strerror(errno));
		return -1;
	}
	/* Not what the directory's default ACL made of it. */
	if (geteuid() == 0 && r->owner != 0 &&
	    acl_grant_file(fd, r->owner) == -1)
		missing_matters(m, "access: %s: %s", name, strerror(errno));
	return fd;
}

static int
is_roomy(const struct record *r, uint64_t most)
{
	struct statvfs fs;

	return most != 0 && most <= SMALL && fstatvfs(r->dir, &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize > ROOMY;
}

static void
open_core(struct record *r, uint64_t most, struct missing *m)
{
	r->core = record_create(r, "core.zst", m);
	if (r->core == -1 || is_roomy(r, most))
		return;
	r->reserve = openat(r->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
	    0600);
	if (r->reserve != -1 &&
	    fallocate(r->reserve, 0, 0, RESERVE) == -1 &&
	    fallocate(r->reserve, 0, 0, RESERVE_LEAST) == -1)
		record_use_reserve(r);
}

int
record_open(struct record *r, const struct options *o, uint64_t most,
    struct missing *m)
{
	struct stat st;

	r->dir = r->core = r->reserve = -1;
	if (o->id != NULL)
		memcpy(r->id, o->id, sizeof r->id);
	else
		uuid7_make(r->id);
	r->store = layout_open(o->store);
	if (r->store == -1)
		return -1;
	r->dir = layout_record(r->store, r->id);
	if (r->dir == -1)
		return -1;
	/* It may hold a trace by now, but nothing that is for us to make. */
	if (fstatat(r->dir, "core.zst", &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    fstatat(r->dir, "meta.json", &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    fstatat(r->dir, "proc", &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    fstatat(r->dir, "modules", &st, AT_SYMLINK_NOFOLLOW) == 0) {
		warnx("refuse record '%s': something was saved in it before",
		    r->id);
		close(r->dir);
		r->dir = -1;
		return -1;
	}
	if (layout_grant(r->dir, r->owner) == -1) {
		missing_matters(m, "access: only root can read this record: "
		    "the file system has no ACLs");
		r->owner = 0;
	}
	if (o->keep != KEEP_NONE)
		open_core(r, most, m);
	return 0;
}

static int
write_file(int dir, const char *name, const char *data, size_t len)
{
	int fd = openat(dir, name, MAKE, 0640);
	int rc, saved;

	if (fd == -1)
		return -1;
	rc = io_write(fd, data, len);
	saved = errno;
	close(fd);
	if (rc == -1)
		unlinkat(dir, name, 0);
	errno = saved;
	return rc;
}

void
record_write_proc(struct record *r, const struct process *p,
    struct missing *m)
{
	int dir;

	if (p->dir == -1)
		return;
	if (mkdirat(r->dir, "proc", 0750) == -1 ||
	    (dir = openat(r->dir, "proc", DIR_FLAGS)) == -1) {
		missing_matters(m, "proc: create it: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < PROC_FILES; i++)
		if (p->file[i].data != NULL && write_file(dir, proc_name[i],
		    p->file[i].data, p->file[i].len) == -1)
			missing_matters(m, "proc/%s: write it: %s",
			    proc_name[i], strerror(errno));
	close(dir);
}

int
record_write_meta(struct record *r, const struct meta *meta)
{
	static const char temporary[] = "meta.json.new";
	struct memfile text;
	int rc, saved;

	if (memfile_open(&text) == -1)
		return -1;
	meta_write(text.file, meta);
	if (memfile_close(&text) == -1)
		return -1;
	rc = write_file(r->dir, temporary, text.text, text.len);
	if (rc == 0)
		rc = renameat(r->dir, temporary, r->dir, "meta.json");
	saved = errno;
	free(text.text);
	errno = saved;
	return rc;
}

void
record_use_reserve(struct record *r)
{
	if (r->reserve != -1)
		close(r->reserve);
	r->reserve = -1;
}

static int
sync_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int rc;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static int
sync_all(const struct record *r)
{
	int dir = openat(r->dir, "proc", DIR_FLAGS);
	int rc = sync_file(r->dir, "meta.json");

	if (dir != -1) {
		for (int i = 0; i < PROC_FILES; i++)
			rc |= sync_file(dir, proc_name[i]);
		rc |= fsync(dir);
		close(dir);
	}
	return rc | fsync(r->dir);
}

int
record_publish(struct record *r)
{
	if (sync_all(r) == -1) {
		warn("sync record '%s'", r->id);
		return -1;
	}
	return layout_move(r->store, r->id, LAYOUT_NEW, LAYOUT_PENDING);
}

/* Is PATH something that a rename would destroy? */
static int
is_special(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return 0;
	/* Another user's link is not followed: it is a name to be replaced. */
	if (S_ISLNK(st.st_mode) && ((st.st_uid != 0 &&
	    st.st_uid != geteuid()) || stat(path, &st) == -1))
		return 0;
	return S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode) ||
	    S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode);
}

static int
open_special(struct outfile *f)
{
	/* A pipe that nobody reads is not waited for. */
	f->fd = open(f->path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (f->fd == -1 || fcntl(f->fd, F_SETFL, O_WRONLY) == -1) {
		warn("open '%s'", text_show(f->path));
		return -1;
	}
	return 0;
}

int
outfile_open(struct outfile *f, const char *path)
{
	char id[UUID7_LENGTH + 1], *parent;
	const char *slash = strrchr(path, '/');

	*f = (struct outfile){ .path = path, .fd = STDOUT_FILENO, .dir = -1 };
	if (strcmp(path, "-") == 0)
		return 0;
	if (is_special(path))
		return open_special(f);
	parent = slash == NULL ? strdup(".") :
	    strndup(path, (size_t)(slash - path) + 1);
	f->name = slash == NULL ? path : slash + 1;
	f->dir = parent == NULL ? -1 :
	    open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(parent);
	uuid7_make(id);
	snprintf(f->temporary, sizeof f->temporary, ".core-save.%s", id);
	if (f->dir == -1 ||
	    (f->fd = openat(f->dir, f->temporary, MAKE, 0600)) == -1) {
		warn("create '%s'", text_show(path));
		return -1;
	}
	return 0;
}

int
outfile_close(struct outfile *f, int keep)
{
	if (f->dir == -1)
		return 0;
	if (keep && fsync(f->fd) == 0 &&
	    renameat(f->dir, f->temporary, f->dir, f->name) == 0 &&
	    fsync(f->dir) == 0)
		return 0;
	if (keep)
		warn("write '%s'", text_show(f->path));
	unlinkat(f->dir, f->temporary, 0);
	return -1;
}
