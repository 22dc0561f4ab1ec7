/* SPDX-License-Identifier: ISC */
#include "osrelease.h"

#include <linux/openat2.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "io.h"
#include "text.h"
#include "xalloc.h"

#define FILE_BYTES	16384
#define VALUE_BYTES	256

/* A path below ROOT as if that were "/", to be looked at only. */
static int
open_below(int root, const char *path, uint64_t resolve)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve
	};

	return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/* The bytes of the file that FD names; NULL with errno. */
static char *
read_pinned(int fd)
{
	char path[32], *text = NULL;
	struct stat st;
	ssize_t n;
	int in;

	/* A device could do anything when it is opened. */
	if (fstat(fd, &st) == -1)
		return NULL;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return NULL;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	in = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in == -1)
		return NULL;
	text = xmalloc(FILE_BYTES + 1);
	n = io_read(in, text, FILE_BYTES);
	text[n > 0 ? n : 0] = '\0';
	close(in);
	return text;
}

static char *
read_file(int root, uint64_t resolve)
{
	static const char *const paths[] = { "etc/os-release",
	    "usr/lib/os-release" };
	char *text = NULL;
	int fd = -1;

	for (size_t i = 0; text == NULL &&
	    i < sizeof paths / sizeof paths[0]; i++) {
		fd = open_below(root, paths[i], resolve);
		text = fd == -1 ? NULL : read_pinned(fd);
		if (fd != -1)
			close(fd);
		if (fd == -1 && errno != ENOENT)
			break;
	}
	return text;
}

/* A word of the shell, LEN bytes of it, as os-release(5) allows. */
static char *
unquote(const char *word, size_t len)
{
	char quote = len > 1 && (*word == '"' || *word == '\'') &&
	    word[len - 1] == *word ? *word : '\0';
	char *value = xmalloc(VALUE_BYTES + 1);
	size_t n = 0;

	if (quote != '\0') {
		word++;
		len -= 2;
	}
	for (size_t i = 0; i < len && n < VALUE_BYTES; i++) {
		if (word[i] == '\\' && quote != '\'' && i + 1 < len)
			i++;
		value[n++] = word[i];
	}
	value[n] = '\0';
	return value;
}

static void
parse(struct osrelease *r, const char *text)
{
	const struct { const char *name; char **value; } keys[] = {
		{ "ID=", &r->id }, { "VERSION_ID=", &r->version_id },
		{ "PRETTY_NAME=", &r->pretty_name }
	};

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
			size_t n = strlen(keys[i].name);

			if (len < n || strncmp(text, keys[i].name, n) != 0)
				continue;
			/* As in the shell, the last one counts. */
			free(*keys[i].value);
			*keys[i].value = unquote(text + n, len - n);
		}
		text += len + (text[len] == '\n');
	}
}

/*
 * The root of P, or -1 with why. A root that is a mount point is in the list
 * of its mounts; one that is not is looked at only where no file system of the
 * machine is of a kind that even this could have to wait for.
 */
static int
open_root(const struct process *p, const char **why)
{
	int is_sure = device_root_is_local(p);
	struct statx stx;
	int root;

	*why = "its root is not on a local file system";
	if (is_sure == 0 || (is_sure == -1 && device_any_remote()))
		return -1;
	root = openat(p->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root == -1) {
		*why = strerror(errno);
		return -1;
	}
	if (is_sure == 1)
		return root;
	/* What the kernel knows of it: the file system is not asked. */
	if (statx(root, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE,
	    &stx) == -1 ||
	    !device_is_sure(p, stx.stx_dev_major, stx.stx_dev_minor)) {
		close(root);
		return -1;
	}
	return root;
}

void
osrelease_read(struct osrelease *r, const struct process *p, uid_t owner,
    gid_t gid, struct missing *m)
{
	const char *why;
	char *text = NULL;
	int root;

	if (p->dir == -1)
		return;
	root = open_root(p, &why);
	if (root != -1) {
		/*
		 * He made links to files that only root may read: he would
		 * find them in his record.
		 */
		if (owner != 0) {
			setfsgid(gid);
			setfsuid(owner);
		}
		text = read_file(root, device_all_local(p) ? 0 :
		    RESOLVE_NO_XDEV);
		why = strerror(errno);
		if (owner != 0) {
			setfsuid(geteuid());
			setfsgid(getegid());
		}
		close(root);
	}
	if (text == NULL)
		missing_note(m, "os_release: %s", why);
	else
		parse(r, text);
	free(text);
}
