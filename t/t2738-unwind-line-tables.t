#!/bin/sh
# SPDX-License-Identifier: ISC
# Line tables that are damaged: no line is told of their units, which is said;
# all else is, of the others lines too. libdw 0.188 is led out of the first two.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc objcopy python3

cat >main.c <<'EOC'
int broken(int *);
int main(void) { int n = 1; return broken(&n) + n; }
EOC
cat >broken.c <<'EOC'
static inline __attribute__((always_inline)) int folded(int *p)
{
	*(volatile int *)0 = *p;
	return 1;
}
int broken(int *p)
{
	int got = folded(p);
	__asm__ volatile("" :: "r"(p) : "memory");
	return got + *p;
}
EOC

cat >damage.py <<'EOP'
"""How the first table of the section is to be damaged, and the section."""
import struct
import sys

what, path = sys.argv[1:]
data = bytearray(open(path, "rb").read())
length, version = struct.unpack_from("<IH", data)
STRING, DATA1, BLOCK4 = 8, 11, 4


def table(version, behind_length, more):
    """A header that ends where its table does, and what is behind it."""
    head = struct.pack("<H", version)
    if version == 5:
        head += b"\x08\0"
    head += struct.pack("<I", len(behind_length)) + behind_length
    whole = struct.pack("<I", len(head)) + head + more
    data[:len(whole)] = whole


if what in ("files", "dirs"):
    # An entry's length leads 4 GB on, to where the next one's is read.
    head = bytes([1, 1, 1, 0xfb, 14, 1])
    entry = bytes([3, 1, BLOCK4, 0x40, BLOCK4, 2, DATA1])
    far = bytes([1]) + b"\xf0\xff\xff\xff"
    if what == "files":
        head += bytes([1, 1, STRING, 1]) + b"x\0"
    else:
        # Of none, and the number of files is behind the end.
        head += bytes([0, 0])
    table(5, head + entry, far)
elif what == "length":
    struct.pack_into("<I", data, 0, len(data) + 1)
elif what == "header length":
    at = 6 if version < 5 else 8
    struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] - 3)
elif what == "short header":
    table(version, b"\1", b"")
elif what == "opcodes":
    data[{4: 15, 5: 17}.get(version, 14)] = 0xff
open(path, "wb").write(data)
EOP

lines()
{
	jq -r '[.threads[0].frames[:3][] | .function + ":" +
	    (.line // 0 | tostring)] | join(" ")' got
}

# damaged VERSION WHAT
damaged()
{
	cc -gdwarf-"$1" -O1 -o prog broken.c main.c
	core_of core ./prog
	objcopy --dump-section .debug_line=lines prog
	python3 damage.py "$2" lines
	objcopy --update-section .debug_line=lines prog
	snap got core
	# Names, and where a call was inlined, are not in the table.
	is "DWARF $1, $2: all else is told" "$(lines)" \
	    "folded:0 broken:8 main:2"
	like "DWARF $1, $2: it is said" "$(get got '.missing | tostring')" \
	    'prog: a line table in its debug data is damaged'
	unlike "DWARF $1, $2: nobody died" "$(get got '.missing | tostring')" \
	    'died|ended'
}

for version in 2 3 4 5; do
	cc -gdwarf-$version -O1 -o prog broken.c main.c
	core_of core ./prog
	snap got core
	is "DWARF $version, as it is" "$(lines)" "folded:3 broken:8 main:2"
	unlike "DWARF $version: nothing is damaged" \
	    "$(get got '.missing | tostring')" 'line table'
	for what in length 'header length' 'short header' opcodes; do
		damaged $version "$what"
	done
done
damaged 5 files
damaged 5 dirs
finish
