#!/bin/sh
# SPDX-License-Identifier: ISC
# Forty crashes at once: none lost, none mixed up with another, with the
# core_pipe_limit that install.sh sets (what exceeds it the kernel drops).
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq zstd
arm keep=full known_reports=0

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
# of_ours FILE FILTER: what it gives for the records of our programs.
of_ours()
{
	for dir in "$STORE"/archive/*/; do
		test "$(jq -r .comm "$dir/meta.json")" = wreck &&
		    jq -r "$2" "$dir/$1"
	done
}
is "each of the forty processes has one record" \
    "$(of_ours meta.json .pid | sort -n)" \
    "$(sort -n pids)"
is "each is of the signal and the program" \
    "$(of_ours meta.json '"\(.signal) \(.exe) \(.core.complete)"' |
    sort | uniq -c | xargs)" "40 11 $BUILD/t/wreck true"
is "each core is whole" \
    "$(zstd -tq "$STORE"/archive/*/core.zst 2>&1)" ""
is "each snapshot names the function it waited in" \
    "$(of_ours snapshot.json '[.threads[0].frames[].function |
    select(. == "die_waiting")][0]' | sort | uniq -c | xargs)" "40 die_waiting"
is "each snapshot is of its own core's process" \
    "$(for d in "$STORE"/archive/*/; do
	test "$(jq .process.pid "$d/snapshot.json")" = \
	    "$(jq .pid "$d/meta.json")" && echo own || echo "not own: $d"
    done | sort -u)" own
# Another program of this machine may crash meanwhile.
snap-list --json >listed
jq -r '.[] | select(.comm != "wreck") | "# not ours: \(.comm) \(.exe)"' listed
is "snap-list has forty" \
    "$(jq '[.[] | select(.comm == "wreck")] | length' listed)" 40
is "snap-list --group has them as one" \
    "$(snap-list --group --json --filter=comm=wreck | jq length)" 1
finish
