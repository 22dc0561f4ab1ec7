#!/bin/sh
# SPDX-License-Identifier: ISC
# Variables of a real program, optimized and some twenty frames deep: of
# core-unwind itself, at work. t/helper/locals-compare.py says what may differ.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
test -z "${SAN-}" || skip_all "a sanitizer changes what is compared"
need_gdb
need_command python3
readelf -S "$BUILD/bin/core-unwind" 2>/dev/null | grep -q debug_info ||
    skip_all "core-unwind was built without debug data"
core_of inner wreck abort || skip_all "gdb made no core"

# stopped_in FUNCTION TIMES LEAST: where it is called for that time.
stopped_in()
{
	gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -iex 'set startup-with-shell off' -ex 'set follow-fork-mode child' \
	    -ex "break $1" -ex "ignore 1 $2" -ex run \
	    -ex 'generate-core-file itself' -ex kill --args \
	    "$BUILD/bin/core-unwind" --locals -o out inner >gdb.out 2>&1 \
	    </dev/null
	test -s itself || { skip 3 "gdb made no core of it in $1"; return; }
	compare_locals "$BUILD/bin/core-unwind" itself
	is "in $1: as gdb has them" "$out" ""
	ok "in $1: $compared values, at least $3" \
	    test "${compared:-0}" -ge "$3"
	ok "in $1: gdb mistakes few" \
	    test "${odd:-99}" -le $((${compared:-0} / 25))
	rm -f itself
}

stopped_in scalar_base 20 100
stopped_in cfi_step 4 30
stopped_in text_printable 30 15
finish
