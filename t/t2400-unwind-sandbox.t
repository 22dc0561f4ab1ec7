#!/bin/sh
# SPDX-License-Identifier: ISC
# The sandbox, poked from inside: a program that closes it around itself with
# core-unwind's own object files, and then tries.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command cc jq
test -z "${SAN-}" || skip_all "sanitizers need what the sandbox refuses"

cat >poke.c <<'EOC'
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sandbox.h"
static void say(const char *what, long rc)
{
	printf("%s %s\n", what, rc == -1 ? "refused" : "ALLOWED");
}
int main(int argc, char **given)
{
	struct strings missing = { 0 };
	char *argv[] = { (char *)"true", NULL };
	const char *closed[] = { argc > 1 ? given[1] : "/none", NULL };
	long rc;
	int fd;

	setvbuf(stdout, NULL, _IONBF, 0);
	prctl(PR_SET_DUMPABLE, 0);	/* abort() below is for nobody */
	sandbox_enter(64 << 20, closed, &missing);
	for (size_t i = 0; i < missing.count; i++)
		printf("missing %s\n", missing.item[i]);
	/* What it is for. */
	fd = open("poke.c", O_RDONLY);
	printf("reading %s\n", fd != -1 ? "works" : "FAILS");
	say("write-open", open("poke.c", O_WRONLY));
	say("read-write-open", open("poke.c", O_RDWR));
	say("append", open("poke.c", O_WRONLY | O_APPEND));
	say("create", open("made", O_RDONLY | O_CREAT, 0600));
	say("truncate-open", open("poke.c", O_RDONLY | O_TRUNC));
	say("unnamed", open(".", O_TMPFILE | O_RDWR, 0600));
	say("openat2", syscall(SYS_openat2, AT_FDCWD, "poke.c", NULL, 0));
	say("creat", syscall(SYS_creat, "made", 0600));
	say("unlink", unlink("poke.c"));
	say("rename", rename("poke.c", "poked.c"));
	say("link", link("poke.c", "poked.c"));
	say("symlink", symlink("poke.c", "poked.c"));
	say("mkdir", mkdir("made", 0700));
	say("mkfifo", mkfifo("made", 0600));
	say("chmod", chmod("poke.c", 0777));
	say("chown", chown("poke.c", 1, 1));
	say("utimes", utimensat(AT_FDCWD, "poke.c", NULL, 0));
	say("xattr", syscall(SYS_setxattr, "poke.c", "user.x", "y", 1, 0));
	say("mount", mount("none", "/mnt", "tmpfs", 0, NULL));
	say("chroot", chroot("/"));
	rc = syscall(SYS_fork);
	if (rc == 0)
		_exit(0);
	say("fork", rc);
	rc = syscall(SYS_vfork);
	if (rc == 0)
		_exit(0);
	say("vfork", rc);
	rc = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (rc == 0)
		_exit(0);
	say("clone", rc);
	say("clone3", syscall(SYS_clone3, NULL, 0));
	say("socket", socket(AF_INET, SOCK_STREAM, 0));
	say("unix-socket", socket(AF_UNIX, SOCK_STREAM, 0));
	say("kill", kill(getppid(), 0));
	say("kill-one", syscall(SYS_tkill, 1, 0));
	say("tgkill-others", syscall(SYS_tgkill, getppid(), getppid(), 0));
	say("ptrace", ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
	say("process_vm_readv", syscall(SYS_process_vm_readv, getppid(), NULL,
	    0, NULL, 0, 0));
	say("bpf", syscall(SYS_bpf, 0, NULL, 0));
	say("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
	say("memfd", syscall(SYS_memfd_create, "x", 0));
	say("unshare", syscall(SYS_unshare, 0));
	say("setuid", setuid(0) == 0 ? syscall(SYS_setuid, 0) : -1);
	say("64-MiB-and-more", malloc(80 << 20) == NULL ? -1 : 0);
	execv("/bin/true", argv);
	say("exec", -1);
	abort();
}
EOC
build_inside poke
prlimit --core=0 ./poke >out 2>/dev/null
is "abort() ends it: a library's assertion is a death, not a loop" "$?" 134
if grep -q '^missing sandbox: no seccomp' out; then
	skip 35 "no seccomp here"
else
	ok "reading works" grep -q '^reading works' out
	while read -r what verdict; do
		case $verdict in
		refused|ALLOWED) is "$what" "$verdict" refused ;;
		esac
	done <out
	ok "all of it was tried" grep -q '^exec refused' out
fi
is "nothing came of it" "$(ls)" "cc.out
out
poke
poke.c"

# The real one says what of its sandbox it could not have, or has it.
minicore >core
snap got core
kernel_has()
{
	grep -q "^missing sandbox: no $1" out && echo no || echo yes
}
for part in seccomp Landlock; do
	is "core-unwind says as much of $part" \
	    "$(get got '.missing | tostring' | grep -q "sandbox: no $part" &&
	    echo no || echo yes)" "$(kernel_has "$part")"
done
finish
