#!/bin/sh
# SPDX-License-Identifier: ISC
# Forty crashes at once: none lost, none mixed up with another, with the
# core_pipe_limit that install.sh sets (what exceeds it the kernel drops).
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq zstd
arm

n=0
while test "$n" -lt 40; do
	wreck wait >"ready.$n" 2>/dev/null </dev/null &
	echo "$!" >>pids
	n=$((n + 1))
done
all_ready()
{
	test "$(cat ready.* | grep -c ready)" -eq 40
}
ok "forty programs run" wait_for 30 all_ready
xargs kill -SEGV <pids
while read -r pid; do
	wait "$pid" 2>/dev/null
	echo "$?"
done <pids >statuses
is "all forty died of it" "$(grep -c 139 statuses)" 40
wait_for 100 settled
is "forty records" "$(find "$STORE/archive" -name meta.json | wc -l)" 40
is "each of the forty processes has one" \
    "$(jq -r .pid "$STORE"/archive/*/meta.json | sort -n)" \
    "$(sort -n pids)"
is "each is of the signal and the program" \
    "$(jq -r '"\(.signal) \(.comm) \(.core.complete)"' \
    "$STORE"/archive/*/meta.json | sort | uniq -c | xargs)" \
    "40 11 wreck true"
is "each core is whole" \
    "$(for f in "$STORE"/archive/*/core.zst; do
	zstd -tq "$f" 2>&1 && echo whole
    done | sort | uniq -c | xargs)" "40 whole"
is "each snapshot names the function it waited in" \
    "$(jq -r '[.threads[0].frames[].function | select(. == "die_waiting")][0]' \
    "$STORE"/archive/*/snapshot.json | sort | uniq -c | xargs)" \
    "40 die_waiting"
is "each snapshot is of its own core's process" \
    "$(for d in "$STORE"/archive/*/; do
	test "$(jq .process.pid "$d/snapshot.json")" = \
	    "$(jq .pid "$d/meta.json")" && echo own
    done | sort | uniq -c | xargs)" "40 own"
is "snap-list has forty" "$(snap-list --json | jq length)" 40
is "snap-list --group has them as one" \
    "$(snap-list --group --json | jq length)" 1
finish
