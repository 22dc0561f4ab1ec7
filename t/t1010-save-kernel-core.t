#!/bin/sh
# SPDX-License-Identifier: ISC
# Core files that the kernel itself wrote.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_root
need_command zstd jq gdb
arm_file

# crash PROGRAM ARGS...: leaves its core in $core
crash()
{
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	( ulimit -c unlimited; exec "$@" ) >/dev/null 2>&1 &
	pid=$!
	wait "$pid" 2>/dev/null
	core=$ARMED/core.$pid
}

for mode in abort thread stack; do
	crash wreck "$mode"
	ok "wreck $mode: saved whole" core-save -o "$mode.zst" <"$core"
	ok "wreck $mode: the same bytes" same_bytes "$mode.zst" "$core"
	ok "wreck $mode: the seek table is valid" mkcore-table "$mode.zst"
done
crash python3 -c 'import os; x = bytearray(40 << 20); os.abort()'
ok "python: saved whole" sh -c "cat $core | core-save -o python.zst"
ok "python: the same bytes" same_bytes python.zst "$core"
ok "python: the seek table is valid" mkcore-table python.zst
crash wreck-32 abort
if test -s "$core"; then
	ok "32-bit: saved whole" core-save -o 32.zst <"$core"
	ok "32-bit: the same bytes" same_bytes 32.zst "$core"
else
	skip 2 "no 32-bit program on this machine"
fi

crash wreck abort
size=$(wc -c <"$core")
head -c "$((size * 2 / 3))" "$core" >short
core-save -o short.zst <short 2>err
is "two thirds of it: status" $? 1
like "two thirds of it: the message" "$(cat err)" "cut short: [0-9]+ of $size bytes"
ok "two thirds of it: the same bytes" same_bytes short.zst short
zstd -qdc short.zst >short.core
like "two thirds of it: its threads are known" \
    "$(gdb -nx -batch -ex 'info threads' "$BUILD/t/wreck" short.core 2>&1)" \
    '\* 1 .*LWP'
finish
