#!/bin/sh
# SPDX-License-Identifier: ISC
# One allocation fails, each in its turn, on a small core: no program dies of
# it, none is silent, and its status is one of the four and the truth.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

need_command zstd jq
minicore >core
core-unwind --json core >snapshot 2>/dev/null
sleep 10000 &
held=$!
at_exit "kill $held 2>/dev/null"
core-save -d kept <core >/dev/null 2>&1
id=$(ls kept/pending)
(cd "kept/pending/$id" && core-unwind --record=. -o snapshot.json \
    --report=report.txt core.zst 2>/dev/null)
mkdir empty

# each SHORT WHAT FROM PROGRAM ARGUMENT...: FROM is a store, of which each run
# has a copy as `store`.
each()
{
	local short="$1" what="$2" from="$3" at total
	shift 3
	fault_only=$1
	allocate 0 "$from" "$@"
	total=$calls
	test "$total" -gt 0 || blame "$what" "it takes no memory"
	for at in $(pick "$short" "$total"); do
		allocate "$at" "$from" "$@"
	done
	blameless "$what: each of its allocations may fail"
	echo "# $total allocations"
}

# A hang is a breach like any other: 124.
allocate()
{
	local at="$1" from="$2"
	shift 2
	rm -rf store
	cp -a "$from" store
	faulty ,memory, "$at" ENOMEM timeout 60 "$@" <core >out 2>err
	status_told "$at" ENOMEM
}

each 40 core-save empty core-save -P "$held" -d store -k signal=11 -k dumpable=1
each 40 "core-save of stacks" empty core-save -P "$held" --keep=stacks \
    -d store -k signal=11
each 20 "core-save to a file" empty core-save -o out.zst
each 40 core-unwind empty core-unwind --json core
each 20 "core-unwind of a record" kept core-unwind \
    --record="store/pending/$id" -o s.json --report=r \
    "store/pending/$id/core.zst"
each 40 snap-put empty snap-put -s store -k a=b -a core snapshot
each 40 "snap-put of a record" kept snap-put -s store -a core "store/pending/$id"
each 40 "snap-list --rebuild" kept snap-list -s store --rebuild --json
each 20 snap-list kept snap-list -s store --group=exe --since=1d
finish
