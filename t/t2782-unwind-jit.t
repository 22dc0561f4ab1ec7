#!/bin/sh
# SPDX-License-Identifier: ISC
# Code made at run time, by the names of /tmp/perf-PID.map.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc
test "$(uname -m)" = x86_64 || skip_all "the code that is made is x86-64's"

cat >prog.c <<'EOC'
#include <sys/mman.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
/* push rbp; mov rbp, rsp; mov eax, [0]; pop rbp; ret */
static const unsigned char die[] = { 0x55, 0x48, 0x89, 0xe5, 0x8b, 0x04, 0x25,
	0, 0, 0, 0, 0x5d, 0xc3 };
/* push rbp; mov rbp, rsp; call rdi; pop rbp; ret */
static const unsigned char pass[] = { 0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d,
	0xc3 };
int main(int argc, char **argv)
{
	unsigned char *code = mmap(NULL, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
	char path[64], names[2][100];
	FILE *map = fopen("names", "r");

	fgets(names[0], sizeof names[0], map);
	fgets(names[1], sizeof names[1], map);
	fclose(map);

	memcpy(code, die, sizeof die);
	memcpy(code + 256, pass, sizeof pass);
	snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)getpid());
	map = fopen(path, "w");
	fprintf(map, "%lx 100 old_name\n%lx d %s%lx 8 %snonsense\n",
	    (long)code, (long)code, names[0], (long)code + 256, names[1]);
	fclose(map);
	return ((int (*)(void *))(code + 256))(code);
}
EOC
cc -w -g -fno-omit-frame-pointer -o prog prog.c

# made NAME NAME: got
made()
{
	printf '%s\n' "$1" "$2" >names
	core_of core ./prog
	snap got core
	rm -f "/tmp/perf-$(get got .process.pid).map"
}

made broken caller
is "by name" "$(names got 3)" "broken caller main"
like "and said how they were found" "$(trusts got)" '^context fp '
made 'JS:~lift /srv/a shelf.js:2:19' 'LazyCompile:*get top node:internal/x:7:1'
is "as V8 has them" "$(jq -c '[.threads[0].frames[:2][] |
    .function, .file, .line]' got)" \
    '["lift","/srv/a shelf.js",null,"get top","node:internal/x",null]'
is "tiers and lines are no part of the fingerprint" \
    "$(get got .fingerprint.signature)" "lift | get top | main"
made 'JS:^ /srv/shelf.js:1:1' 'JS:half'
is "without a name; half of one" "$(names got 2)" "(anonymous) JS:half"
made 'JS:: :' 'Function: :1:1'
is "next to nothing" "$(names got 2)" "JS:: : Function: :1:1"

node=$(command -v node) || node=
if test -n "$node"; then
	cat >shelf.js <<'EOC'
function innermost(n) { process.abort(); }
class Shelf { lift(n) { return n > 0 ? this.lift(n - 1) : innermost(n); } }
function outermost() { return new Shelf().lift(3); }
outermost();
EOC
	core_of core "$node" --perf-basic-prof \
	    --interpreted-frames-native-stack shelf.js
	snap got core
	rm -f "/tmp/perf-$(get got .process.pid).map"
	like "node's functions" "$(names got)" \
	    'abort node::Abort.* innermost lift lift lift lift outermost '
	is "and their file" "$(jq -r '[.threads[] | select(.crashed) |
	    .frames[] | select(.function == "outermost") | .file][0]' got)" \
	    "$PWD/shelf.js"
else
	skip 2 "no node"
fi
finish
