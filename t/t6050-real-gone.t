#!/bin/sh
# SPDX-License-Identifier: ISC
# What is on disk is not what ran: the executable was deleted, or another file
# has its name; the directory cannot be written; the names are hostile.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
arm_tee
exe=$BUILD/t/wreck
cd "$ARMED" || exit 1

cp "$exe" gone
die ./gone deleted "$ARMED/gone"
the_record deleted "$pid" 11 SIGSEGV gone "$ARMED/gone" die_null
is "deleted: meta.json says that it is" \
    "$(jq .exe_deleted "$record/meta.json")" true
the_core deleted "$pid"
the_frames deleted "$ARMED/ours.$pid" "$exe" "$record/snapshot.json"
copy=$(ls "$record/modules" | grep '^gone')
ok "deleted: the record keeps the executable itself" \
    cmp "$exe" "$record/modules/$copy"

cp "$exe" swapped
die ./swapped replaced "$ARMED/swapped"
the_record replaced "$pid" 11 SIGSEGV swapped "$ARMED/swapped" die_null
the_core replaced "$pid"
the_frames replaced "$ARMED/ours.$pid" "$exe" "$record/snapshot.json"

# Nothing may be written where the process was.
mkdir -m 555 closed
die setpriv --reuid=65534 --regid=65534 --clear-groups \
    sh -c "cd closed && exec $exe null"
the_record "closed directory" "$pid" 11 SIGSEGV wreck "$exe" die_null
the_core "closed directory" "$pid"
is "closed directory: nothing was left there" "$(ls -A closed)" ""
is "closed directory: cwd is recorded" \
    "$(jq -r .cwd "$record/meta.json")" "$ARMED/closed"

# A name of newline, escape, quotes and a command; the same in its arguments.
evil=$(printf 'a b\n\033[31m"'"'"'$(touch ran)`touch ran`;x')
cp "$exe" "$evil"
die "./$evil" named "$evil"
# The thread renamed itself, so comm is 15 bytes of it.
record=$(record_of "$pid") || record=none
is "hostile: one record, with the right signal" \
    "$(jq .signal "$record/meta.json")" 11
is "hostile: comm is what it was" \
    "$(jq -r .comm "$record/meta.json")" \
    "$(printf '%s' "$evil" | head -c 15)"
is "hostile: exe is what it was" \
    "$(jq -r .exe "$record/meta.json")" "$ARMED/$evil"
is "hostile: cmdline is what it was" \
    "$(jq -r '.cmdline[2]' "$record/meta.json")" "$evil"
is "hostile: the crashed function is named" \
    "$(jq -r '.threads[0].frames[0].function' "$record/snapshot.json")" die_null
the_core hostile "$pid"
is "hostile: nothing ran" \
    "$(find "$ARMED" -name ran; find / -maxdepth 1 -name ran)" ""
ok_no "hostile: no escape in report.txt" 1 \
    grep -q "$(printf '\033')" "$record/report.txt"
ok_no "hostile: none in the log" 1 \
    grep -q "$(printf '\033')" "$record/log"
snap-list >listed 2>&1
ok_no "hostile: none from snap-list" 1 grep -q "$(printf '\033')" listed
is "hostile: snap-list gives it one line" "$(grep -c '31m' listed)" 1
finish
