#!/bin/sh
# SPDX-License-Identifier: ISC
# A small program dies of the everyday faults, through the real core_pattern.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
arm_tee
exe=$BUILD/t/wreck

die wreck null
is "null: the shell sees a SIGSEGV" "$died" 139
the_whole null "$pid" 11 SIGSEGV wreck "$exe" die_null
like "null: the cause says so" \
    "$(jq -r .cause "$record/snapshot.json")" 'null pointer'
is "null: the address" "$(jq -r .signal.address "$record/snapshot.json")" 0x0
is "null: code" "$(jq -r .signal.code_name "$record/snapshot.json")" SEGV_MAPERR
is "null: file and line of the fault" \
    "$(jq -r '.threads[0].frames[0] | .file' "$record/snapshot.json" |
    sed 's|.*/||')" wreck.c
is "null: the line that wrote" \
    "$(sed -n "$(jq '.threads[0].frames[0].line' \
    "$record/snapshot.json")p" "$SRC/t/helper/wreck.c")" \
    "	*null_pointer = 7;"
is "null: cmdline" "$(jq -c .cmdline "$record/meta.json")" '["wreck","null"]'
is "null: the record's log has a line of core-save and one of core-unwind" \
    "$(grep -o 'core-save\|core-unwind' "$record/log" | sort -u | xargs)" \
    "core-save core-unwind"

die wreck abort
the_whole abort "$pid" 6 SIGABRT wreck "$exe" die_abort

die wreck assert
the_whole assert "$pid" 6 SIGABRT wreck "$exe" die_assert
like "assert: the message is found in memory" \
    "$(jq -r .message "$record/snapshot.json")" \
    'die_assert: Assertion .*queue not empty'

die wreck div
the_whole "division by zero" "$pid" 8 SIGFPE wreck "$exe" die_div

die wreck bus
the_whole "past the end of a mapped file" "$pid" 7 SIGBUS wreck "$exe" die_bus
is "bus: code" "$(jq -r .signal.code_name "$record/snapshot.json")" BUS_ADRERR
finish
