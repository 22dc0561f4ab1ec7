#!/bin/sh
# SPDX-License-Identifier: ISC
# Executables and debug data that lie: whatever libelf and libdw make of them,
# there is a report.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc readelf

# No libc: a run must be short, for there are many.
cat >small.c <<'EOC'
static int *volatile p;
static inline __attribute__((always_inline)) int twice(volatile int *q)
{
	return *q + 1;
}
__attribute__((noinline)) int once(volatile int *q)
{
	return twice(q) + 1;
}
void _start(void)
{
	p += once(p);
	for (;;)
		;
}
EOC
cc -g -O1 -static -nostdlib -fno-stack-protector -fasynchronous-unwind-tables \
    -Wl,--build-id -o small small.c || skip_all "cc makes nothing without libc"
core_of core ./small || skip_all "gdb made no core of it"
mv small whole
snap got core whole
is "as it was" "$(names got)" "twice once _start"
ok "with lines" test "$(get got '.threads[0].frames[0].line')" -gt 0

# Where its parts are: ELF header, program and section headers, and the first
# bytes of what libdw reads.
sections=$(readelf -hW whole |
    sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
{
	echo "0 64"
	echo "64 336"
	echo "$sections $(($(wc -c <whole) - sections))"
	readelf -SW whole | sed -n 's/^ *\[ *[0-9]*\] //p' |
	    awk '$1 ~ /eh_frame|debug_(info|abbrev|line|rnglists)|symtab/ {
		print $1, $4, $5 }' |
	    while read -r name offset size; do
		size=$((0x$size))
		test "$size" -lt 160 || size=160
		echo "$((0x$offset)) $size $name"
	    done
} >ranges
snap got core whole
hammer bytes whole core-unwind --timeout=5 --json core @ <ranges >out
is "every byte of it: a status and a word" \
    "$(grep -v '^runs' out | head -n 5)" ""
like "all of them" "$(tail -n 1 out)" '^runs [0-9]{3,}'
echo "# $(tail -n 1 out)"

# --- whole kinds of lies

without()
{
	what="$1"
	shift
	cp whole bad
	"$@" || { skip 3 "$what could not be made"; return; }
	snap got core bad
	ok "$what: a report" test "$status" -le 1
	is "$what: with all registers" \
	    "$(get got '.threads[0].registers | length > 5')" true
	like "$what: and the module is there" \
	    "$(get got '[.modules[].path] | tostring')" 'small'
}
noise()
{
	section=$1
	# shellcheck disable=SC2046
	set -- $(awk -v name="$1" '$3 == name { print $1, $2 }' ranges)
	test -n "${1-}" || return 1
	head -c "$2" /dev/urandom |
	    dd of=bad bs=1 seek="$1" conv=notrunc status=none
}
without "cut in half" dd if=/dev/null of=bad bs=1 seek=700 status=none
without "nothing but its header" dd if=/dev/null of=bad bs=1 seek=64 status=none
without "empty" dd if=/dev/null of=bad status=none
for section in .eh_frame .debug_info .debug_abbrev .debug_line .symtab; do
	without "noise in $section" noise "$section"
done
# e_type ET_REL: libdwfl would assert, and abort.
without "relocatable" sh -c \
    'printf "\001" | dd of=bad bs=1 seek=16 conv=notrunc status=none'
like "relocatable: and it is said" "$(get got '.missing | tostring')" \
    'neither an executable nor a library'

# Without a build-id, how it begins tells one build from another.
cat >twins.c <<'EOC'
__attribute__((noinline)) static int one(int *p) { return *p + 1; }
#ifdef OTHER
__attribute__((noinline)) static int two(int *p) { return one(p) + 2; }
int puts(const char *);
#else
#define two one
#endif
int main(int argc, char **argv)
{
#ifdef OTHER
	if (argc > 9)
		puts(argv[0]);
#endif
	return two((int *)0) + argc;
}
EOC
if cc -w -g -O1 -Wl,--build-id=none -o twins twins.c &&
    core_of twins.core ./twins; then
	strip -o short twins
	mv twins whole
	cc -w -g -O1 -Wl,--build-id=none -DOTHER -o twins twins.c
	snap got twins.core
	like "another build, without a build-id" \
	    "$(get got '.missing | tostring')" 'twins is not the file that was'
	unlike "gives no name" "$(names got)" '(^| )(one|two|main)( |$)'
	snap got twins.core whole
	is "the right one is named" "$(names got 2)" "one main"
	mv short twins
	snap got twins.core
	unlike "what was stripped is the same one" \
	    "$(get got '.missing | tostring')" 'is not the file'
else
	skip 4 "no compiler"
fi
mkdir directory
mkfifo fifo
for what in directory fifo /dev/zero; do
	ok_no "an executable that is $what" 100 core-unwind core "$what"
done
finish
