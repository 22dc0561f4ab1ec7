#!/bin/sh
# SPDX-License-Identifier: ISC
# A frame's number is its depth, as gdb counts, whatever is folded or left out;
# and threads are told in the room that there is.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb

# Even and odd levels, a leaf that is inlined, and an end that is no recursion.
cat >deep.c <<'EOC'
#include <stdlib.h>
static int *volatile null_pointer;
static inline __attribute__((always_inline)) void leaf(void)
{ *null_pointer = 1; __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) static void bottom(void)
{ leaf(); __asm__ volatile("" ::: "memory"); }
static void odd(int);
__attribute__((noinline)) static void even(int n)
{ if (n == 0) bottom(); else odd(n - 1); __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) static void odd(int n)
{ even(n - 1); __asm__ volatile("" ::: "memory"); }
int main(int argc, char **argv) { even(atoi(argv[1])); return argc; }
EOC
cc -g -O1 -o deep deep.c

# gdb tells the inlined leaf twice, once for the line.
by_gdb()
{
	gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -ex 'set backtrace past-main on' \
	    -ex 'set backtrace past-entry on' -ex bt ./deep core 2>gdb.err |
	    sed -n 's/^#\([0-9]*\) *\(0x[0-9a-f]* in \)*\([A-Za-z_]*\).*/\1 \3/p' |
	    uniq
}

# Those of the report's first thread.
numbers()
{
	sed -n '/ crashed$/,/^Registers/s/^  #\([0-9]*\) *\([A-Za-z_]*\).*/\1 \2/p' \
	    text
}

for depth in 300 1500; do
	core_of core ./deep $depth
	by_gdb >theirs
	core-unwind core >text
	is "$depth: the innermost" "$(numbers | head -n 4)" \
	    "$(head -n 4 theirs)"
	like "$depth: the recursion is folded" "$(cat text)" \
	    'these frames again [1-9][0-9]+ times'
	like "$depth: main has a number" "$(numbers)" '^[0-9]+ main$'
	is "$depth: it is gdb's" "$(numbers | grep ' main$')" \
	    "$(grep ' main$' theirs)"
	is "$depth: so is the last" "$(numbers | tail -n 1)" \
	    "$(tail -n 1 theirs)"
	snap got core
	is "$depth: and in the JSON, with what was left out" \
	    "$(get got '.threads[0] | (.omitted // 0) as $n |
	    (.omitted_after // 0) as $at | .frames | to_entries[] |
	    select(.value.function == "main") |
	    "\(.key + (if .key < $at then 0 else $n end)) main"')" \
	    "$(grep ' main$' theirs)"
done
left=$(get got '.threads[0].omitted')
like "a gap" "$left" '^[1-9][0-9]+$'
like "is told" "$(cat text)" "^       .$left frames are left out here.\$"
# 800 addresses, and the first one has an inlined call.
is "behind as many frames as there are" \
    "$(get got '.threads[0].omitted_after')" 801

# No two frames alike: nothing folds, and both ends are shown.
{
	echo 'static int *volatile null_pointer;'
	echo 'static void f100(void) { *null_pointer = 1; }'
	i=99
	while test $i -ge 0; do
		echo "__attribute__((noinline)) static void f$i(void)"
		echo "{ f$((i + 1))(); __asm__ volatile(\"\" ::: \"memory\"); }"
		i=$((i - 1))
	done
	echo 'int main(void) { f0(); return 0; }'
} >chain.c
cc -g -O1 -fno-inline -fno-ipa-cp -o chain chain.c
core_of core ./chain
core-unwind core >text
like "a long stack: more frames" "$(cat text)" '\.\.\. [0-9]+ more frames'
like "the inner end" "$(cat text)" '^  #0 +f100 '
like "and the outer one" "$(cat text)" '^  #101 +main '

# --- threads that all wait elsewhere

{
	echo '#include <pthread.h>'
	echo '#include <unistd.h>'
	echo 'static int *volatile null_pointer;'
	echo 'static pthread_barrier_t all;'
	i=0
	while test $i -lt 40; do
		echo "__attribute__((noinline)) static void wait_in_$i(void)"
		echo '{ pthread_barrier_wait(&all);'
		echo 'pause(); __asm__ volatile("" ::: "memory"); }'
		echo "static void *t$i(void *p) { wait_in_$i(); return p; }"
		i=$((i + 1))
	done
	echo 'int main(int argc, char **argv) { pthread_t t;'
	echo 'pthread_barrier_init(&all, 0, 41);'
	i=0
	while test $i -lt 40; do
		echo "pthread_create(&t, 0, t$i, 0);"
		i=$((i + 1))
	done
	echo 'pthread_barrier_wait(&all); if (argc > 1) pause();'
	echo '*null_pointer = 1; return argv == 0; }'
} >forty.c
cc -g -O1 -pthread -o forty forty.c
core_of core ./forty
core-unwind core >text
ok "forty different stacks: short" test "$(wc -l <text)" -lt 200
ok "some of them in full" test "$(grep -c '^Thread [0-9]' text)" -gt 3
like "then a line each" "$(sed -n '/^Other threads/,/^$/p' text)" \
    '^  [0-9]+ ("forty" )?in wait_in_[0-9]+ < t[0-9]+( < |$)'
n=$(sed -n 's/^  and \([0-9]*\) more different stacks.*/\1/p' text)
is "and the others are counted" "$(($(grep -c '^Thread [0-9]' text) +
    $(sed -n '/^Other threads/,/^$/p' text | grep -c '^  [0-9]') + n))" 41
./forty alive &
alive=$!
at_exit "kill $alive 2>/dev/null"
# 41 threads, when all are there.
stacks()
{
	core-unwind "$alive" >live && test "$(grep -c '^Thread ' live)" -eq 41
}
ok "but all of a live process in full" wait_for 20 stacks
kill "$alive"
finish
