#!/bin/sh
# SPDX-License-Identifier: ISC
# Stacks that unwinders get wrong: a call through a null, a wild and a data
# pointer, a signal frame, inlined calls, a thread of its own, an overflow.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
arm_tee
exe=$BUILD/t/wreck

# names COUNT: the innermost COUNT names of the crashed thread.
names()
{
	jq -r --argjson n "$1" '[.threads[] | select(.crashed) | .frames[:$n][]
	    | .function // "??"] | join(" ")' "$record/snapshot.json"
}

die wreck callnull
the_whole "null call" "$pid" 11 SIGSEGV wreck "$exe" die_callnull
is "null call: the caller is named" "$(names 5)" \
    "?? die_callnull inner outer main"

die wreck wild
the_whole "wild jump" "$pid" 11 SIGSEGV wreck "$exe" die_wild
is "wild jump: the caller is named" "$(names 5)" "?? die_wild inner outer main"

# The innermost frame lies in the program's data: the name is the symbol there
# or none.
die wreck nx
the_record "jump into data" "$pid" 11 SIGSEGV wreck "$exe" \
    '(not_code|die_nx|null)'
the_core "jump into data" "$pid"
the_frames "jump into data" "$ARMED/ours.$pid" "$exe" "$record/snapshot.json"
like "jump into data: the caller is named" "$(names 5)" \
    " die_nx inner outer main$"

die wreck handler
the_whole "abort in a signal handler" "$pid" 6 SIGABRT wreck "$exe" on_signal
like "signal handler: what it interrupted is named" "$(names 12)" \
    ' on_signal .* die_handler inner outer main'

die wreck inline
the_whole "inlined calls" "$pid" 11 SIGSEGV wreck "$exe" inlined_twice
is "inlined calls: a frame each" "$(names 6)" \
    "inlined_twice inlined_once die_inline inner outer main"
is "inlined calls: marked as such" \
    "$(jq -c '[.threads[0].frames[:4][].inline]' "$record/snapshot.json")" \
    "[true,true,false,false]"

die wreck thread
the_whole "a thread of its own" "$pid" 11 SIGSEGV wreck "$exe" die_null
is "thread: the tid in meta.json is the crashed thread's" \
    "$(jq .tid "$record/meta.json")" \
    "$(jq '.threads[] | select(.crashed).tid' "$record/snapshot.json")"
is "thread: and not the first of the process" \
    "$(jq '.tid != .pid' "$record/meta.json")" true

die sh -c 'ulimit -s 8192; exec wreck stack'
the_record "stack overflow" "$pid" 11 SIGSEGV wreck "$exe" die_stack
the_core "stack overflow" "$pid"
the_frames "stack overflow" "$ARMED/ours.$pid" "$exe" \
    "$record/snapshot.json" 20
like "CVE-2022-45873, ABRT#896: stack overflow: the cause says so" \
    "$(jq -r .cause "$record/snapshot.json")" 'stack overflow'
finish
