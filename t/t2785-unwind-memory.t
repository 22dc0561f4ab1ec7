#!/bin/sh
# SPDX-License-Identifier: ISC
# What a core has of its modules and what it has not: names and frames out of
# memory alone; an executable that is named where the core says nothing of it;
# libraries at other addresses than their files say.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc python3

cat >prog.c <<'EOC'
#define KEEP __attribute__((noinline))
#define STAY() __asm__ volatile("" ::: "memory")
KEEP void die(int *volatile p) { volatile char room[40]; room[1] = 1;
    *p = 1; STAY(); }
KEEP void inner(void) { volatile char room[56]; room[1] = 1;
    die((int *)0); STAY(); }
KEEP void outer(void) { volatile char room[24]; room[1] = 1; inner(); STAY(); }
int main(void) { outer(); STAY(); return 0; }
EOC
all="die inner outer main"

# --- no file: its image in memory

for how in -Wl,-z,separate-code -Wl,-z,noseparate-code; do
	cc -O1 -rdynamic -Wl,--build-id "$how" -o prog prog.c
	core_of core ./prog
	rm prog
	snap got core
	is "no file ($how): names out of memory" "$(names got 4)" "$all"
	like "by the table in memory" "$(trusts got)" '^context cfi cfi cfi'
	like "the file is missing" "$(get got '.missing | tostring')" \
	    'prog: No such file'
done

# --- a core that says nothing: no list of files, no ELF header

cat >wipe.py <<'EOP'
import sys
d = bytearray(open("core", "rb").read())
i = d.find(b"ELIF")                     # the type of NT_FILE
d[i:i + 4] = b"XXXX"
i = d.find(b"\x7fELF", 4)
while i > 0:
    d[i:i + 64] = bytes(64)
    i = d.find(b"\x7fELF", i + 4)
open("wiped", "wb").write(d)
EOP
for how in -pie -no-pie -static -static-pie; do
	# shellcheck disable=SC2086
	if ! cc -O1 $how -o prog prog.c 2>cc.err; then
		skip 4 "cc $how: $(tail -n 1 cc.err)"
		continue
	fi
	core_of core ./prog
	python3 wipe.py
	mv prog named
	snap got wiped
	unlike "$how: without a file there is no name" "$(names got)" die
	snap got wiped named
	is "$how: the named one is placed" "$(names got 4)" "$all"
	like "$how: exactly" "$(trusts got)" '^context cfi cfi cfi'
	like "$how: down to its entry" "$(names got)" ' _start$'
done
# The C library comes by the dynamic linker's own list.
cc -O1 -o prog prog.c
core_of core ./prog
python3 wipe.py
mv prog named
snap got wiped named
like "its libraries too" "$(names got)" 'main __libc_start_'
sed 's/die((int/die((int *)0); die((int/; s/inner(); STAY/inner(); inner(); STAY/' \
    prog.c >other.c
cc -O1 -Wl,-e,main -DOTHER -o other other.c
snap got wiped other
unlike "another program is not placed" "$(names got)" die
like "and it is said" "$(get got '.missing | tostring')" \
    'other is not the program that ran'

# --- addresses in the file that are not those in memory, as prelink leaves them

cat >library.c <<'EOC'
__attribute__((noinline)) void inside(int *volatile p) { *p = 1; __asm__(""); }
EOC
cat >user.c <<'EOC'
void inside(int *volatile p);
int main(void) { inside((int *)0); __asm__ volatile(""); return 0; }
EOC
for base in 0 0x41000000; do
	cc -g -O1 -shared -fPIC -Wl,-Ttext-segment=$base -o libthere.so library.c
	cc -g -O1 -o user user.c -L. -lthere -Wl,-rpath,"$TRASH"
	core_of core ./user
	snap got core
	is "a library made for $base" "$(names got 2)" "inside main"
	is "with its line" "$(get got '.threads[0].frames[0].line')" 1
done
finish
