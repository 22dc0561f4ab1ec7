#!/bin/sh
# SPDX-License-Identifier: ISC
# Core files that the kernel itself wrote.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_root
need_core_limit
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
# Straight from the kernel: no shell, no environment, no descriptor but one.
ln -s "$BUILD/bin/core-save" "$ARMED/save"
case $(uname -r) in			# where there is %F
6.1[6-9].* | 6.[2-9][0-9]* | [7-9].*) pidfd='-F %F' ;;
*) pidfd= ;;
esac
echo "|$ARMED/save -P %P $pidfd -k uid=%u -k dumpable=%d --owner=%u -d $ARMED/s" \
    >/proc/sys/kernel/core_pattern
echo 16 >/proc/sys/kernel/core_pipe_limit
chmod 755 "$ARMED"
setpriv --reuid=65534 --regid=65534 --clear-groups \
    "$BUILD/t/wreck" abort >/dev/null 2>&1 &
pid=$!
wait "$pid" 2>/dev/null
wait_for 10 sh -c "ls $ARMED/s/pending/*/meta.json"
record=$(echo "$ARMED"/s/pending/*)
is "from the kernel: whose" "$(meta '"\(.pid) \(.uid) \(.owner)"')" \
    "$pid 65534 65534"
is "from the kernel: complete" "$(meta .core.complete)" true
is "from the kernel: what was called" "$(jq -c .cmdline "$record/meta.json")" \
    "[\"$BUILD/t/wreck\",\"abort\"]"
ok "from the kernel: its user reads it" setpriv --reuid=65534 --regid=65534 \
    --clear-groups cat "$record/core.zst"
zstd -qdc "$record/core.zst" >direct.core
like "from the kernel: gdb knows where it died" \
    "$(gdb -nx -batch -ex bt "$BUILD/t/wreck" direct.core 2>&1)" die_abort
finish
