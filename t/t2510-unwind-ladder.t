#!/bin/sh
# SPDX-License-Identifier: ISC
# What a stack may not become, whatever is on it: endless, or longer than it
# was. And what is left of it when one thing after the other is taken away.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc

cat >prog.c <<'EOC'
#include <stdlib.h>
#include <string.h>
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
static int *volatile null;
static char *mode;
static long data[64];
KEEP void die(void) { *null = 7; STAY(); }
/* Its frame: the caller's frame pointer, the return address. */
KEEP void spoil(void)
{
	long *frame = __builtin_frame_address(0);

	if (strcmp(mode, "heap") == 0)
		frame[1] = (long)malloc(16);
	else if (strcmp(mode, "data") == 0)
		frame[1] = (long)data;
	else if (strcmp(mode, "nowhere") == 0)
		frame[1] = 0x1234567890;
	else if (strcmp(mode, "loop") == 0)
		frame[0] = (long)frame;
	else if (strcmp(mode, "back") == 0)
		frame[0] = (long)frame - 64;
	die();
	STAY();
}
KEEP void inner(void) { spoil(); STAY(); }
KEEP void outer(void) { inner(); STAY(); }
int main(int argc, char **argv)
{
	mode = argc > 1 ? argv[1] : "";
	outer();
	STAY();
	return 0;
}
EOC
flags="-O1 -fno-omit-frame-pointer -fno-stack-protector -fcf-protection=none"
is_code()
{
	is "$1: no caller that is no code" "$(get got \
	    '[.threads[0].frames[] | select(.module == null)] | length')" 0
}

# shellcheck disable=SC2086
cc $flags -o prog prog.c || skip_all "no compiler"
for mode in heap data nowhere; do
	core_of core ./prog $mode
	snap got core
	is "a return address that points to $mode" "$(names got 2)" "die spoil"
	is_code "$mode"
	# The rest is found by what else is on the stack.
	like "$mode: what called it is found again, and marked" \
	    "$(trusts got)" '^context cfi (fp|scan)'
	like "$mode: down to main" "$(names got)" ' outer main'
done
# shellcheck disable=SC2086
cc $flags -fno-asynchronous-unwind-tables -fno-unwind-tables -o prog prog.c
for mode in loop back; do
	core_of core ./prog $mode
	ok "frame pointers: $mode: it comes to an end" snap got core
	ok "$mode: and is no longer than it was" test \
	    "$(get got '.threads[0].frames | length')" -le 12
	is_code "$mode"
done

# --- a bounded search: too far is too far

cat >far.c <<'EOC'
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
static int *volatile null;
KEEP void die(void) { volatile char room[SIZE]; room[0] = 1;
    room[SIZE - 1] = 1; *null = 7; STAY(); }
KEEP void inner(void) { die(); STAY(); }
int main(void) { inner(); STAY(); return 0; }
EOC
bare="-O1 -fomit-frame-pointer -fno-asynchronous-unwind-tables
    -fno-unwind-tables -fno-stack-protector -fcf-protection=none"
for size in 256 65536; do
	# shellcheck disable=SC2086
	cc $bare -DSIZE=$size -o far far.c
	core_of core ./far
	snap got core
	test $size -eq 256 && want="die inner main" || want=die
	like "neither table nor frame pointer, $size bytes" "$(names got 3)" \
	    "^$want"
done
is "what was not found is said to be missing" \
    "$(get got '.threads[0].truncated')" true

# --- recursion: once, with its count; and both ends

sh -c 'ulimit -s 4096; exec gdb -batch -nx -iex "set debuginfod enabled off" \
    -iex "set startup-with-shell off" -ex run \
    -ex "generate-core-file deep.core" --args wreck stack' \
    >gdb.out 2>&1 </dev/null
snap got deep.core
like "a stack that ran over: the end that crashed" "$(names got 1)" die_stack
like "and the outermost one" "$(names got 99999)" 'inner outer main.*_start$'
core-unwind deep.core >text
count=$(sed -n 's/.*again \([0-9]*\) times.*/\1/p' text | sort -n | tail -n 1)
ok "folded, with its count" test "${count:-0}" -gt 500
snap all --frames=200000 deep.core
is "asked for, all frames are there" \
    "$(get all '[.threads[0].frames[-3:][].function] | join(" ")')" \
    "$(get got '[.threads[0].frames[-3:][].function] | join(" ")')"
ok "more than are kept otherwise" test "$(get all '.threads[0].frames | length')" -gt 1000
finish
