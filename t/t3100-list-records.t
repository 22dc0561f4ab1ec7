#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# What snap-list says of a store: text for people, JSON and CSV for programs.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

run snap-list -s "$STORE"
is "an empty store is a no" "$status" 1
is "on stderr only" "$out" ""
like "in words" "$err" 'no records'
run snap-list -s "$STORE" --json
is "an empty store in JSON" "$out" "[]"
is "is a no too" "$status" 1
run snap-list -s "$TRASH/nosuch"
is "no store there" "$status" 100

crash archive 1
crash archive 2 process.exe='"/usr/bin/a-program-with-a-long-name"' \
    signal='{"number":6,"name":"SIGABRT"}' \
    cause='"abort: corrupted double-linked list, in a message that goes on and on"'
crash sending 3
mkdir "$STORE/pending/$(id_of 4)"
printf '{"version":1,"id":"%s","time":"2026-11-20T10:04:00.5Z","host":"box",
  "pid":7,"uid":42,"gid":43,"signal":8,"comm":"early","exe":"/opt/early",
  "cmdline":["early"],"unit":null,"container":null,
  "core":{"file":"core.zst","complete":false,"reason":"killed"},
  "missing":["dumpable: not told"]}' \
    "$(id_of 4)" >"$STORE/pending/$(id_of 4)/meta.json"
echo core >"$STORE/pending/$(id_of 4)/core.zst"
mkdir "$STORE/failed/$(id_of 5)" "$STORE/archive/not-an-id" \
    "$STORE/archive/.$(id_of 6)"
: >"$STORE/failed/$(id_of 5)/core.zst"
: >"$STORE/archive/$(id_of 7)"

run snap-list -s "$STORE"
is "a store with records" "$status" 0
is "a line each, without a header" "$(printf '%s\n' "$out" | wc -l)" 5
like "the newest first" "$(printf '%s\n' "$out" | sed -n 1p)" \
    "^$(id_of 5 | cut -c1-13) .*\[failed\]"
like "the oldest last" "$(printf '%s\n' "$out" | sed -n 5p)" \
    "^$(id_of 1 | cut -c1-13)  2026-11-20 10:01  SEGV  aprog"
like "before there is a snapshot" "$out" 'FPE +early +\[pending\]'
like "before it is delivered" "$out" 'aprog +\[sending\] null'
is "80 columns at most" "$(printf '%s\n' "$out" | jq -Rr \
    'select(length > 80)')" ""
like "what does not fit is cut" "$out" 'a-program-with-….*…'
run env COLUMNS=200 snap-list -s "$STORE"
like "a wide one is not cut" "$out" 'goes on and on'
run env COLUMNS=40 snap-list -s "$STORE"
is "a narrow one lists" "$status" 0
unlike "no colour where no terminal is" "$out" "$(printf '\033')"

run snap-list -s "$STORE" --json
is "JSON is an array" "$(fields length)" 5
is "newest first" "$(fields '.[].pid')" "null 7 103 102 101"
is "every field is there" "$(fields '.[0] | keys_unsorted | join(" ")')" \
    "id time exe comm pid uid gid signal cause signature fingerprint host unit container state size core problem"
is "and in each" "$(fields '[.[] | keys | length] | unique | .[]')" 18
is "states" "$(fields '.[].state')" "failed pending sending archive archive"
is "signals by name" "$(fields '.[].signal')" \
    "null SIGFPE SIGSEGV SIGABRT SIGSEGV"
is "times" "$(fields '.[].time')" "2026-11-20T10:05:00.000000Z 2026-11-20T10:04:00.500000Z 2026-11-20T10:03:00.000000Z 2026-11-20T10:02:00.000000Z 2026-11-20T10:01:00.000000Z"
is "cores, of which an empty one is none" "$(fields '.[].core')" "none truncated none none none"
is "a whole record" "$(fields '.[4] | del(.size) | tojson')" \
    '{"id":"'"$(id_of 1)"'","time":"2026-11-20T10:01:00.000000Z","exe":"/usr/bin/aprog","comm":"aprog","pid":101,"uid":1000,"gid":1000,"signal":"SIGSEGV","cause":"null pointer dereference: write of 4 bytes to 0x10","signature":"parse | main","fingerprint":"1005e","host":"box","unit":"aprog.service","container":null,"state":"archive","core":"none","problem":null}'
is "bytes on disk" "$(fields '.[4].size > 0')" true

run snap-list -s "$STORE" --json --select=version --select=signal.address \
    --select=cmdline --select=core.reason --select=nosuch
