#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs that catch their own crash and then end themselves by a signal: the
# cause is what they caught.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
test "$(uname -m)" = x86_64 || skip_all "frames of signals are x86-64's"

cc -O1 -g -o handled -x c - <<'EOC'
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct shelf { int book[100], last; };
static struct shelf *volatile shelf;
static void (*volatile nowhere)(void);
static volatile int zero;
static char *volatile text = (char *)(uintptr_t)0x1234567890abcdef;

static void again(int sig) { signal(sig, SIG_DFL); raise(sig); }
static void abort_of(int sig) { (void)sig; abort(); }
static void abort_told(int sig, siginfo_t *si, void *context)
{
	(void)sig; (void)si; (void)context;
	abort();
}

int
main(int argc, char **argv)
{
	static const int caught[] = { SIGSEGV, SIGFPE, SIGILL, SIGUSR1 };
	struct sigaction sa = { .sa_handler = abort_of };

	if (argc != 3)
		return 1;
	if (strcmp(argv[1], "again") == 0)
		sa.sa_handler = again;
	else if (strcmp(argv[1], "told") == 0) {
		sa.sa_sigaction = abort_told;
		sa.sa_flags = SA_SIGINFO;
	}
	for (int i = 0; i < 4; i++)
		sigaction(caught[i], &sa, NULL);
	if (strcmp(argv[2], "field") == 0)
		return shelf->last;
	if (strcmp(argv[2], "call") == 0)
		nowhere();
	if (strcmp(argv[2], "wild") == 0)
		return *text;
	if (strcmp(argv[2], "trap") == 0)
		__builtin_trap();
	if (strcmp(argv[2], "divide") == 0)
		return 100 / zero;
	raise(SIGUSR1);
	return 0;
}
EOC

# by HOW WHAT ERE: the cause when the handler HOW ends it.
by()
{
	rm -f core
	if test "$1" = again; then
		gdb -batch -nx -iex 'set debuginfod enabled off' \
		    -iex 'set startup-with-shell off' \
		    -ex 'handle SIGSEGV SIGILL nostop noprint pass' \
		    -ex 'tbreak again' -ex run \
		    -ex 'handle SIGSEGV SIGILL stop' -ex continue \
		    -ex 'generate-core-file core' --args ./handled "$1" "$2" \
		    >gdb.out 2>&1 </dev/null
	else
		core_at=SIGABRT core_pass=$4 core_of core ./handled "$1" "$2"
	fi
	snap got core
	like "$1, $2" "$(get got .cause)" "$3"
}

field='^null pointer dereference: read of 4 bytes from 0x190 \(rax=0x0 '
wild='non-canonical address: read of 1 byte from 0x1234567890abcdef'
by of field "^abort\\(\\) was called, in a handler of SIGSEGV: ${field#^}" SIGFPE
by told field "in a handler of SIGSEGV: ${field#^}" SIGFPE
by of wild "in a handler of SIGSEGV: $wild" SIGFPE
by told wild "in a handler of SIGSEGV: $wild" SIGFPE
by of call "in a handler of SIGSEGV: call through a null function pointer" SIGFPE
is "and who called is on the stack" "$(get got '.threads[0].frames |
    map(select(.function == "main" or .pc == "0x0") | .function // "nobody") |
    join(" ")')" "nobody main"
by told divide "in a handler of SIGFPE: integer division by zero" SIGFPE
by told raise "in a handler of SIGUSR1: the process sent SIGUSR1 to itself\$" \
    SIGUSR1
# Where no siginfo was written, and the trap is none of this signal's.
by of raise "^abort\\(\\) was called, in a handler of an earlier signal\$" SIGUSR1
by again field "^the process sent SIGSEGV to itself, after SIGSEGV: ${field#^}"
by again wild "itself, after SIGSEGV: $wild"
by again trap "^the process sent SIGILL to itself, after SIGILL: .*ud2"
by again call "itself, after SIGSEGV: call through a null function pointer"

# What may be read and is only passed by is no fault.
cc -O1 -g -o innocent -x c - <<'EOC'
#include <signal.h>
#include <unistd.h>
static volatile int count;
int
main(void)
{
	for (;;)
		if (++count == 1000)
			kill(getpid(), SIGSEGV);
}
EOC
core_of core ./innocent
snap got core
is "one that nothing was wrong with" "$(get got .cause)" \
    "the process sent SIGSEGV to itself"
finish
