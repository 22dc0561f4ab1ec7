#!/bin/sh
# SPDX-License-Identifier: ISC
# What the instruction that crashed did with which registers, on ARM, Thumb,
# POWER and s390x: programs compiled for them die under qemu-user. Where the
# fault was is what the (emulated) processor has told the program itself.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/foreign.sh"
need_core_limit
need_command jq

# begin ARCH QEMU TRIPLET FLAGS...
begin()
{
	arch=$1 qemu=qemu-$2 triplet=$3
	shift 3
	mkdir "$TRASH/$arch" && cd "$TRASH/$arch" || exit 1
	if ! command -v "$qemu" >/dev/null ||
	    ! compile "$triplet" "$SRC/t/data/operands.c" operands "$@"; then
		skip 1 "no $qemu, or nothing compiles for $triplet"
		return 1
	fi
}

# cause FORM BASE INDEX
cause()
{
	of_qemu "$qemu" "$triplet" ./operands "$@"
	core-unwind --json --sysroot="/usr/$triplet" guest.core operands \
	    2>err | jq -r .cause
}

# of FORM BASE INDEX ERE: the cause; and the address in it is the processor's, of
# which s390x knows the page.
of()
{
	local said told
	said=$(cause "$1" "$2" "$3")
	like "$arch: $1 $2" "$said" "$4"
	told=$("$qemu" -L "/usr/$triplet" ./operands told "$1" "$2" "$3")
	said=$(printf '%s\n' "$said" |
	    sed -n 's/.* \(to\|from\) \(0x[0-9a-f]*\) (.*/\2/p')
	test "$arch" != s390x || said=$(printf '0x%x' $((${said:-1} & -4096)))
	test "$told" != 0 || told=0x0
	is "$arch: where that was" "$said" "$told"
}

