#!/bin/sh
# SPDX-License-Identifier: ISC
# The same answer, however the core comes in and the answer goes out; and what
# each option does.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command zstd
need_gdb

core_of core wreck null || skip_all "gdb made no core"
core-save -o core.zst <core
zstd -q core -o plain.zst

# What tells two runs apart is left out.
essence()
{
	jq -S 'del(.time, .tool, .missing)' "$1"
}

snap want core
is "a core is read" "$status" 0
is "and the crash is named" "$(names want 4)" "die_null inner outer main"
essence want >want.essence
same()
{
	essence "$2" >got.essence
	ok "$1: the same answer" cmp want.essence got.essence
}

snap got core.zst
same "in the seekable format" got
snap got plain.zst
same "in plain zstd" got
for file in core core.zst plain.zst; do
	core-unwind --json - <"$file" >got
	same "$file on standard input" got
	# A pipe cannot be read twice.
	# A pipe, not the file itself: it cannot be sought in.
	# shellcheck disable=SC2002
	cat "$file" | core-unwind --json - >got
	same "$file through a pipe" got
done
(cd / && core-unwind --json "$TRASH/core" >"$TRASH/got")
same "from elsewhere" got

# --- output

core-unwind core >text
like "text is the default" "$(cat text)" '^wreck was killed by SIGSEGV'
is "and --text is the same" "$(core-unwind --text core)" "$(cat text)"
like "a report has the frames" "$(cat text)" '#0 +die_null at .*wreck\.c:[0-9]+'
for what in Cause Signature Process Executable Registers Modules; do
	ok "a report has its $what" grep -q "^$what" text
done
core-unwind -o out.json --report=out.txt core
is "-o and --report say nothing" "$?" 0
same "-o has the JSON" out.json
ok "--report has the text" cmp out.txt text
core-unwind -o out.txt core
ok "-o alone has the text" cmp out.txt text
core-unwind --json --report=out.txt core >got
same "--report beside standard output" got
core-unwind -o - core >got
ok "- is standard output" cmp got text
is "nothing else was left" "$(find . -name '.*' -type f)" ""

echo old >old.json
echo old >old.txt
head -c 30 core >broken
core-unwind -o old.json --report=old.txt broken 2>err
is "what is no core is refused" "$?" 100
is "and the old results are kept" "$(cat old.json old.txt)" "old
old"
core-unwind -o old.json --report=/nonexistent/x core 2>err
is "so they are when one cannot be made" "$?$(cat old.json)" "100old"
like "and it is named" "$(cat err)" '/nonexistent/x'
is "and nothing is left behind" "$(find . -name '.*' -type f)" ""
ok_no "a full disk is told" 111 core-unwind -o /dev/full core
(core-unwind core >/dev/full) 2>/dev/null
is "on standard output too" "$?" 111
mkdir way
ok_no "a directory is no place for a result" 100 core-unwind -o way core
ok_no "nor is what is no directory" 100 core-unwind -o text/way core
ok_no "nor is no name" 100 core-unwind -o '' core
ok_no "two results have two places" 100 \
    core-unwind -o out.both --report=out.both core
ok_no "standard output is one too" 100 core-unwind --json --report=- core
is "- is standard output for --report as well" \
    "$(core-unwind -o out.json --report=- core)" "$(cat text)"
cp core evidence
cp "$BUILD/t/wreck" program
ok_no "the core is not written over" 100 core-unwind -o evidence evidence
ok_no "by the report neither" 100 \
    core-unwind -o out.json --report=./evidence - <evidence
ok_no "nor is the executable" 100 core-unwind -o program core program
ok "both are what they were" eval \
    'cmp core evidence && cmp "$BUILD/t/wreck" program'

# --- options

is "-k" "$(core-unwind --json -k version:1.2 -k 'note:a:b "c"' core |
    jq -c .attributes)" '{"version":"1.2","note":"a:b \"c\""}'
like "-k in text" "$(core-unwind -k version:1.2 core)" '^version +1\.2$'
is "--frames" "$(core-unwind --json --frames=2 core |
    jq -c '[.threads[0].frames | length] + [.threads[0].truncated]')" \
    '[2,true]'
core-unwind --json --frames=2 core >got 2>err
is "what they leave out is partial" "$?" 1
is "and is said" "$(get got '.missing[0]')|$(cat err)" \
    "1 thread has more frames than were asked for|core-unwind: note: 1 thread has more frames than were asked for"
ok "as many as there are leave out none" core-unwind --json \
    --frames="$(get want '.threads[0].frames | length')" core
ok "without them, all are there" test "$(get want \
    '.threads[0].frames | length')" -ge 6
is "none were left out" "$(get want '.threads[0].truncated')" false

core_of threads wreck thread
snap all threads
is "all threads are told" "$(get all '.threads | length')" 2
is "the crashed one first" "$(get all '[.threads[].crashed] | tostring')" \
    '[true,false]'
snap one --faulted threads
is "--faulted" "$(get one '[.threads[].crashed] | tostring')" '[true]'
other=$(get all '.threads[1].tid')
snap one --thread="$other" threads
is "--thread" "$(get one '[.threads[].tid] | tostring')" "[$other]"
is "and the crash is told all the same" \
    "$(get one .cause)" "$(get all .cause)"
snap one --thread=1 threads
like "a thread that there is not" "$(get one '.missing | tostring')" \
    'no thread was chosen'

# --- an executable, or a root, from elsewhere

cp "$BUILD/t/wreck" gone
core_of gone.core ./gone null
mv gone kept
snap got gone.core
like "without its executable" "$(get got '.missing | tostring')" 'gone'
snap got gone.core kept
is "with it" "$(names got 4)" "die_null inner outer main"
mkdir -p "root/$TRASH"
cp kept "root/$TRASH/gone"
snap got --sysroot=root gone.core
is "with its root" "$(names got 4)" "die_null inner outer main"
snap got gone.core /nonexistent
is "an executable that there is not" "$status" 100
snap got gone.core "$BUILD/t/minicore"
is "another executable" "$status" 0
like "is said to be another" "$(get got '.missing | tostring')" \
    'is not the file that was mapped'
unlike "and gives no name" "$(names got)" die_null
snap got core "$BUILD/t/minicore"
like "where the right one is found too" "$(get got '.missing | tostring')" \
    'minicore is not the file that was mapped'
is "and used" "$(names got 1)" die_null
snap got core "$SRC/README.md"
like "no executable" "$(get got '.missing | tostring')" \
    'README.md is no ELF file'

# --- wrong usage

for arguments in '' 'a b c' '--json --text core' '--frames=x core' \
    '--frames=-1 core' '--thread=99999999999 core' '--memory=huge core' \
    '-k nocolon core' '-k :x core' '--timeout= core'; do
	# shellcheck disable=SC2086
	ok_no "core-unwind $arguments" 100 core-unwind $arguments
done
ok_no "no such file" 100 core-unwind nothing-here
ok_no "a directory" 100 core-unwind .
ok_no "no such process" 100 core-unwind 2147483646
like "and it is said" "$(core-unwind 2147483646 2>&1)" 'no such process'
echo x >./4242
ok_no "a file whose name is a number is a file" 100 core-unwind 4242
finish
