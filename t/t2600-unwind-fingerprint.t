#!/bin/sh
# SPDX-License-Identifier: ISC
# One bug, one fingerprint; two bugs, two: also where all that is on the
# innermost frames is the C library's, and after the program was built anew.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc

cat >bugs.c <<'EOC'
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
#ifdef REBUILT
KEEP int added(int n) { volatile char room[512]; room[n & 511] = 1; return n; }
#endif
KEEP __attribute__((noreturn)) void die_here(void) { abort(); }
KEEP void innocent(void) { STAY(); }
KEEP void check(int n)
{
#ifdef REBUILT
	added(n);
#endif
	assert(n == 3 && "three");
	STAY();
}
KEEP void dbl(char *p) { free(p); free(p); STAY(); }
KEEP void other_dbl(char *p) { free(p); free(p); STAY(); }
KEEP int compare(const void *a, const void *b)
{
	abort();
	return a == b;
}
KEEP void sorted(int *v) { qsort(v, 3, sizeof *v, compare); STAY(); }
KEEP void deref(int *volatile p) { *p = 1; STAY(); }
KEEP void recurse(volatile int *n)
{
	volatile char room[1000];
	room[0] = 1;
	++*n;
	recurse(n);
	room[1] = 2;
}
int main(int argc, char **argv)
{
	volatile int n = 0;
	if (argc < 2)
		return 1;
	if (strcmp(argv[1], "noreturn") == 0)
		die_here();
	if (strcmp(argv[1], "assert") == 0)
		check(argc);
	if (strcmp(argv[1], "double") == 0)
		dbl(malloc(40));
	if (strcmp(argv[1], "other") == 0)
		other_dbl(malloc(40));
	if (strcmp(argv[1], "callback") == 0) {
		int v[] = { 3, 1, 2 };
		sorted(v);
	}
	if (strcmp(argv[1], "null") == 0)
		deref(NULL);
	if (strcmp(argv[1], "deep") == 0)
		recurse(&n);
	innocent();
	return 0;
}
EOC
cc -w -O2 -o bugs bugs.c || skip_all "no compiler"
mkdir rebuilt
cc -w -O1 -g -DREBUILT -no-pie -o rebuilt/bugs bugs.c ||
    skip_all "cc makes no -no-pie"

: >all
for bug in noreturn assert double other callback null; do
	core_of "$bug.core" ./bugs "$bug"
	snap "$bug" "$bug.core"
	core_of again.core ./bugs "$bug"
	snap again again.core
	core_of new.core rebuilt/bugs "$bug"
	snap new new.core
	for kind in strict loose; do
		is "$bug: $kind is the same again" \
		    "$(get again .fingerprint.$kind)" \
		    "$(get "$bug" .fingerprint.$kind)"
		is "$bug: $kind is the same when built anew" \
		    "$(get new .fingerprint.$kind)" \
		    "$(get "$bug" .fingerprint.$kind)"
	done
	is "$bug: it is not weak" "$(get "$bug" .fingerprint.weak)" false
	get "$bug" .fingerprint.strict >>all
done
is "all of them differ" "$(sort -u all | wc -l)" "$(wc -l <all)"
is "a call that never returns is named, not what follows it" \
    "$(get noreturn .fingerprint.signature)" "die_here | main"
is "an assertion is the program's, not the library's" \
    "$(get assert .fingerprint.signature)" "check | main"
is "so is a double free" "$(get double .fingerprint.signature)" "dbl | main"
is "and another one is another" "$(get other .fingerprint.signature)" \
    "other_dbl | main"

is "a library that calls back is not the bug" \
    "$(get callback .fingerprint.signature)" "compare | sorted | main"

# Another compiler, and other optimisation.
for make in "gcc -O0" "gcc -O2" "clang -O0" "clang -O2"; do
	mkdir -p made
	if ! $make -w -g -o made/bugs bugs.c 2>/dev/null; then
		skip 4 "no $make"
		continue
	fi
	for bug in assert double callback null; do
		core_of new.core made/bugs "$bug"
		snap new new.core
		is "$make: $bug" "$(get new .fingerprint.strict)" \
		    "$(get "$bug" .fingerprint.strict)"
	done
done

# What is within a function: of what is inlined of it, no linkage name says so.
cat >local.cc <<'EOC'
#include <functional>
namespace shop {
int
serve(int n)
{
	struct till {
		~till() { *(volatile int *)0 = 1; }
	};
	auto count = [&](int by) {
		if (by > 0)
			till t;
		return by;
	};
	return count(n);
}
}
int main(int argc, char **argv) { (void)argv; return shop::serve(argc); }
EOC
for make in "g++ -O0" "g++ -O2" "clang++ -O0" "clang++ -O2"; do
	if ! $make -w -g -o local local.cc 2>/dev/null; then
		skip 1 "no $make"
		continue
	fi
	core_of got.core ./local 1
	snap got got.core
	is "$make: a lambda's class" "$(get got .fingerprint.signature)" \
	    "shop::serve::till::~till | shop::serve::{lambda}::operator() | shop::serve | main"
done

# However deep it got.
for size in 1024 2048; do
	sh -c "ulimit -s $size; exec gdb -batch -nx \
	    -iex 'set startup-with-shell off' -ex run \
	    -ex 'generate-core-file deep.core' --args ./bugs deep" \
	    >gdb.out 2>&1 </dev/null
	snap "deep.$size" deep.core
	like "$size KiB of recursion" "$(get "deep.$size" .cause)" \
	    '^stack overflow'
done
is "a recursion is one bug, however deep" \
    "$(get deep.1024 .fingerprint.strict)" \
    "$(get deep.2048 .fingerprint.strict)"
like "and its signature names it" "$(get deep.1024 .fingerprint.signature)" \
    '^recurse'

# made WHAT WANT FRAMES: the signature and weak of an abort with those frames,
# each FUNCTION@MODULE@TRUST, - for no function.
made()
{
	local what="$1" want="$2"
	shift 2
	printf '%s\n' "$@" | jq -R 'split("@") | { pc: "0x401000",
	    function: (if .[0] == "-" then null else .[0] end),
	    offset: "0x0", module: .[1], module_offset: "0x1000",
	    inline: false, trust: .[2] }' | jq -s --slurpfile all null '
	    . as $frames | $all[0] | .signal = { number: 6, name: "SIGABRT",
	    code: -6 } | .threads[0].frames = $frames' >made.json
	core-unwind --refingerprint made.json
	is "$what" "$(get made.json '.fingerprint.signature + " " +
	    (.fingerprint.weak | tostring)')" "$want"
}

made "the vDSO is the system's" "die | main false" \
    "__kernel_vsyscall@[vdso]@context" "raise@/lib/libc.so.6@cfi" \
    "die@/x@cfi" "main@/x@cfi"
made "a library of which nothing is sure says nothing: a guess is better" \
    "die true" "-@/lib/libc.so@context" "raise@/lib/libc.so@fp" \
    "fprintf@/lib/libc.so@scan" "abort@/lib/libc.so@scan" "die@/x@scan" \
    "-@/x@cfi" "main@/x@scan"
made "and none where the program has a frame" "die false" \
    "-@/lib/libc.so@context" "die@/x@fp" "odd@/x@scan"

# Without symbols there are modules and offsets, and it is said that this is
# little.
mkdir stripped
strip -o stripped/bugs bugs
core_of got.core stripped/bugs null
snap got got.core
is "without symbols a fingerprint is weak" "$(get got .fingerprint.weak)" true
like "and is made of offsets" "$(get got .fingerprint.signature)" \
    '^bugs\+0x[0-9a-f]+'
finish
