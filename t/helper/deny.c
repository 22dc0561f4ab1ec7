/* SPDX-License-Identifier: ISC */
/*
 * deny NAME[,NAME]... COMMAND...: runs COMMAND with these system calls refused:
 * readv (process_vm_readv), pread (far into a file), scan (the ioctl PAGEMAP_SCAN), memfd,
 * uffd (userfaultfd).
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <err.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define SCAN 0xc0606610u
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
    offsetof(struct seccomp_data, field))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), \
    (yes), (no))
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, \
    SECCOMP_RET_ERRNO | (error))

static struct sock_filter filter[64];
static unsigned short length;

static void
add(const struct sock_filter *part, size_t size)
{
	memcpy(filter + length, part, size);
	length += (unsigned short)(size / sizeof *part);
}

static void
deny_call(unsigned number, int error)
{
	const struct sock_filter part[] = { LOAD(nr), IF(number, 0, 1),
	    REFUSE(error) };

	add(part, sizeof part);
}

/* Programs are loaded with it; /proc/PID/mem is read beyond 4 GiB. */
static void
deny_pread(void)
{
	const struct sock_filter part[] = { LOAD(nr), IF(SYS_pread64, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, args[3]) + 4),
	    IF(0, 1, 0), REFUSE(EPERM) };

	add(part, sizeof part);
}

static void
deny_scan(void)
{
	const struct sock_filter part[] = { LOAD(nr), IF(SYS_ioctl, 0, 3),
	    LOAD(args[1]), IF(SCAN, 0, 1), REFUSE(ENOTTY) };

	add(part, sizeof part);
}

int
main(int argc, char **argv)
{
	const struct sock_filter end = BPF_STMT(BPF_RET | BPF_K,
	    SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .filter = filter };
	char *name;

	if (argc < 3)
		errx(100, "usage: deny NAME[,NAME]... COMMAND...");
	for (name = strtok(argv[1], ","); name; name = strtok(NULL, ","))
		if (strcmp(name, "readv") == 0)
			deny_call(SYS_process_vm_readv, EPERM);
		else if (strcmp(name, "pread") == 0)
			deny_pread();
		else if (strcmp(name, "memfd") == 0)
			deny_call(SYS_memfd_create, EPERM);
		else if (strcmp(name, "uffd") == 0)
			deny_call(SYS_userfaultfd, EPERM);
		else if (strcmp(name, "scan") == 0)
			deny_scan();
		else
			errx(100, "deny '%s': not known", name);
	add(&end, sizeof end);
	program.len = length;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		err(111, "set a filter");
	execvp(argv[2], argv + 2);
	err(111, "run '%s'", argv[2]);
}
