#!/bin/sh
# SPDX-License-Identifier: ISC
# What the handler adds between a small program's crash and the return of its
# parent's wait(), against |/bin/true, which reads nothing and keeps nothing.
. "$(dirname "$0")/lib.sh"
need_root
rounds=${ROUNDS:-21}

arm
handler=$(cat /proc/sys/kernel/core_pattern)

# One crash by each handler in turn. The slow half of the record before must be
# done: it is the hold that is measured, not two records at once.
n=0
while test "$n" -lt "$rounds"; do
	settle
	echo "$handler" >/proc/sys/kernel/core_pattern
	holdtime 1 "$BUILD/t/wreck" null >>ours.ms
	settle
	echo "|/bin/true" >/proc/sys/kernel/core_pattern
	holdtime 1 "$BUILD/t/wreck" null >>true.ms
	n=$((n + 1))
done
awk -v a="$(median ours.ms)" -v b="$(median true.ms)" 'BEGIN {
	printf "crash to wait(): %.1f ms, |/bin/true %.1f ms: ", a, b
	met = a - b <= 15 ? "met" : "MISSED"
	printf "the handler adds %.1f ms, wished 15: %s\n", a - b, met
}'
echo "records: $(find "$STORE/archive" -name meta.json | wc -l) of $rounds"
