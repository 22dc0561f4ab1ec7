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
	local out compared
	gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -iex 'set startup-with-shell off' -ex 'set follow-fork-mode child' \
	    -ex "break $1" -ex "ignore 1 $2" -ex run \
	    -ex 'generate-core-file itself' -ex kill --args \
	    "$BUILD/bin/core-unwind" --locals -o out inner >gdb.out 2>&1 \
	    </dev/null
	test -s itself || { skip 3 "gdb made no core of it in $1"; return; }
	LC_ALL=C.UTF-8 gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -x "$SRC/t/helper/gdb-locals.py" "$BUILD/bin/core-unwind" itself \
	    >gdb.out 2>gdb.err </dev/null
	core-unwind --locals itself >ours.out 2>ours.err </dev/null
	out=$(python3 "$SRC/t/helper/locals-compare.py" gdb.out ours.out)
	is "in $1: as gdb has them" \
	    "$(printf '%s\n' "$out" | grep -v '^compared .* wrong 0$')" ""
	# shellcheck disable=SC2046
	set -- "$@" $(printf '%s\n' "$out" | sed -n 's/^compared //p')
	compared=${4-0}
	ok "in $1: $compared values, at least $3" test "$compared" -ge "$3"
	ok "in $1: gdb mistakes few" test "${10-99}" -le $((compared / 25))
	rm -f itself
}

stopped_in scalar_base 20 100
stopped_in cfi_step 4 30
stopped_in text_printable 30 15
finish
