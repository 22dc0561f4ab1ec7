#!/bin/sh
# SPDX-License-Identifier: ISC
# --timeout bounds what a core costs, not how long its writer takes; and what
# is given twice.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_command jq zstd
minicore >core

slowly()
{
	head -c 1000 core
	sleep 2.5
	tail -c +1001 core
}
slowly | core-unwind --json --timeout=1 - >got 2>got.err
is "a pipe that takes longer than the time granted: status" "$? $(cat got.err)" \
    "0 "
snap whole core
is "and nothing is missing of it" \
    "$(get got '[.threads[].frames[].pc] | tostring')" \
    "$(get whole '[.threads[].frames[].pc] | tostring')"

# A small pipe that is large inside: 512 GiB of zeros.
head -c 1073741824 /dev/zero | zstd -q >gib
{
	zstd -qc core
	n=0
	while test "$n" -lt 512; do
		cat gib
		n=$((n + 1))
	done
} | timeout 300 core-unwind --json --timeout=1 - >got 2>got.err
is "a pipe that costs more than the time granted: status" "$?" 1
like "and it is ended" "$(get got '.missing | tostring')" \
    'was ended after 1 seconds'
is "and what had come is told" "$(get got '.threads | length')" \
    "$(get whole '.threads | length')"

snap got -k a:1 -k b:2 -k a:3 -k a:4 core
is "-k: of one key the last value counts" \
    "$(get got '.attributes | tostring')" '{"a":"4","b":"2"}'
is "-k: and the key is there once" "$(grep -o '"a"' got | wc -l)" 1

finish