# by_compiler FLAGS...: the same of what a compiler makes of C.
by_compiler()
{
	local mode ere rest
	compile "$triplet" "$SRC/t/helper/fault.c" fault -w -O1 "$@" || cat err
	while read -r mode ere; do
		of_qemu "$qemu" "$triplet" ./fault "$mode"
		core-unwind --json --sysroot="/usr/$triplet" guest.core fault \
		    >got 2>err
		like "$arch: C, $mode" "$(jq -r .cause got)" "$ere"
	done <<-'END'
	field ^null pointer dereference: read of 4 bytes from 0x(20|1c) \(r[0-9]+=0x0 \+ 0x(20|1c)\)$
	near ^near-null pointer: read of 4 bytes from 0x70(20|1c) \(r[0-9]+=0x7000 \+ 0x
	element ^null pointer dereference: read of 4 bytes from 0x3d0900 \(.*: an element 0x3d0900 bytes into an array at null$
	poison ^invalid address: read of 4 bytes from 0x(5a)*(7a|76) .*the byte 0x5a repeated
	readonly ^write to read-only memory: write of 1 byte to 0x
	cycle ^stack overflow: .*again and again through (even, odd|odd, even)$
	own ^null$
	END
}

arm()
{
	of near 0 0 '^null pointer dereference: write of 4 bytes to 0x10 \(r1=0x0 \+ 0x10\)$'
	of below 0x4003 0 '^near-null pointer: read of 1 byte from 0x4000 \(r1=0x4003 - 0x3\)'
	of indexed 0 0x40000 '^null pointer dereference: read of 4 bytes from 0x100000 \(r1=0x0 \+ r2=0x40000 \* 4\): an element 0x100000 bytes into an array'
	of before 0 0 '^null pointer dereference: write of 2 bytes to 0x8 \(r1=0x0 \+ 0x8\)$'
	of after 0 0 '^null pointer dereference: read of 4 bytes from 0x0 \(r1=0x0\)$'
	of pair 0x5a5a5a58 0 '^invalid address: read of 8 bytes from 0x5a5a5a60 \(r1=0x5a5a5a58 \+ 0x8\), where nothing is mapped'
	of many 0 0 '^null pointer dereference: read of 12 bytes from 0x0 \(r1=0x0\)$'
	of push 0x400c 0 '^near-null pointer: write of 12 bytes to 0x4000 \(r1=0x400c - 0xc\)'
	of exclusive 0 0 '^null pointer dereference: read of 4 bytes from 0x0 \(r1=0x0\)$'
	of single 0 0 '^null pointer dereference: read of 4 bytes from 0xc \(r1=0x0 \+ 0xc\)$'
	of several 0 0 '^null pointer dereference: write of 16 bytes to 0x0 \(r1=0x0\)$'
	of vector 0 0 '^null pointer dereference: read of 16 bytes from 0x0 \(r1=0x0\)$'
	of before fixed 0 '^write to read-only memory: write of 2 bytes to 0x[0-9a-f]+ \(r1=0x[0-9a-f]+ \+ 0x8\), which is mapped r'
	like "$arch: a trap" "$(cause trap 0 0)" \
	    '^illegal instruction on purpose \(udf\): '
}

begin arm arm arm-linux-gnueabihf -O1 -marm -march=armv7-a -mfpu=neon && arm &&
	by_compiler -marm -mcpu=cortex-a15
begin thumb arm arm-linux-gnueabihf -O1 -mthumb -march=armv7-a -mfpu=neon && arm &&
	by_compiler -mthumb -mcpu=cortex-a15

if begin ppc64le ppc64le powerpc64le-linux-gnu -O1 -mcpu=power8; then
	of near 0 0 '^null pointer dereference: write of 4 bytes to 0x10 \(r4=0x0 \+ 0x10\)$'
	of below 0x4003 0 '^near-null pointer: read of 1 byte from 0x4000 \(r4=0x4003 - 0x3\)'
	of indexed 0 0x100000 '^null pointer dereference: read of 8 bytes from 0x100000 \(r4=0x0 \+ r5=0x100000 \* 1\): an element 0x100000 bytes into an array'
	of before 0x4020 0 '^near-null pointer: write of 8 bytes to 0x4000 \(r4=0x4020 - 0x20\)$'
	of after 0 0x100 '^null pointer dereference: read of 4 bytes from 0x100 '
	of word 0x5a5a5a5a5a58 0 '^invalid address: read of 4 bytes from 0x5a5a5a5a5a60 \(r4=0x5a5a5a5a5a58 \+ 0x8\), where nothing'
	of exclusive 0x99 0x10 '^null pointer dereference: read of 4 bytes from 0x10 \(r5=0x10\)'
	of reversed 0 0x10 '^null pointer dereference: write of 2 bytes to 0x10 '
	of single 0 0 '^null pointer dereference: read of 4 bytes from 0xc \(r4=0x0 \+ 0xc\)$'
	of several 0 0x10 '^null pointer dereference: read of 16 bytes from 0x10 '
	of vector 0 0x17 '^null pointer dereference: write of 16 bytes to 0x10 \(r4=0x0 \+ r5=0x17 '
	of zero 0 0x80 '^null pointer dereference: write to 0x80 \(r5=0x80\)'
	of near fixed 0 '^write to read-only memory: write of 4 bytes to 0x[0-9a-f]+ \(r4=0x[0-9a-f]+ \+ 0x10\), which is mapped r'
	like "$arch: a trap" "$(cause trap 0 0)" \
	    '^breakpoint instruction \(trap\) at 0x'
	like "$arch: one with a condition" "$(cause conditional 1 0)" \
	    '^breakpoint instruction \(tdi\) at 0x'
	by_compiler
fi

if begin s390x s390x s390x-linux-gnu -O1 -march=z13; then
	of near 0 0 '^null pointer dereference: write of 4 bytes to 0x10 \(r2=0x0 \+ 0x10\)$'
	of below 0x4003 0 '^near-null pointer: read of 1 byte from 0x4000 \(r2=0x4003 - 0x3\)'
	of indexed 0 0x100000 '^null pointer dereference: read of 4 bytes from 0x100008 \(r2=0x0 \+ r3=0x100000 \* 1 \+ 0x8\): an element 0x100008 bytes into an array'
	of before 0x5a5a5a5a5a58 0 '^invalid address: write of 8 bytes to 0x5a5a5a625a50 \(r2=0x5a5a5a5a5a58 \+ 0x7fff8\), where nothing'
	of after 0 0 '^null pointer dereference: read of 16 bytes from 0x8 \(r2=0x0 \+ 0x8\)$'
	of immediate 0 0 '^null pointer dereference: write of 1 byte to 0x8 '
	of exclusive 0 0 '^null pointer dereference: write of 8 bytes to 0x8 '
	of reversed 0 0x10 '^null pointer dereference: write of 2 bytes to 0x18 '
	of single 0 0 '^null pointer dereference: read of 8 bytes from 0x8 '
	of mask 0 0 '^null pointer dereference: write of 2 bytes to 0x8 '
	of move 0 place '^null pointer dereference: write of 16 bytes to 0x8 \(r2=0x0 \+ 0x8\)$'
	of move place 0 '^null pointer dereference: read of 16 bytes from 0x4 \(r3=0x0 \+ 0x4\)$'
	of compare place 0x4000 '^near-null pointer: read of 16 bytes from 0x4004 \(r3=0x4000 \+ 0x4\)$'
	of string 0 place '^null pointer dereference: write to 0x0 \(r2=0x0\)$'
	of string place 0 '^null pointer dereference: read from 0x0 \(r3=0x0\)$'
	of executed 0 place '^null pointer dereference: write of 16 bytes to 0x8 \(r2=0x0 \+ 0x8\)$'
	of executed place 0 '^null pointer dereference: read of 16 bytes from 0x0 \(r3=0x0\)$'
	of near fixed 0 '^write to read-only memory: write of 4 bytes to 0x[0-9a-f]+ \(r2=0x[0-9a-f]+ \+ 0x10\), which is mapped r'
	like "$arch: a trap" "$(cause trap 0 0)" \
	    '^illegal instruction on purpose \(0x0001\): '
	like "$arch: zeros" "$(cause zeros 0 0)" \
	    '^illegal instruction at 0x[0-9a-f]+: 00 00 .*, zeros where code should be$'
	by_compiler
fi
finish
