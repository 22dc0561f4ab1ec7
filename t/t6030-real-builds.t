#!/bin/sh
# SPDX-License-Identifier: ISC
# The same crash in a program that is static, static-pie, at a fixed place,
# with frame pointers, of 32 bits, against musl, stripped with its symbols in
# another file.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
arm_tee

for v in static static-pie nopie fp 32; do
	exe=$BUILD/t/wreck-$v
	if ! test -x "$exe"; then
		skip 9 "the compiler here cannot make wreck-$v"
		continue
	fi
	die "wreck-$v" null
	if test "$died" -ne 139; then
		skip 9 "wreck-$v does not run here (status $died)"
		continue
	fi
	the_whole "$v" "$pid" 11 SIGSEGV "$(printf '%.15s' "wreck-$v")" \
	    "$exe" die_null
done

# Against another C library, whose own frames may lack a table.
exe=$ARMED/against-musl
if command -v musl-gcc >/dev/null &&
    musl-gcc -g -O1 -o "$exe" "$SRC/t/helper/wreck.c"; then
	die "$exe" null
	the_record musl "$pid" 11 SIGSEGV against-musl "$exe" die_null
	the_core musl "$pid"
	the_frames musl "$ARMED/ours.$pid" "$exe" "$record/snapshot.json" 4
else
	skip 9 "no musl-gcc here"
fi

# Its name is not in its symbol table any more but in a file beside it.
chmod 755 "$TRASH"
exe=$TRASH/stripped
cp "$BUILD/t/wreck" stripped
objcopy --only-keep-debug stripped stripped.debug
objcopy --strip-all --add-gnu-debuglink=stripped.debug stripped
die ./stripped null
the_whole "debuglink" "$pid" 11 SIGSEGV stripped "$exe" die_null

# And with no symbols anywhere: the addresses must still be gdb's.
exe=$TRASH/bare
objcopy --strip-all "$BUILD/t/wreck" bare
die ./bare null
the_whole "no symbols" "$pid" 11 SIGSEGV bare "$exe" null
finish
