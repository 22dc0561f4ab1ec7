#!/bin/sh
# SPDX-License-Identifier: ISC
# An uncaught C++ exception: who threw, what, and demangled names.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
test -x "$BUILD/t/thrower" || skip_all "no C++ compiler made thrower"
arm_tee
exe=$BUILD/t/thrower

die thrower
is "the shell sees a SIGABRT" "$died" 134
the_whole exception "$pid" 6 SIGABRT thrower "$exe" 'volume::writer::flush.*'
names=$(jq -r '.threads[0].frames[].function' "$record/snapshot.json")
like "the template is demangled" "$names" '^(void )?volume::each<std::.*string'
like "the unnamed namespace too" "$names" '^\(anonymous namespace\)::hidden'
unlike "nothing is left mangled" "$names" '^_Z'
message=$(jq -r .message "$record/snapshot.json")
like "the message has the type" "$message" 'volume::disk_full'
like "and what()" "$message" 'disk quota exceeded for volume 7'
ok "and report.txt has it" \
    grep -Fq 'disk quota exceeded for volume 7' "$record/report.txt"
finish
