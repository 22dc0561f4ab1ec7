#!/bin/sh
# SPDX-License-Identifier: ISC
# A core of stacks alone: what a debugger and core-unwind make of it is what
# they make of the whole one of the same crash.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq gdb
arm_saver
saver "$stacks_beside"

# compare WHAT EXE COMMAND...: EXE, or "" where gdb has no use for it. Leaves
# both cores: whole and small.
compare()
{
	local what="$1" exe="$2"
	shift 2
	crash "$@"
	is "$what: saved, from the process" "$verdict $way $(meta .core.kind)" \
	    "0 live stacks"
	mv "$ARMED/whole" whole
	zstd -qdc "$record/core.zst" >small
	for core in whole small; do
		core-unwind --json -o $core.json $core 2>/dev/null
		frames_of $core.json >$core.frames
		if test -n "$exe"; then
			gdb_frames "$exe" $core >$core.gdb
		fi
	done
	ok "$what: frames, function by function" cmp whole.frames small.frames
	ok "$what: there are some" grep -q . small.frames
	is "$what: fingerprint and cause" "$(essence small.json)" \
	    "$(essence whole.json)"
	test -n "$exe" || return
	ok "$what: gdb sees the same" cmp whole.gdb small.gdb
	ok "$what: which is something" grep -q '^frame' small.gdb
}

frames_of()
{
	jq -r '.threads[] | .tid as $tid | .frames[] |
	    "\($tid) \(.pc) \(.function // "??") \(.trust)"' "$1"
}

essence()
{
	jq -c '[.signal, .cause, .message, .fingerprint,
	    [.threads[].registers]]' "$1"
}

gdb_frames()
{
	gdb -batch -nx -iex 'set debuginfod enabled off' \
	    -ex 'set $threads = 1' -ex 'set $limit = 2000' \
	    -x "$SRC/t/helper/gdb-frames.py" "$1" "$2" 2>/dev/null |
	    grep '^frame'
}

compare "abort" "$BUILD/t/wreck" wreck abort
compare "a thread" "$BUILD/t/wreck" wreck thread
compare "a handler" "$BUILD/t/wreck" wreck handler
compare "a jump to nowhere" "$BUILD/t/wreck" wreck callnull
compare "an overflown stack" "" wreck stack
for built in static static-pie nopie 32; do
	if "$BUILD/t/wreck-$built" nothing 2>/dev/null; then
		compare "$built" "$BUILD/t/wreck-$built" "wreck-$built" abort
		compare "$built, overflown" "" "wreck-$built" stack
	else
		skip 10 "no $built program here"
	fi
done
if test -x "$BUILD/t/thrower"; then
	compare "an exception" "$BUILD/t/thrower" thrower
else
	skip 5 "no C++ compiler here"
fi
compare "an interpreter" "" python3 -c 'import os; os.abort()'

compare "1,000 threads" "" mapper threads 1000
is "1,000 threads: all of them" "$(jq '.threads | length' small.json)" 1001
ok "1,000 threads: less than a tenth of all of it" \
    test "$(wc -c <small)" -lt $((1 << 25))
compare "60,000 mappings" "" mapper many 60000
is "60,000 mappings: they are known" \
    "$(readelf -lW small | grep -c '^  LOAD' | awk '{ print ($1 > 60000) }')" 1
compare "8 GiB" "$BUILD/t/mapper" mapper 8G 64M
ok "8 GiB: a small core" test "$(wc -c <small)" -lt 4000000

if command -v eu-stack >/dev/null; then
	crash wreck thread
	zstd -qdc "$record/core.zst" >small
	like "eu-stack unwinds it" "$(eu-stack --core=small \
	    --executable="$BUILD/t/wreck" 2>&1)" 'die_null'
	eu-stack --core=small --executable="$BUILD/t/wreck" >small.eu 2>&1
	eu-stack --core="$ARMED/whole" --executable="$BUILD/t/wreck" \
	    >whole.eu 2>&1
	ok "eu-stack: as of the whole one" cmp small.eu whole.eu
else
	skip 2 "no eu-stack on this machine"
fi
if command -v lldb >/dev/null; then
	like "lldb unwinds it" "$(timeout 60 lldb --no-lldbinit --batch \
	    --core small -o 'bt all' -- "$BUILD/t/wreck" 2>&1)" \
	    'die_null.*'
else
	skip 1 "no lldb on this machine"
fi
finish
