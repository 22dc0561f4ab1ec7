#!/bin/sh
# SPDX-License-Identifier: ISC
# Compressed debug data, of which only the units that have frames are looked at:
# the answer is the one of the same program uncompressed, whatever its units
# refer to. What is damaged, or lies, makes no name.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc objcopy readelf python3

# Twelve units with a frame each, and as many without: r0 calls r1, and so on.
for i in 0 1 2 3 4 5 6 7 8 9 10 11; do
	next=$((i + 1))
	cat >"f$i.c" <<EOC
#include "shared.h"
int r$next(struct shared *, int);
static inline __attribute__((always_inline)) int folded$i(struct shared *s,
    int n)
{
	s->count += n;
	return r$next(s, n + $i);
}
__attribute__((noinline)) int r$i(struct shared *s, int n)
{
	struct shared own$i = { n, "unit $i", s };
	int got = folded$i(&own$i, n + 1);
	__asm__ volatile("" :: "r"(&own$i) : "memory");
	return got + own$i.count;
}
EOC
	echo "#include \"shared.h\"
int idle$i(struct shared *s) { return s->count + $i; }" >"idle$i.c"
done
cat >shared.h <<'EOC'
struct shared { int count; const char *name; struct shared *up; };
EOC
cat >main.c <<'EOC'
#include "shared.h"
int r0(struct shared *, int);
int r12(struct shared *s, int n) { *(volatile int *)0 = n; return s->count; }
int main(void) { struct shared top = { 1, "top", 0 }; return r0(&top, 2); }
EOC

# Every frame with all that debug data tell; addresses are not the same twice.
frames()
{
	jq -c '.threads[0].frames[] | [.function, .module_offset, .file, .line,
	    .column, .inline, .trust,
	    [.arguments[]?, .locals[]? | .name + " " + (.type // "")]]' "$1"
}

# alike WHAT COMPILER FLAGS...: the same with and without compression; $got
alike()
{
	local what="$1" compiler="$2"
	shift 2
	rm -f core prog plain
	if ! command -v "$compiler" >/dev/null ||
	    ! "$compiler" -g "$@" -o plain main.c f?.c f1?.c idle*.c \
	    2>cc.err || ! cp plain prog ||
	    ! objcopy --compress-debug-sections=zlib-gabi prog; then
		skip 4 "$what: $(tail -n 1 cc.err)"
		return
	fi
	core_of core ./prog
	ok "$what: it is compressed" test "$(readelf -SW prog |
	    grep -c '\.debug_info.* C ')" -eq 1
	snap got --locals core
	cp prog packed
	cp plain prog
	snap want --locals core
	cp packed prog
	is "$what: the same frames" "$(frames got)" "$(frames want)"
	is "$what: and all of them" "$(jq '[.threads[0].frames[].function |
	    select(test("^(r[0-9]+|folded[0-9]+|main)$"))] | length' got)" 26
	is "$what: the report too" \
	    "$(core-unwind --text core | grep -c 'folded[0-9]* *(inlined)')" \
	    "$(cp plain prog; core-unwind --text core |
	    grep -c 'folded[0-9]* *(inlined)'; cp packed prog)"
}

alike "units that stand alone" cc -O1
alike "DWARF 4" cc -O1 -gdwarf-4
alike "type units" cc -O1 -fdebug-types-section -gdwarf-4
alike "type units among the others" cc -O1 -fdebug-types-section -gdwarf-5
alike "units that refer to others" cc -O1 -flto -ffat-lto-objects
alike "64-bit DWARF" cc -O1 -gdwarf64
alike "no .debug_aranges" clang -O1
alike "split" cc -O1 -gsplit-dwarf

# Half of the units have .debug_aranges.
if command -v clang >/dev/null; then
	for i in 1 3 5 7 9 11; do
		clang -g -O1 -c "f$i.c" -o "f$i.o"
	done
	cat >compiler <<'EOC'
#!/bin/sh
# The flags, and what it is to be called.
while test "$1" != -o; do
	shift
done
exec cc -g -O1 -o "$2" main.c f[02468].c f10.c idle*.c f*.o
EOC
	chmod +x compiler
	alike "half of them have .debug_aranges" ./compiler -O1
else
	skip 4 "no clang"
fi

# --- what is damaged, or lies

# lies WHAT PYTHON: .debug_aranges, a bytearray of offsets 4 bytes each at the
# places AT, after PYTHON. What comes of it is the same, compressed or not.
lies()
{
	cc -g -O1 -o plain main.c f?.c f1?.c idle*.c
	objcopy --dump-section .debug_aranges=sets plain
	python3 - "$2" <<'EOP'
import struct, sys
d = bytearray(open("sets", "rb").read())
at, p = [], 0
while p < len(d):
    at.append(p + 6)
    p += 4 + struct.unpack_from("<I", d, p)[0]
get = lambda a: struct.unpack_from("<I", d, a)[0]
put = lambda a, v: struct.pack_into("<I", d, a, v & 0xffffffff)
exec(sys.argv[1])
open("sets", "wb").write(d)
EOP
	objcopy --update-section .debug_aranges=sets plain
	cp plain prog
	objcopy --compress-debug-sections=zlib-gabi prog
	core_of core ./prog
	snap got core
	cp plain prog
	snap want core
	is "$1: $(frames want | wc -l) frames as they are" "$(frames got)" \
	    "$(frames want)"
	is "$1: functions by their symbols" "$(jq -c '[.threads[0].frames[] |
	    select(.inline | not).function | select(test("^r[0-9]"))]' got)" \
	    "$(seq 12 -1 0 | sed 's/.*/"r&"/' | paste -sd , | sed 's/.*/[&]/')"
}
lies "units far away" 'for a in at: put(a, 0xfffffff0)'
lies "units in the midst of units" 'for a in at: put(a, get(a) + 5)'
lies "units of others" 'v = [get(a) for a in at]
for a, o in zip(at, v[1:] + v[:1]): put(a, o)'
lies "one unit for all" 'for a in at: put(a, 0)'
lies "a set that is longer than the section" \
    'struct.pack_into("<I", d, at[-1] - 6, 0x7ffffff0)'

# flipped SECTION WHERE: a byte of its compressed data, at this part of them.
flipped()
{
	cc -g -O1 -o prog main.c f?.c f1?.c idle*.c
	objcopy --compress-debug-sections=zlib-gabi prog
	readelf -SW prog | sed -n "s/.* $1  *[A-Z]*  *[0-9a-f]* \([0-9a-f]*\)\
 \([0-9a-f]*\) .*C .*/\1 \2/p" >where
	python3 - "$2" <<'EOP'
import sys
at, size = (int(n, 16) for n in open("where").read().split())
with open("prog", "r+b") as f:
    f.seek(at + 24 + int((size - 25) * float(sys.argv[1])))
    byte = f.read(1)[0]
    f.seek(-1, 1)
    f.write(bytes([byte ^ 0x55]))
EOP
	core_of core ./prog
	snap got core
	ok "$1 is damaged at $2: a status of ours" test "$status" -le 1
	is "$1 is damaged at $2: functions by their symbols" "$(jq -r \
	    '[.threads[0].frames[] | select(.inline | not).function // "" |
	    select(test("^(r[0-9]+|main)$"))] | length' got)" 14
}
for section in .debug_info .debug_abbrev .debug_aranges .debug_line .debug_str
do
	for at in 0 0.3 0.9 1; do
		flipped "$section" "$at"
	done
done
finish
