#!/bin/sh
# SPDX-License-Identifier: ISC
# What cannot be written to stdout is not passed over in silence, also where
# stdout was never open; but a record is made without one, as the kernel's
# handlers are started.
. "$(dirname "$0")/lib.sh"

mkcore -n 3 >core
core-save -d store -P $$ <core >&- 2>&-
is "core-save -d: status" $? 0
id=$(ls store/pending)
like "core-save -d: the record is there" "$id" '^[0-9a-f-]{36}$'

# closed COMMAND...
closed()
{
	"$@" >&- 2>err <core
	is "$*: status" $? 111
	like "$*: the message" "$(cat err)" 'write.*: Bad file descriptor'
}

closed core-save -o -
closed core-save -h
closed core-unwind core
closed core-unwind --json core
closed core-unwind -V
closed snap-list -s store
closed snap-list -s store --json
closed snap-list -s store --csv
closed snap-list -s store --path "$id"
closed snap-put -V
core-save --tee -d store <core >&- 2>err
is "core-save --tee: status" $? 1
like "core-save --tee: the message" "$(cat err)" 'tee: Bad file descriptor'
for script in show get debug retry rm prune; do
	"snap-$script" -h >&- 2>err
	ok "snap-$script -h: fails" test $? -ne 0
done
# Nor does another file become stdout.
core-unwind -o report core >&- 2>err
is "core-unwind -o: status" $? "$(core-unwind -o report2 core 2>/dev/null; echo $?)"
ok "core-unwind -o: the same report" cmp report report2
finish
