#!/bin/sh
# SPDX-License-Identifier: ISC
# Functions that ended in a jump to the next one are on no stack. Those that
# must have been there are told, as gdb has them; where it may have been the one
# or the other, neither is.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc

cat >far.c <<'EOC'
#define KEEP __attribute__((noinline))
extern volatile int sink;
KEEP int leaf(int *p, int n) { *p = n; return sink + n; }
KEEP int third(int *p, int n) { sink++; return leaf(p, n + 3); }
EOC
cat >near.c <<'EOC'
#include <string.h>
#define KEEP __attribute__((noinline))
volatile int sink;
int (*volatile pointer)(int *, int);
int leaf(int *p, int n), third(int *p, int n);
KEEP int second(int *p, int n) { sink++; return third(p, n + 2); }
KEEP int first(int *p, int n) { sink++; return second(p, n + 1); }
KEEP int left(int *p, int n) { sink++; return leaf(p, n + 5); }
KEEP int right(int *p, int n) { sink++; return leaf(p, n + 6); }
KEEP int either(int *p, int n) {
	sink++; return n > 3 ? left(p, n) : right(p, n); }
KEEP int around(int *p, int n) { sink++; return either(p, n + 1); }
KEEP int hidden(int *p, int n) {
	sink++; return n > 9 ? pointer(p, n) : leaf(p, n); }
KEEP size_t length(const char *s) { sink++; return strlen(s); }
KEEP int again(int *p, int n) {
	sink++; return n > 0 ? again(p, n - 1) : leaf(p, n); }
int main(int argc, char **argv) {
	int r = argc;
	pointer = second;
	switch (argv[1][0]) {
	case 'c': r += first(0, 10); break;
	case 'a': r += around(0, 7); break;
	case 'h': r += hidden(0, 3); break;
	case 's': r += (int)length(argv[2]); break;
	case 'r': r += again(0, 3); break;
	}
	return r;
}
EOC

# Up to main, what jumped with a mark.
ours()
{
	jq -r '[.threads[0].frames[] | .function +
	    (if .tail_call then "!" else "" end)] |
	    .[:index("main")] | join(" ")' got
}

# dies ARGUMENTS...: got, its report.
dies()
{
	rm -f core
	core_of core ./prog "$@"
	snap got --locals core
}

by_gdb()
{
	gdb -batch -nx -iex 'set debuginfod enabled off' -ex bt ./prog core \
	    2>/dev/null | sed -n 's/^#[0-9]* *\(0x[0-9a-f]* in \)\{0,1\}\([a-z]*\) .*/\2/p' |
	    awk '$1 == "main" { exit } { print }' | sed 1d | paste -sd ' '
}

built()
{
	"$@" -o prog near.c far.c 2>cc.err
}

for compiler in gcc clang; do
	for flags in -O2 '-O2 -gdwarf-4' '-O2 -gsplit-dwarf' \
	    '-O2 -ffunction-sections'; do
		# shellcheck disable=SC2086
		command -v "$compiler" >/dev/null &&
		    built "$compiler" -g -fno-ipa-icf $flags ||
		    built "$compiler" -g $flags || {
			skip 4 "$compiler $flags: $(tail -n 1 cc.err)"
			continue
		}
		dies c
		is "$compiler $flags: all that jumped" "$(ours)" \
		    "leaf third! second! first!"
		test "$compiler" = clang || is "$flags: as gdb has it" \
		    "$(ours | tr -d '!')" "$(by_gdb)"
		dies a
		is "$compiler $flags: one of two ways" "$(ours)" "leaf around!"
		dies h
		is "$compiler $flags: a jump to nobody knows where" "$(ours)" \
		    leaf
	done
done

# Some of them jumps into another file, whose pointer says where that is.
for flags in '-O2 -Wl,-z,lazy' '-O2 -Wl,-z,now'; do
	for compiler in gcc clang; do
		# shellcheck disable=SC2086
		if ! command -v "$compiler" >/dev/null || ! "$compiler" -g \
		    $flags -fPIC -shared -o libjumps.so \
		    "$SRC/t/data/tail-calls-library.c" 2>cc.err ||
		    ! "$compiler" -g $flags -o prog "$SRC/t/data/tail-calls.c" \
		    "$PWD/libjumps.so" 2>cc.err; then
			skip 5 "$compiler $flags: $(tail -n 1 cc.err)"
			continue
		fi
		for way in c:'leaf third! second! first!' \
		    e:'bottom middle! enter!' \
		    o:'leaf detour! over! enter_over!' a:'leaf around!' h:leaf
		do
			dies "${way%%:*}"
			is "$compiler $flags: with a library, way ${way%%:*}" \
			    "$(ours)" "${way#*:}"
		done
	done
done

built cc -O2 -g
dies c
is "each is marked, and says how it was found" \
    "$(jq -c '[.threads[0].frames[1:5][] | [.tail_call, .trust]]' got)" \
    '[[true,"cfi"],[true,"cfi"],[true,"cfi"],[null,"cfi"]]'
is "it is no part of the fingerprint" "$(get got .fingerprint.signature)" \
    "leaf | main"
core-unwind --refingerprint - <got >again
is "nor of one that is made again" "$(jq -c .fingerprint again)" \
    "$(jq -c .fingerprint got)"
core-unwind core >report
like "the report says so" "$(cat report)" '#3 +first.* \[tail call\]'
# What was passed to the first comes from main, the rest from that.
is "what was passed through them" "$(jq -c '[.threads[0].frames[2:4][] |
    .arguments[] | select(.name == "n") | .value]' got)" '["11","10"]'
dies r
like "through itself any number of times" "$(ours)" '^leaf again!$'
# The C library's function for this processor has another name.
if core_of core ./prog s; then
	snap got core
	like "a jump into the C library" "$(ours)" '^[a-z_0-9]*strlen[a-z_0-9]* length!$'
else
	skip 1 "no core"
fi
finish
