#!/bin/sh
# SPDX-License-Identifier: ISC
# A signal's frame whose trampoline has no call frame information, as those of
# Go and of musl: it is known by its code.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
test "$(uname -m)" = x86_64 || skip_all "the trampolines are x86-64's"

# on_signal CODE: the program whose restorer is that.
on_signal()
{
	cat >signal.c <<-EOC
	#define _GNU_SOURCE
	#include <signal.h>
	#include <stdlib.h>
	#include <sys/syscall.h>
	#include <unistd.h>
	struct { void (*handler)(int); unsigned long flags; void (*restorer)(void);
	    unsigned long mask; } action;
	void restorer(void);
	__asm__(".text\n.skip 64, 0xcc\n.globl restorer\n"
	    ".type restorer, @function\nrestorer: $1\n.size restorer, . - restorer\n"
	    ".skip 64, 0xcc\n");
	static void on_usr1(int sig) { if (sig) abort(); }
	__attribute__((noinline)) static void interrupted(void)
	{ raise(SIGUSR1); __asm__ volatile("" ::: "memory"); }
	int main(void)
	{
		action.handler = on_usr1;
		action.flags = 0x04000000;	/* SA_RESTORER */
		action.restorer = restorer;
		syscall(SYS_rt_sigaction, SIGUSR1, &action, 0, 8);
		interrupted();
		return 0;
	}
	EOC
	cc -g -O1 -o signal signal.c
	core_pass=SIGUSR1 core_of core ./signal
	snap got core
}

for code in 'movq $15, %rax; syscall' 'movl $15, %eax; syscall'; do
	on_signal "$code"
	like "$code: what the signal interrupted is found" "$(names got)" \
	    'abort on_usr1 restorer .*interrupted main'
	unlike "$code: by nothing less than the kernel's frame" "$(trusts got)" \
	    'scan|fp'
	is "$code: a signal's frame" "$(get got '[.threads[0].frames[] |
	    select(.signal_frame) | .function] | join(" ")')" restorer
	rm -f core
done
on_signal 'movl $14, %eax; syscall'
is "another system call ends no handler" "$(get got '[.threads[0].frames[] |
    select(.signal_frame)] | length')" 0
finish
