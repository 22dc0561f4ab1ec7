#!/bin/sh
# SPDX-License-Identifier: ISC
# Registers and stacks are the process's to fill with anything. Whatever they
# hold, its core of stacks is saved, is small, and nobody waits for it.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq readelf timeout
arm_saver
patience=20
saver "$stacks_alone"

# sane WHAT: what came of the last crash.
sane()
{
	is "$1: saved, from the process" "$verdict $way $(meta .core.kind)" \
	    "0 live stacks"
	zstd -qdc "$record/core.zst" >small
	ok "$1: small" test "$(wc -c <small)" -lt 30000000
	ok "$1: the headers are right" headers small
	core-unwind --json -o small.json small 2>/dev/null
	is "$1: its thread is there" "$(jq '.threads | length' small.json)" 1
}

# Offsets and sizes are within the file, and addresses go up.
headers()
{
	readelf -lW "$1" 2>&1 | awk -v size="$(wc -c <"$1")" '
	function value(text,  n, i) {
		n = 0
		text = tolower(substr(text, 3))
		for (i = 1; i <= length(text); i++)
			n = n * 16 + index("0123456789abcdef",
			    substr(text, i, 1)) - 1
		return n
	}
	/^readelf:/ { wrong = 1 }
	$1 == "LOAD" {
		loads++
		if (value($2) + value($5) > size || value($5) > value($6) ||
		    value($3) < end)
			wrong = 1
		end = value($3) + value($6)
	}
	END { exit wrong || loads == 0 }'
}

if test "$(uname -m)" = x86_64; then
	for sp in 0 8 -1 -8 0x7fffffffffff 0x800000000000 0xffff800000000000 \
	    0xffffffffff600000 0xffffffffff600ff8 guard low heap hole file data
	do
		crash hostile "$sp"
		sane "sp $sp"
	done
	crash hostile data hole
	sane "pointers to anywhere, and registers to nothing"
	crash hostile hole data
	sane "the other way round"
	hostile fault >/dev/null 2>&1
	if test $? -ne 77; then
		crash hostile fault
		sane "memory whose faults nobody handles"
		crash hostile data fault
		sane "and registers that point there"
		crash hostile shared
		sane "the same of shared memory"
	else
		skip 12 "no userfaultfd here"
	fi
else
	skip 80 "registers of another machine than x86-64"
fi
crash wreck callnull
sane "a jump to nowhere"
crash mapper zoo
sane "mappings of every kind"
crash mapper orphan
sane "a program whose first thread has ended"

# Killed while it is held: what is there is whole, or nothing.
saver '
kill -KILL "$pid"
save_live --keep=stacks
echo "$status" >"$ARMED/verdict"
'
crash wreck abort
like "killed before we look: an end, and a word" \
    "$verdict $(meta .core.reason)" '^[01] .'

# The writer is killed: nothing half is published.
saver '
core-save -P "$pid" -k tid="$tid" -d "$ARMED/store" --keep=stacks &
kill -KILL $!
wait $!
echo "$?" >"$ARMED/verdict"
'
crash wreck abort
ok "kill -9 of core-save: published whole or not at all" eval '
	for dir in "$ARMED"/store/pending/*; do
		test ! -e "$dir" || zstd -qt "$dir/core.zst"
	done'

# From a pipe, cut anywhere; and with headers that cannot be.
saver 'cat >whole; echo done >"$ARMED/verdict"'
crash wreck thread
mv "$ARMED/whole" whole
size=$(wc -c <whole)
for cut in 0 1 63 64 100 1575 1576 4000 9000 12288 12289 60000 200000 \
    $((size / 2)) $((size - 1)); do
	head -c "$cut" whole | core-save --keep=stacks -o cut.zst 2>/dev/null
	is "cut after $cut bytes: it is said" $? 1
	ok "cut after $cut bytes: what there is can be read" \
	    zstd -qt cut.zst
done
core-save --keep=stacks -o pipe.zst <whole
is "whole, from a pipe" $? 0
zstd -qdc pipe.zst >pipe
ok "its headers are right" headers pipe
for core in whole pipe; do
	core-unwind --json -o $core.json $core 2>/dev/null
	jq -c '[.fingerprint, [.threads[].frames[].pc]]' $core.json >$core.is
done
ok "it unwinds as the whole one does, with the files" cmp whole.is pipe.is
core-save --keep=stacks --tee -d store <whole >teed
ok "--tee: all of it is passed on" cmp teed whole
is "--tee: and stacks are kept" "$(jq -r .core.kind store/pending/*/meta.json)" \
    stacks
head -c 100000 /dev/urandom >junk
core-save --keep=stacks -o junk.zst <junk 2>junk.err
is "no core: kept as it is" "$? $(zstd -qdc junk.zst | cmp - junk && echo same)" \
    "1 same"
like "no core: it is said" "$(cat junk.err)" "all of it is kept"
finish
