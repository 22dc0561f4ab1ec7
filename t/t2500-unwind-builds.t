#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs built in the ways that take an unwinder's means away one by one.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc

# crash NAME PROGRAM ARGUMENTS: its snapshot.
crash()
{
	local to="$1"
	shift
	core_of "$to.core" "$@" && snap "$to" "$to.core"
}

for build in wreck wreck-static wreck-static-pie wreck-nopie wreck-fp wreck-32
do
	if test ! -x "$BUILD/t/$build"; then
		skip 2 "no $build"
		continue
	fi
	crash got "$build" null
	is "$build" "$(names got 4)" "die_null inner outer main"
	is "$build: to its end" "$(get got '.threads[0].truncated')" false
done

crash got wreck callnull
is "a call through null is named by its caller" "$(names got 5)" \
    "?? die_callnull inner outer main"
is "and says how it was found" "$(trusts got | cut -d ' ' -f 1-3)" \
    "context call cfi"
like "and why" "$(get got .cause)" 'null function pointer'
crash got wreck wild
is "a wild call too" "$(names got 5)" "?? die_wild inner outer main"
is "found the same way" "$(trusts got | cut -d ' ' -f 1-3)" "context call cfi"

crash got wreck inline
is "inlined calls are frames" "$(names got 4)" \
    "inlined_twice inlined_once die_inline inner"
is "marked so" "$(get got '[.threads[0].frames[:4][].inline] | tostring')" \
    '[true,true,false,false]'
is "of one address" "$(get got '[.threads[0].frames[:3][].pc] | unique
    | length')" 1
is "each with its own line" "$(get got '[.threads[0].frames[:3][].line]
    | unique | length')" 3

core_at=SIGABRT
crash got wreck handler
core_at=
like "below a signal handler is what it interrupted" "$(names got)" \
    'on_signal .* die_handler inner outer main'
is "the handler's frame is marked" "$(get got '[.threads[0].frames[]
    | select(.signal_frame)] | length')" 1

# --- neither call frame information nor a frame pointer

cat >bare.c <<'EOC'
static int *volatile null;
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
KEEP void leaf(void) { *null = 7; STAY(); }
KEEP void middle(void) { volatile char room[64]; room[0] = 1; leaf(); STAY(); }
KEEP void upper(void) { volatile char room[32]; room[0] = 1; middle(); STAY(); }
int main(void) { upper(); STAY(); return 0; }
EOC
no_cfi="-O1 -fno-asynchronous-unwind-tables -fno-unwind-tables
    -fno-stack-protector -fcf-protection=none"
# shellcheck disable=SC2086
if cc $no_cfi -fno-omit-frame-pointer -o bare-fp bare.c 2>cc.err; then
	crash got ./bare-fp
	is "with frame pointers" "$(names got 4)" "leaf middle upper main"
	like "they are what it was found by" "$(trusts got)" '^context fp fp fp'
else
	skip 2 "cc: $(tail -n 1 cc.err)"
fi
# shellcheck disable=SC2086
if cc $no_cfi -fomit-frame-pointer -o bare bare.c 2>cc.err; then
	crash got ./bare
	is "without them" "$(names got 4)" "leaf middle upper main"
	like "the stack was searched" "$(trusts got)" '^context fp scan scan'
	core-unwind got.core >text
	like "and the report says that it is a guess" "$(cat text)" \
	    '#2 +upper .*\[scan\]'
else
	skip 3 "cc: $(tail -n 1 cc.err)"
fi

# --- a stack that ran over

sh -c 'ulimit -s 1024; exec gdb -batch -nx -iex "set debuginfod enabled off" \
    -iex "set startup-with-shell off" -ex run \
    -ex "generate-core-file deep.core" --args wreck stack' \
    >gdb.out 2>&1 </dev/null
snap got deep.core
like "the cause is a stack overflow" "$(get got .cause)" '^stack overflow'
is "the function is named" "$(names got 1)" die_stack
like "and what began it" "$(names got 9999)" 'die_stack inner outer main'
core-unwind deep.core >text
ok "a report of it is short" test "$(grep -c die_stack text)" -lt 10
like "and says how often" "$(cat text)" 'again [0-9]+ times'
unlike "the signature names it once" "$(get got .fingerprint.signature)" \
    'die_stack.*die_stack'

# --- the vdso

cat >vdso.c <<'EOC'
#include <time.h>
#include <sys/auxv.h>
int main(void)
{
	/* The last page it could be asked to write to. */
	return clock_gettime(CLOCK_MONOTONIC, (struct timespec *)16);
}
EOC
cc -o vdso vdso.c
crash got ./vdso
if get got '.threads[0].frames[0].module' | grep -q vdso; then
	like "a crash in the vdso is named" "$(names got)" \
	    '^__vdso_clock_gettime .*main'
else
	skip 1 "this machine's clock is no business of the vdso"
fi
is "the vdso is a module" "$(get got '[.modules[] | select(.path == "[vdso]")]
    | length')" 1

# --- what it said as it died

crash got wreck assert
like "an assertion" "$(get got .message)" 'Assertion `zero == 3'
like "and the cause" "$(get got .cause)" '^assertion failed'
cat >last.c <<'EOC'
#include <stdlib.h>
#include <string.h>
__attribute__((noinline)) static void twice(char *p) { free(p); free(p); }
__attribute__((noinline)) static void smash(const char *s)
{
	char room[8];
	strcpy(room, s);
	__asm__ volatile("" :: "r"(room) : "memory");
}
int main(int argc, char **argv)
{
	if (argc > 1)
		smash(argv[1]);
	twice(malloc(40));
	return 0;
}
EOC
cc -w -g -O1 -U_FORTIFY_SOURCE -fstack-protector-all -o last last.c
crash got ./last
like "a double free" "$(get got .message)" 'double free'
like "and the cause" "$(get got .cause)" 'double free'
crash got ./last aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
like "a smashed stack" "$(get got .message)" 'stack smashing'
like "and the cause" "$(get got .cause)" '^stack smashing'
if test -x "$BUILD/t/thrower"; then
	crash got thrower
	is "an exception" "$(get got .message)" \
	    'uncaught C++ exception volume::disk_full: disk quota exceeded for volume 7'
	like "demangled" "$(names got)" 'volume::writer::flush'
else
	skip 2 "no C++ compiler"
fi
finish
