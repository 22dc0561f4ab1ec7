#!/bin/sh
# SPDX-License-Identifier: ISC
# Variables in the snapshot; of which threads; and with files that lie.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc
schema=$SRC/share/snapshot.schema.json

fits()
{
	jq -r --slurpfile schema "$schema" -f "$SRC/t/helper/schema.jq" "$1" \
	    >misfits 2>&1 || echo "jq failed" >>misfits
	head -n 5 misfits
	test ! -s misfits
}
# variable KIND FRAME NAME MEMBER
variable()
{
	get got ".threads[0].frames[$2].$1[] | select(.name == \"$3\").$4"
}

cc -g -O0 -w -o values "$SRC/t/data/values.c" || skip_all "no compiler"
core_of core ./values
snap plain core
is "nothing without being asked" \
    "$(get plain '[.. | objects | .locals?, .arguments? | select(. != null)] |
    length')" 0
core-unwind core >plain.txt
unlike "nor in the report" "$(cat plain.txt)" 'argc=|counter = '
snap got --locals core
ok "the snapshot fits its schema" fits got
is "arguments" "$(get got '[.threads[0].frames[0].arguments[].name] |
    join(" ")')" "a b s p d ip e is pp array f"
is "a type" "$(variable arguments 0 s type)" "const char *"
like "a value" "$(variable arguments 0 s value)" '^0x[0-9a-f]+ "str"$'
is "a structure, whole" "$(variable arguments 0 p value)" "{x = 3, y = 4}"
is "what a pointer points to" "$(variable arguments 0 pp points_to)" \
    "{x = 3, y = 4}"
is "a number too" "$(variable arguments 0 ip points_to)" 3
is "where it is" "$(variable locals 1 p address)" \
    "$(variable arguments 0 pp value)"
is "an array's type" "$(variable locals 0 pts type)" "point_t [3]"
is "a structure's type" "$(variable locals 0 pt type)" "struct point"
is "a function's type" "$(variable locals 0 fp type)" "function"
is "the innermost block comes first" \
    "$(get got '[.threads[0].frames[0].locals[:2][].value] | join(" ")')" \
    "10 9"
like "a function by its name" "$(variable locals 0 vf value)" ' <add_one>$'

# gdb knows no such type.
cat >complex.c <<'EOC'
int main(void)
{
	_Complex int ci = 3 - 4i;

	*(volatile int *)0 = 1;
}
EOC
cc -g -O0 -w -o complex complex.c
core_of complex.core ./complex
snap got --locals complex.core
is "a complex integer" "$(variable locals 0 ci value)" "3 + -4i"

# Of a function that called another, what it had in %rax is lost.
cat >outer.c <<'EOC'
__attribute__((noinline)) void boom(void) { *(volatile int *)1 = 1; }
int main(void) { boom(); __asm__ volatile(""); return 0; }
EOC
cat >outer.s <<'EOS'
	.section .debug_abbrev, "", %progbits
	.byte 1, 0x11, 1, 0x13, 0x0b, 0x11, 0x01, 0x12, 0x06, 0, 0
	.byte 2, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x06, 0, 0
	.byte 3, 0x34, 0, 0x03, 0x08, 0x49, 0x13, 0x02, 0x18, 0, 0
	.byte 4, 0x24, 0, 0x03, 0x08, 0x0b, 0x0b, 0x3e, 0x0b, 0, 0
	.byte 0
	.section .debug_info, "", %progbits
unit:	.long end - unit - 4
	.value 4
	.long 0
	.byte 8
	.byte 1, 0x0c		# the unit, in C99
	.quad main
	.long 32
	.byte 2			# main()
	.asciz "main"
	.quad main
	.long 32
	.byte 3			# its variables
	.asciz "in_rax"
	.long int - unit
	.byte 1, 0x50
	.byte 3
	.asciz "in_rbx"
	.long int - unit
	.byte 1, 0x53
	.byte 0
int:	.byte 4
	.asciz "int"
	.byte 4, 5
	.byte 0
end:
	.section .note.GNU-stack, "", %progbits
EOS
if test "$(uname -m)" = x86_64 && cc -O1 -w -o outer outer.c outer.s &&
    core_of outer.core ./outer; then
	snap got --locals outer.core
	is "what a call may change is not saved" \
	    "$(variable locals 1 in_rax value)" "<not saved>"
	like "what it must keep is" "$(variable locals 1 in_rbx value)" \
	    '^-?[0-9]+$'
else
	skip 2 "not of x86-64"
fi

# What is not in the core.
cut=$(($(wc -c <core) / 2))
head -c "$cut" core >short
snap got --locals short
ok "a core cut short: a report" test "$status" -le 1

# --- threads

