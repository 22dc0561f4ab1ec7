#!/bin/sh
# SPDX-License-Identifier: ISC
# Variables of frames: the same names and values as gdb's "bt full" has of the
# same core, for programs of several compilers, DWARF versions and degrees of
# optimization. t/helper/locals-compare.py says what may differ.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command python3 cc

agrees 105 values.c gcc -O0
agrees 95 values.c gcc -O2
agrees 95 values.c clang -O1 -gdwarf-4
for flags in -O2 -Os '-O2 -gdwarf-2' '-Og -fno-omit-frame-pointer' \
    '-O2 -gsplit-dwarf' '-O2 -m32'; do
	# shellcheck disable=SC2086
	agrees 40 optimized.c gcc $flags
done
agrees 40 optimized.c clang -O2
finish
