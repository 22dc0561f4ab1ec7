#!/bin/sh
# SPDX-License-Identifier: ISC
# A record: what is in it, what meta.json says, and who can read which of it.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_command zstd jq setpriv
mkcore >core

# A process to be described: two threads, a directory, an open file.
cat >victim.py <<END
import os, threading, time
os.chdir("/usr")
f = open("/etc/passwd")
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
open("$TRASH/ready", "w").close()
time.sleep(1000)
END
python3 victim.py 'an argument' '' '"quoted"' &
pid=$!
at_exit "kill $pid"
wait_for 10 test -e ready

save -d store -P "$pid" -k tid=77 -k ns_pid=5 -k ns_tid=6 -k uid="$(id -u)" \
    -k gid=12 -k dumpable=1 -k signal=11 -k time=1700000000 \
    -k rlimit=18446744073709551615 -k host=a.host -k comm=thread-name \
    -k cpu=1 <core
is "a whole one: status" "$status $err" "0 "
like "a whole one: its ID on stdout" "$out" \
    '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
record_of_save
ok "it is in pending/" test -d "$record"
is "nothing is left in new/" "$(ls store/new)" ""
is "meta.json is JSON of version 1" "$(meta .version)" 1
is "the ids told" "$(meta '"\(.tid) \(.ns_pid) \(.ns_tid) \(.gid) \(.signal)"')" \
    "77 5 6 12 11"
is "the time told" "$(meta .time)" 2023-11-14T22:13:20.000000Z
is "a limit larger than numbers of JSON" "$(meta .rlimit_core)" \
    18446744073709551615
is "host and comm as told" "$(meta '.host + " " + .comm')" "a.host thread-name"
is "the command line" "$(jq -c '.cmdline[1:]' "$record/meta.json")" \
    '["victim.py","an argument","","\"quoted\""]'
is "the executable" "$(meta .exe)" "$(readlink "/proc/$pid/exe")"
is "which was not deleted" "$(meta .exe_deleted)" false
is "the directory" "$(meta .cwd)" /usr
is "the pid namespace" "pid:[$(meta .namespaces.pid)]" \
    "$(readlink "/proc/$pid/ns/pid")"
is "nothing is missing" "$(jq -c .missing "$record/meta.json")" "[]"
is "the core" "$(jq -c .core "$record/meta.json")" \
    "{\"file\":\"core.zst\",\"kind\":\"full\",\"bytes\":$(wc -c <core),\"stored\":$(
    wc -c <"$record/core.zst"),\"complete\":true,\"reason\":null,\"way\":\"pipe\",\"why\":\"stdin is no pipe\"}"
ok "the same bytes" same_bytes "$record/core.zst" core
is "the files of proc/" "$(names "$record/proc")" \
    "auxv cgroup cmdline comm cwd exe fds limits maps mountinfo root stat status tasks "
ok "maps as they are" cmp "$record/proc/maps" "/proc/$pid/maps"
ok "auxv as it is" cmp "$record/proc/auxv" "/proc/$pid/auxv"
like "an open file" "$(cat "$record/proc/fds")" '^[0-9]+ -> /etc/passwd$'
is "a line for each thread" "$(wc -l <"$record/proc/tasks")" 2
like "with its name" "$(cat "$record/proc/tasks")" "^$pid	python3$"
is "no environment" "$(ls "$record/proc/environ" 2>/dev/null)" ""

save -d store -k comm=alone -k 'exe=!usr!bin!vim.basic' <core
record_of_save
is "without a process: status" "$status" 0
is "without a process: nulls" "$(meta '[.pid, .tid, .uid, .signal,
    .cmdline, .cwd, .namespaces.pid, .exe_deleted] | unique | tostring')" '[null]'
like "without a process: it is said" "$(meta '.missing | join(",")')" \
    'proc: no process was named.*pid: not told.*exe: from the kernel'
is "without a process: the exe told" "$(meta .exe)" /usr/bin/vim.basic

save -d store -k dumpable=x -k rlimit=many -k signal=-1 -k uid=0x0 -k tid= <core
record_of_save
is "told nonsense: nulls" "$(meta '[.dumpable, .rlimit_core, .signal, .uid,
    .tid] | tostring')" '[null,null,null,null,null]'

id=$(save -d elsewhere <core && echo "$out")
save --id="$id" -d store <core
is "--id names the record" "$status $out" "0 $id"
save --id="$id" -d store <core
is "a name that is taken: status" "$status" 111
like "a name that is taken: the message" "$err" "move record '$id'.*exists"

save --keep=none -d store -P "$pid" <core
record_of_save
is "--keep=none: status" "$status" 0
is "--keep=none: no core" "$(names "$record")" "meta.json proc "
is "--keep=none: which is said" "$(jq -c .core "$record/meta.json")" \
    '{"file":null,"kind":"none","bytes":0,"stored":0,"complete":false,"reason":"not kept: --keep=none","way":"none","why":null}'
core-save --keep=none --tee -d store <core >tee.core
is "--keep=none --tee: status" $? 0
ok "--keep=none --tee: passed on, and nothing else" cmp tee.core core

