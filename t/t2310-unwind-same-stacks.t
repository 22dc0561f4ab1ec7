#!/bin/sh
# SPDX-License-Identifier: ISC
# Threads that stand in the same place share words in the snapshot; those that
# stand elsewhere do not. Each thread's name says how deep it is, there are more
# depths than stacks are kept, and each depth comes twice.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command cc jq

cat >depths.c <<'EOC'
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static pthread_barrier_t ready;
__attribute__((noinline)) static int deeper(long n)
{
	volatile int r = 0;
	if (n > 1)
		r = deeper(n - 1);
	else {
		pthread_barrier_wait(&ready);
		for (;;)
			pause();
	}
	return r + 1;
}
static void *start(void *p)
{
	char name[16];
	snprintf(name, sizeof name, "depth%ld", (long)p);
	pthread_setname_np(pthread_self(), name);
	deeper((long)p);
	return p;
}
int main(void)
{
	pthread_t t;
	pthread_barrier_init(&ready, NULL, 161);
	for (long i = 0; i < 160; i++)
		pthread_create(&t, NULL, start, (void *)(i % 80 + 1));
	pthread_barrier_wait(&ready);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
EOC
cc -g -O0 -o depths depths.c -lpthread || skip_all "no compiler"
mkfifo ready
./depths >ready &
pid=$!
at_exit "kill -9 $pid 2>/dev/null"
read -r line <ready
asleep()
{
	snap got "$pid"
	test "$(get got '[.threads[] | select([.frames[].function // ""] |
	    any(contains("pause")))] | length')" = 161
}
wait_for 10 asleep
is "a process of many depths is read" "$status" 0
is "all of its threads" "$(get got '.threads | length')" 161
is "each as deep as its name says" "$(get got '[.threads[1:][] |
    select(.name != "depth\([.frames[] | select(.function == "deeper")] |
    length)") | .name] | length')" 0
is "two of each" "$(get got '[.threads[1:][].frames | map(.pc)] | group_by(.) |
    map(length) | unique | map(tostring) | join(" ")')" 2
tid=$(get got '.threads[77].tid')
core-unwind --json --thread="$tid" "$pid" >alone
is "in the words of one that is alone" "$(get got '.threads[77].frames | tojson')" \
    "$(jq -r '.threads[0].frames | tojson' alone)"
finish
