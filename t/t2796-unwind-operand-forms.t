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

# What strlen(3) and memcpy(3) are made of where there is AVX-512; a displacement
# of 8 bits counts vectors, or elements. As GNU as assembles them.
cat >evex <<'EOI'
62f17d207407 r 32 7 - 1 0
62e1fe486f4e02 r 64 6 - 1 128
62e17f287f4497fe w 32 7 2 4 -64
62f37d203f480304 r 32 0 - 1 96
62c37d20255101de r 32 9 - 1 32
62c17d30fe4d02 r 4 13 - 1 8
6281fd487f0410 w 64 8 10 1 0
62f27e00269900100000 r 16 1 - 1 4096
62e17e08104001 none
62f17d2074 none
EOI
is "EVEX: vectors, elements, none of scalars" \
    "$(cut -d ' ' -f 1 evex | "$BUILD/t/insns" x86_64)" \
    "$(cut -d ' ' -f 2- evex)"
finish
