#!/bin/sh
# SPDX-License-Identifier: ISC
# How core-save is called, wrongly too.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
mkcore >core

like "-V" "$(core-save -V)" '^core-save [0-9]+\.[0-9]+\.[0-9]+$'
is "--version" "$(core-save --version)" "$(core-save -V)"
like "-h, on stdout" "$(core-save -h 2>/dev/null)" '^usage: core-save '
is "--help" "$(core-save --help)" "$(core-save -h)"

# wrong ARGS...: 100, a reason and the synopsis, and nothing is made.
wrong()
{
	save "$@" <core
	is "$*: status" "$status" 100
	like "$*: a reason" "$(head -n 1 save.err)" '^core-save: '
	like "$*: the synopsis" "$err" '^usage: core-save '
	is "$*: nothing on stdout" "$out" ""
}

id=01a1fbc9-2fd5-7fcd-b99d-83a9c3f3f3bc
wrong
wrong -d store -o file
wrong -o file operand
wrong --no-such-option -d store
wrong -x -d store
wrong -d
wrong -d store -P 0
wrong -d store -P -1
wrong -d store -P 12x
wrong -d store -P 99999999999999999999
wrong -d store -P 1 -F x
wrong -d store -F 3
wrong -d store --keep=some
wrong -d store --keep=
wrong -o file --keep=none
wrong -o - --tee
wrong -o file --id=$id
wrong -d store --id=
wrong -d store --id=../../etc
wrong -d store --id=01A1FBC9-2FD5-7FCD-B99D-83A9C3F3F3BC
wrong -d store --id=01a1fbc9-2fd5-4fcd-b99d-83a9c3f3f3bc
wrong -d store --level=0
wrong -d store --level=20
wrong -d store --limit=x
wrong -d store --limit=99999999999T
wrong -d store --owner=-1
wrong -d store --owner=4294967295
wrong -d store -k comm
wrong -d store -k =x
wrong -d store -k colour=red
ok "nothing was made" test ! -e store -a ! -e file
save -d store -k "$(printf 'x\033]0;y\007')" <core
unlike "no escape in a message" "$err" "$(printf '\033')"
save --limit=1GiB --level=3 -o file -- <core
is "what is right" "$status" 0

# Born as the kernel starts it: no 0 to 2, nothing in the environment.
env -i ASAN_OPTIONS="$ASAN_OPTIONS" "$(command -v core-save)" -d store <core >&- 2>&-
is "without stdout and stderr: status" $? 0
record=$(echo store/pending/*)
ok "without stdout and stderr: the core" same_bytes "$record/core.zst" core
ok "without stdout and stderr: nothing in it that is not the core's" \
    mkcore-table "$record/core.zst"
mkfifo fifo
core-save -o file <fifo 2>/dev/null &
pid=$!
exec 8>fifo
sleep 0.3
is "it leaves no core of its own" \
    "$(awk '/Max core file size/ { print $5, $6 }' "/proc/$pid/limits")" "0 0"
if test "$(id -u)" -ne 0; then
	ok_no "it cannot be looked into" 1 cat "/proc/$pid/environ"
else
	is "it cannot be looked into" "$(nobody cat "/proc/$pid/maps" 2>/dev/null)" ""
fi
exec 8>&-
wait "$pid"
finish