# A personal store.
mkdir home && chmod 777 home
chmod 644 core
nobody core-save -d "$TRASH/home/store" --owner=0 <core >save.out 2>save.err
is "a user's own store: status" "$? $(cat save.err)" "0 "
record=home/store/pending/$(cat save.out)
is "a user's own store: modes" "$(stat -c %a:%u home/store home/store/* \
    "$record" "$record/core.zst" "$record/meta.json" | tr '\n' ' ')" "$(
    if test "$(id -u)" = 0; then uid=65534; else uid=$(id -u); fi
    echo "700:$uid 700:$uid 700:$uid 700:$uid 700:$uid 700:$uid 700:$uid 700:$uid 600:$uid 600:$uid ")"
ok "a user's own store: no list of owners" test ! -e home/store/owner
is "a user's own store: theirs" "$(meta .owner)" "$(stat -c %u home/store)"

if test "$(id -u)" -ne 0; then
	skip 32 "owners and access need root"
	finish
	exit
fi

is "root's store: modes" "$(cd store && stat -c %A:%u:%n -- . * | tr '\n' ' ')" \
    "drwxr-xr-x:0:. drwxrwx--x:0:archive drwxrwx--x:0:failed drwx------:0:known drwx------:0:new drwx--x--x:0:owner drwxrwx--x:0:pending drwxrwx--x:0:sending "
is "root's record: modes" "$(cd "store/pending/$id" &&
    stat -c %A:%U:%n -- . * | tr '\n' ' ')" \
    "drwxrws---:root:. -rw-------:root:core.zst -rw-r-----:root:meta.json "
gid=$(getent group corepipe | cut -d: -f3)
is "root's record: the group" "$(stat -c %g store/pending/"$id")" "${gid:-0}"
is "root's record: in nobody's list" "$(ls store/owner)" ""

# as UID [GID]...: what that user can do with the record.
as()
{
	local uid="$1"
	shift
	setpriv --reuid="$uid" --regid="$uid" --clear-groups "$@" 2>/dev/null
}
chmod 711 "$TRASH"
sh -c 'umask 077; exec core-save "$@"' sh -d store -P "$pid" --owner=4711 \
    -k dumpable=1 <core >save.out
is "a user's record: status" $? 0
out=$(cat save.out)
record_of_save
is "a user's record: owner" "$(meta .owner)" 4711
ok "its user reads the core" as 4711 cmp "$record/core.zst" "$record/core.zst"
as 4711 zstd -qdc "$record/core.zst" | cmp - core
is "and finds it whole" $? 0
ok "its user reads meta.json" as 4711 grep -q version "$record/meta.json"
ok "its user reads proc/" as 4711 grep -q Uid "$record/proc/status"
ok "its user lists the record" as 4711 ls "$record" "$record/proc"
ok_no "its user does not write to it" 1 as 4711 touch "$record/x"
ok_no "its user does not change it" 1 \
    as 4711 sh -c "test -w $record/core.zst || test -w $record/meta.json"
ok_no "another cannot enter it" 2 as 4712 ls "$record/proc"
ok_no "another cannot read the core" 1 as 4712 cat "$record/core.zst"
is "it is in the list of its user" "$(as 4711 ls store/owner/4711)" "$out"
ok_no "which another cannot read" 2 as 4712 ls store/owner/4711
ok_no "and cannot list" 2 as 4712 ls store/owner
ok_no "nor the records" 2 as 4711 ls store/pending
is "a file made later is readable too" "$(
    (umask 077; echo later >"$record/report.txt"; chmod 640 "$record/report.txt")
    as 4711 cat "$record/report.txt")" later

# The group that the unprivileged stages run as, on a machine that has it.
{ grep -v '^corepipe:' /etc/group; echo corepipe:x:4242:; } >group
member()
{
	setpriv --reuid=4713 --regid=4242 --clear-groups "$@" 2>/dev/null
}
if unshare -m mount --bind group /etc/group 2>/dev/null; then
	# shellcheck disable=SC2016 # for the shell inside
	out=$(unshare -m sh -c 'mount --bind group /etc/group &&
	    exec core-save -d store2 --owner=4711 -P "$1"' sh "$pid" <core)
	record=$TRASH/store2/pending/$out
	is "the group: its directories" "$(stat -c %g store2/pending "$record" \
	    "$record/proc" "$record/meta.json" store2/new | tr '\n' ' ')" \
	    "4242 4242 4242 4242 0 "
	ok_no "the group does not read the core" 1 member cat "$record/core.zst"
	ok "the group reads the rest" member cat "$record/meta.json" \
	    "$record/proc/maps"
	ok "the group writes beside it" member touch "$record/snapshot.json"
	ok "the group moves it on" member mv "$record" store2/sending/
	ok "and its user still reads it" \
	    as 4711 cat "store2/sending/$out/core.zst"
else
	skip 6 "no mount namespace here"
fi

for told in dumpable=2 dumpable=0 dumpable=11 dumpable= uid=4712; do
	save -d store --owner=4711 -k "$told" <core
	record_of_save
	case $told in
	dumpable=)	want=4711 ;;	# not told: --owner decides
	*)		want=0 ;;
	esac
	is "--owner=4711 with $told: owner" "$(meta .owner)" "$want"
done
is "and those are in no list" "$(names store/owner/4711 | wc -w)" 2
is "nor with an ACL" "$(stat -c %A "$record/core.zst")" "-rw-------"
as 4711 cat "$record/meta.json" >/dev/null
is "nor readable" $? 1
finish