cat >threads.c <<'EOC'
#include <pthread.h>
#include <unistd.h>
static void *wait_here(void *arg)
{
	int mine = *(int *)arg * 2;
	sleep(mine * 1000);
	return 0;
}
int main(void)
{
	pthread_t t;
	int one = 21, *volatile nowhere = 0;
	pthread_create(&t, 0, wait_here, &one);
	usleep(100000);
	*nowhere = one;
}
EOC
cc -g -O0 -o threads threads.c -lpthread
core_of many ./threads
count='[.threads[].frames[] | select(.locals != null and .function ==
    "wait_here")] | length'
snap got --locals many
is "of the thread that crashed only" "$(get got "$count")" 0
is "which has them" "$(get got '[.threads[0].frames[] |
    select(.function == "main").locals[] | select(.name == "one").value] |
    .[0]')" 21
snap got --locals=all many
is "of all threads" "$(get got "$count")" 1
is "with their values" "$(get got '[.threads[].frames[] |
    select(.function == "wait_here").locals[].value] | .[0]')" 42
snap got --locals --thread="$(get got '.threads[1].tid')" many
is "of the one that was chosen" "$(get got "$count")" 1
ok_no "a wrong word is refused" 100 core-unwind --locals=some many

./threads 2>/dev/null & pid=$!
wait "$pid" 2>/dev/null
cat >live.c <<'EOC'
#include <stdio.h>
#include <unistd.h>
static void stay(const char *why) { puts(why); fflush(stdout); pause(); }
int main(void) { stay("ready"); }
EOC
cc -g -O0 -o live live.c
./live >ready &
pid=$!
at_exit "kill -9 $pid 2>/dev/null"
wait_for 10 test -s ready
snap got --locals "$pid"
like "of a live process" "$(get got '[.threads[0].frames[] |
    select(.function == "stay").arguments[0].value] | .[0]')" '"ready"$'

# --- debug data that lies

cat >small.c <<'EOC'
struct list { struct list *next; int n[3]; unsigned bits : 3; };
enum kind { ONE = 1, TWO };
static struct list *volatile p;
__attribute__((noinline)) int once(struct list *q, enum kind k, double d)
{
	struct list here = { q, { 1, 2, 3 }, 5 }, *to = &here;
	const char *text = "text";
	int vla[k + 1];
	vla[1] = to->n[1];
	return q->n[0] + vla[1] + (int)d + text[here.bits];
}
void _start(void)
{
	p->n[0] += once(p, TWO, 2.5);
	for (;;)
		;
}
EOC
if cc -g -O1 -static -nostdlib -fno-stack-protector \
    -fasynchronous-unwind-tables -Wl,--build-id -o small small.c &&
    core_of small.core ./small; then
	snap got --locals small.core
	is "as it was" "$(variable arguments 0 k value)" TWO
	mv small whole
	readelf -SW whole | sed -n 's/^ *\[ *[0-9]*\] //p' |
	    awk '$1 ~ /debug_(info|abbrev|loclists|str$)/ { print $4, $5 }' |
	    while read -r offset size; do
		size=$((0x$size))
		test "$size" -lt 700 || size=700
		echo "$((0x$offset)) $size"
	done >ranges
	least=1000
	test -n "${SAN-}" && HAMMER_STEP=23 least=40 && export HAMMER_STEP
	hammer bytes whole core-unwind --locals --timeout=5 --json \
	    small.core @ <ranges >hammer.out
	is "every byte of it: a status and a word" \
	    "$(grep -v '^runs' hammer.out | head -n 5)" ""
	ok "all of them" test \
	    "$(awk '/^runs/ { print $2 }' hammer.out)" -ge "$least"
	echo "# $(tail -n 1 hammer.out)"
else
	skip 3 "cc makes nothing without libc"
fi

# Types that have no end: as many pointers as there are, each to the next.
{
	echo 'struct s0 { int x; };'
	i=1
	while test "$i" -le 60; do
		echo "struct s$i { struct s$((i - 1)) a, b; };"
		i=$((i + 1))
		test "$i" = 24 && break
	done
	cat <<-EOC
	static char huge[1 << 28];
	int main(void)
	{
		struct s20 *deep = (void *)huge;
		struct s20 (*many)[1 << 5] = (void *)huge;
		int (*grid)[1 << 10][1 << 10] = (void *)huge;
		struct s12 self = { 0 };
		*(volatile int *)0 = 1;
		return deep->a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.x;
	}
	EOC
} >deep.c
cc -g -O0 -w -o deep deep.c
core_of deep.core ./deep
snap got --locals deep.core
is "a deep type: done" "$status" 0
ok "and its text is bounded" test "$(wc -c <got)" -lt 100000
finish
