#!/bin/sh
# SPDX-License-Identifier: ISC
# From a real crash to a record, by the real core_pattern.
. "$(dirname "$0")/lib.sh"

need_root
need_command jq zstd gdb
plan 16
arm

crash()
{
	"$@" >/dev/null 2>&1 &
	pid=$!
	ended "$pid"
	status=$?
}

crash wreck abort
is "the program died of its signal" "$status" 134
record=$(record_of "$pid")
is "the record is in archive/" "${record%/*}" "$STORE/archive"
is "with the signal" "$(jq -r .signal "$record/meta.json")" 6
is "the command name" "$(jq -r .comm "$record/meta.json")" wreck
is "the owner" "$(jq -r .owner "$record/meta.json")" 0
is "and the executable" "$(jq -r .exe "$record/meta.json")" "$BUILD/t/wreck"
zstd -qdc "$record/core.zst" >core
like "its core opens in a debugger" \
    "$(gdb -nx -batch -ex bt "$BUILD/t/wreck" core 2>&1)" 'die_abort'
settle
like "the log has a line for core-save" "$(cat "$record/log")" \
    '^20[0-9-]*T[0-9:]*Z core-save 0 [0-9]+ ms$'
like "for core-unwind" "$(cat "$record/log")" 'Z core-unwind [01] [0-9]+ ms$'
like "and for snap-put" "$(cat "$record/log")" 'Z snap-put 0 [0-9]+ ms$'
is "the log is not for everybody" \
    "$(stat -c %a "$record/log" | sed 's/.$/-/')" 64-
is "nothing is left in new/" "$(left_in_new)" ""

# A setuid program is dumped as 2 when such are dumped at all.
echo 2 >/proc/sys/fs/suid_dumpable
cp "$(command -v wreck)" "$ARMED/suid"
chmod 4755 "$ARMED/suid"
setpriv --reuid=65534 --clear-groups "$ARMED/suid" abort >/dev/null 2>&1 &
pid=$!
ended "$pid"
record=$(record_of "$pid")
is "a setuid program is dumped as 2" "$(jq -r .dumpable "$record/meta.json")" 2
is "and its record is root's" "$(jq -r .owner "$record/meta.json")" 0

setpriv --reuid=65534 --clear-groups wreck abort >/dev/null 2>&1 &
pid=$!
ended "$pid"
record=$(record_of "$pid")
is "an ordinary one is dumped as 1" \
    "$(jq -r .dumpable "$record/meta.json")" 1
is "and is the user's" "$(jq -r .owner "$record/meta.json")" 65534
