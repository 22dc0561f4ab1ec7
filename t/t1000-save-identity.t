#!/bin/sh
# SPDX-License-Identifier: ISC
# What goes in comes out, byte for byte, by way of plain zstd; and the seek
# table says where each byte of it is.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_command zstd gcore jq

# whole NAME CORE: core-save is content with it, and gives it back.
whole()
{
	ok "$1: saved whole" core-save -o "$2.zst" <"$2"
	ok "$1: the same bytes" same_bytes "$2.zst" "$2"
	ok "$1: the seek table is valid" mkcore-table "$2.zst"
}

mkcore >made
whole "a made core" made
mkcore -3 >made32
whole "32-bit" made32
mkcore -b >big
whole "big-endian" big
mkcore -3 -b >big32
whole "32-bit and big-endian" big32
mkcore -n 70000 -s 8 >xnum
whole "70,000 segments" xnum
mkcore -n 0 >bare
whole "nothing but notes" bare

python3 -c 'import time; x = bytearray(3 << 20); time.sleep(1000)' &
pid=$!
at_exit "kill $pid"
wait_for 10 grep -q S /proc/$pid/stat
sleep 0.2
ok "gcore makes a core" gcore -o real "$pid"
whole "of python" "real.$pid"
ok "through a pipe" sh -c "cat real.$pid | core-save -o piped.zst"
ok "through a pipe: the same file" cmp piped.zst "real.$pid.zst"
core-save --level=19 -o - <"real.$pid" >stdout.zst
is "to stdout" $? 0
ok "to stdout: the same bytes" same_bytes stdout.zst "real.$pid"
ok "to stdout: the seek table is valid" mkcore-table stdout.zst

# One frame by itself, as a reader finds it.
mkcore-table "real.$pid.zst" >table
read -r at size content_at content <<END
$(sed -n 2p table)
END
tail -c "+$((at + 1))" "real.$pid.zst" | head -c "$size" >frame.zst
tail -c "+$((content_at + 1))" "real.$pid" | head -c "$content" >slice
ok "a frame by itself is what the table says" same_bytes frame.zst slice

core-save --tee -o tee.zst <"real.$pid" >tee.core
is "--tee" $? 0
ok "--tee passes it on unchanged" cmp tee.core "real.$pid"
ok "--tee saves it as well" same_bytes tee.zst "real.$pid"
core-save --tee -o brokentee.zst <"real.$pid" 2>err | head -c 10 >/dev/null
ok "a reader of --tee that goes away does not cost the core" \
    same_bytes brokentee.zst "real.$pid"
like "but it is said" "$(cat err)" 'tee: Broken pipe'
finish
