#!/bin/sh
# SPDX-License-Identifier: ISC
# Which memory an instruction accesses, and how: what core-unwind's decoders say
# against what objdump writes, of each form once, and of all that the C library
# of that machine is made of.
. "$(dirname "$0")/lib.sh"
need_command python3

# compared WHAT SET LEAST FILE...: at least LEAST of them access memory.
compared()
{
	local what="$1" set="$2" least="$3" said memory
	shift 3
	said=$(python3 "$SRC/t/helper/insns-objdump.py" "$set" "$@")
	memory=${said##* memory }
	memory=${memory%% *}
	is "$what: as objdump says" \
	    "$(printf '%s\n' "$said" | grep -v '^compared .* wrong 0$' | head)" ''
	ok "$what: $memory access memory, $least or more" \
	    test "$memory" -ge "$least"
}

# forms SET TRIPLET SOURCE LEAST FLAGS...: of the assembler.
forms()
{
	local set="$1" triplet="$2" source="$3" least="$4"
	shift 4
	if ! "$triplet-as" "$@" -o forms.o "$SRC/t/data/$source" 2>err; then
		skip 2 "$set: no assembler: $(head -n 1 err)"
		return
	fi
	"$triplet-objdump" -d forms.o >forms.d
	compared "$set" "$set" "$least" forms.d
}

# library SET TRIPLET LEAST FLAGS...: of objdump.
library()
{
	local set="$1" triplet="$2" least="$3" libc="/usr/$2/lib/libc.so.6"
	shift 3
	if ! command -v "$triplet-objdump" >/dev/null || ! test -f "$libc"; then
		skip 2 "$set: no C library, or no objdump of it"
		return
	fi
	"$triplet-objdump" "$@" -d -j .text "$libc" >libc.d
	compared "$set, the C library" "$set" "$least" libc.d
}

forms arm arm-linux-gnueabihf insns-arm.s 98
forms thumb arm-linux-gnueabihf insns-arm.s 89 --defsym THUMB=1
library thumb arm-linux-gnueabihf 10000 -M force-thumb
forms ppc64le powerpc64le-linux-gnu insns-ppc.s 164
forms ppc64 powerpc64le-linux-gnu insns-ppc.s 171 -a64 -mbig --defsym BIG=1
library ppc64le powerpc64le-linux-gnu 10000
forms s390x s390x-linux-gnu insns-s390.s 201
library s390x s390x-linux-gnu 10000
finish
