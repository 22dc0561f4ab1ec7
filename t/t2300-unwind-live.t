#!/bin/sh
# SPDX-License-Identifier: ISC
# A live process: all of its threads, and it goes on; and who may not be read.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command cc jq

# Threads that wait, and a count of the signals that came.
cat >waits.c <<'EOC'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static volatile sig_atomic_t came;
static int there;
static void count(int sig) { (void)sig; came++; }
__attribute__((noinline)) static void *idle(void *p)
{
	__atomic_add_fetch(&there, 1, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
	return p;
}
int main(int argc, char **argv)
{
	pthread_t t;
	int n = argc > 1 ? atoi(argv[1]) : 0, all = n;
	signal(34, count);	/* of these, each one comes */
	while (n-- > 0)
		pthread_create(&t, NULL, idle, NULL);
	while (__atomic_load_n(&there, __ATOMIC_SEQ_CST) < all)
		usleep(1000);
	puts("ready");
	fflush(stdout);
	while (came < 500)
		sigsuspend(&(sigset_t){ 0 });
	return 0;
}
EOC
cc -g -o waits waits.c -lpthread || skip_all "no compiler"
mkfifo ready
./waits 20 >ready &
pid=$!
at_exit "kill -9 $pid 2>/dev/null"
read -r line <ready
snap got "$pid"
is "a process is read" "$status" 0
is "all of its threads" "$(get got '.threads | length')" 21
is "where they wait" "$(get got '[.threads[] | select([.frames[].function]
    | index("idle"))] | length')" 20
is "and the first" "$(get got '[.threads[0].frames[].function] |
    index("main") != null')" true
is "nobody crashed" "$(get got '[.threads[] | select(.crashed)] | length')" 0
is "no signal" "$(get got .signal)" null
is "how long it was stopped is told" "$(get got '.stopped_us > 0')" true
is "its name" "$(get got .process.comm)" waits
ok "it is alive" kill -0 "$pid"
unlike "and not stopped" "$(sed -n 's/^State:[[:space:]]*//p' \
    "/proc/$pid/status")" '^[tT]'
like "in words" "$(core-unwind "$pid")" 'waits is alive; it was stopped for'

# What comes as it is stopped must not be lost.
./waits 0 >ready &
busy=$!
at_exit "kill -9 $busy 2>/dev/null"
read -r line <ready
(
	n=0
	while test "$n" -lt 500 && kill -34 "$busy" 2>/dev/null; do
		n=$((n + 1))
	done
) &
sender=$!
n=0
while test "$n" -lt 20 && kill -0 "$busy" 2>/dev/null; do
	core-unwind "$busy" >/dev/null 2>&1
	n=$((n + 1))
done
wait "$sender"
ended()
{
	! grep -q '^State:[[:space:]]*[^Z]' "/proc/$busy/status" 2>/dev/null
}
ok "no signal that came meanwhile was lost" wait_for 20 ended

# Traced already.
if command -v gdb >/dev/null; then
	gdb -batch -nx -ex 'shell touch attached; sleep 30' -p "$pid" \
	    >gdb.out 2>&1 </dev/null &
	gdb=$!
	if wait_for 20 test -e attached; then
		core-unwind "$pid" >out 2>err
		is "one that is debugged is refused" "$?" 100
		like "and it is said" "$(cat err)" 'is tracing it already'
	else
		skip 2 "gdb does not attach"
	fi
	# shellcheck disable=SC2013
	for child in $(cat "/proc/$gdb/task/$gdb/children" 2>/dev/null); do
		kill "$child"
	done
	kill "$gdb" 2>/dev/null
	wait "$gdb" 2>/dev/null
else
	skip 2 "no gdb"
fi

# Nothing to be traced any more, or ever.
sh -c 'sleep 0.1 & echo $! >dead; exec sleep 100' &
parent=$!
is_zombie()
{
	grep -q '^State:[[:space:]]*Z' "/proc/$(cat dead)/status"
} 2>/dev/null
wait_for 20 is_zombie
core-unwind "$(cat dead)" >out 2>err
is "what has ended is refused" "$?" 100
like "and it is said" "$(cat err)" ': it has ended, '
kill "$parent"
# shellcheck disable=SC2009
kthread=$(ps -o pid=,ppid=,comm= -e | awk '$2 == 2 { print $1; exit }')
if test -n "$kthread"; then
	core-unwind "$kthread" >out 2>err
	is "a thread of the kernel is refused" "$?" 100
	like "and it is said" "$(cat err)" ': it is a thread of the kernel$'
else
	skip 2 "none is to be seen here"
fi

# Another user's.
if test "$(id -u)" -eq 0 && command -v setpriv >/dev/null; then
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    "$BUILD/bin/core-unwind" "$pid" >out 2>err
	is "another user's is refused" "$?" 100
	like "and it is said" "$(cat err)" 'belongs to user 0'
	chmod 755 .
	cp waits /tmp/waits.$$
	at_exit "rm -f /tmp/waits.$$"
	setpriv --reuid=65534 --regid=65534 --clear-groups /tmp/waits.$$ 2 \
	    >ready &
	theirs=$!
	at_exit "kill -9 $theirs 2>/dev/null"
	read -r line <ready
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    "$BUILD/bin/core-unwind" --json "$theirs" >got 2>err
	is "one's own is not" "$(jq '.threads | length' got)" 3
	snap got --user=nobody "$theirs"
	is "nor is root refused" "$(jq '.threads | length' got)" 3
else
	skip 4 "only root can be two users"
fi
finish