is "selected, as it was typed" "$(fields \
    '.[] | [.version, ."signal.address", .cmdline, ."core.reason"] | tojson')" \
    '[null,null,null,null] [null,null,"[\"early\"]","killed"] ["1.2","0x10","[\"aprog\",\"-x\"]",null] ["1.2",null,"[\"aprog\",\"-x\"]",null] ["1.2","0x10","[\"aprog\",\"-x\"]",null]'
is "what no record has is null" "$(fields '.[0] | has("nosuch")')" true
like "and said" "$err" "no record has an attribute 'nosuch'"
run snap-list -s "$STORE" --select=version --select=address
like "selected in text" "$out" 'aprog +1\.2 +0x10 +null'
for bad in '' "$(printf 'a\nb')" "$(printf 'a\033b')"; do
	run snap-list -s "$STORE" --select="$bad"
	is "no name of an attribute" "$status" 100
done

crash archive 20 cause='"a, \"b\"\nc"' process.comm='"=cmd|x"'
run snap-list -s "$STORE" --csv -n 1
is "CSV has a header" "$(printf '%s\n' "$out" | sed -n 1p | tr -d '\r')" \
    "id,time,exe,comm,pid,uid,gid,signal,cause,signature,fingerprint,host,unit,container,state,size,core,problem"
like "bytes as they are" "$out" ',=cmd\|x,120,'
like "quoted as RFC 4180 says" "$out" ',"a, ""b""$'
like "a line break is in its field" "$out" '^c",parse'
ok "lines end in CR LF" grep -q "$(printf 'problem\r$')" run.out

run snap-list -s "$STORE" -n 2
is "-n" "$(printf '%s\n' "$out" | wc -l)" 2
run snap-list -s "$STORE" aprog --json
is "a program by its name" "$(fields '.[].pid')" "120 103 102 101"
run snap-list -s "$STORE" /opt/early --json
is "by its path" "$(fields '.[].pid')" 7
run snap-list -s "$STORE" "$(id_of 2)" --json
is "a record by its id" "$(fields '.[].pid')" 102
run snap-list -s "$STORE" "$(id_of 2 | cut -c1-6)" --json
is "records by a prefix" "$(fields 'length')" 6
run snap-list -s "$STORE" deadbeef
is "no such id, no such program" "$status" 1
run snap-list -s "$STORE" prog
is "half a name is no name" "$status" 1
for bad in '' ../x ./x a/b "$(printf 'a\nb')" "$(printf '\033[m')" \
    "$(head -c 5000 /dev/zero | tr '\0' a)"; do
	run snap-list -s "$STORE" "$bad"
	is "neither an id nor a program" "$status" 100
done

run env TZ=EST5 snap-list -s "$STORE" "$(id_of 1)"
like "times are local" "$out" '2026-11-20 05:01'
run env TZ=EST5 snap-list -s "$STORE" --utc "$(id_of 1)"
like "or UTC" "$out" '2026-11-20 10:01'

if command -v script >/dev/null; then
	script -qec "stty cols 100; TERM=xterm snap-list -s '$STORE'" /dev/null \
	    </dev/null >tty.out 2>&1
	out=$(cat tty.out)
	like "a terminal has a header" "$out" 'ID .*TIME .*CAUSE'
	like "and colour" "$out" "$(printf '\033')\[31m"
	like "and is told what is not done" "$out" '1 pending, 1 sending, 1 failed'
	like "and what was kept from its user" "$out" '1 for root alone'
	script -qec "stty cols 100; NO_COLOR=1 TERM=xterm snap-list -s '$STORE'" \
	    /dev/null </dev/null >tty.out 2>&1
	unlike "NO_COLOR" "$(cat tty.out)" "$(printf '\033')\[31m"
else
	skip 5 "no script(1)"
fi

for args in 'a b' --frob '--csv --json' '-n 0' '-n x' --state=x --path \
    '--path a b' '--path --json 0'; do
	# shellcheck disable=SC2086
	run snap-list -s "$STORE" $args
	is "called wrongly: $args" "$status" 100
	like "with the synopsis: $args" "$err" 'usage: snap-list'
done
ok "-h" snap-list -h
is "-V" "$(snap-list -V)" "snap-list 0.1.0"
if test -w /dev/full; then
	snap-list -s "$STORE" >/dev/full 2>full.err
	is "output that is not taken" "$?" 111
else
	skip 1 "no /dev/full"
fi
finish
