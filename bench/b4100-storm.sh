#!/bin/sh
# SPDX-License-Identifier: ISC
# What a crash costs when it is the first of its kind, and when it is known: the
# hold, and the processor time of all that is done for it. Of a small program
# and of one with 64 MiB, $CRASHES (1000 unless set) of the small one in a row.
# $CRASHES records of the same: their size on the disk.
. "$(dirname "$0")/lib.sh"
need_root
need jq
crashes=${CRASHES:-1000}
arm log=none

# Processor time of the whole machine but idle, in ms: nothing else should run.
busy()
{
	awk '/^cpu / { print ($2 + $3 + $4 + $7 + $8) * 10; exit }' /proc/stat
}

# loop COUNT COMMAND...: prints the hold and the processor time of each.
loop()
{
	local count="$1" n=0 before
	shift
	before=$(busy)
	: >hold
	while test "$n" -lt "$count"; do
		holdtime 1 "$@" >>hold
		n=$((n + 1))
	done
	settle
	awk -v ms=$(($(busy) - before)) -v n="$count" -v hold="$(median hold)" \
	    'BEGIN { printf "hold %.1f ms, processor %.0f ms a crash", hold, ms / n }'
}

# idle: what the machine does by itself in a second.
idle_before=$(busy)
sleep 5
echo "the machine by itself: $((($(busy) - idle_before) / 5)) ms of processor a second"
printf 'small, the first three:       %s\n' "$(loop 3 wreck null)"
printf 'small, until it is reported:  %s\n' "$(loop 7 wreck null)"
printf 'small, known, %5d in a row: %s\n' "$crashes" "$(loop "$crashes" wreck null)"
printf '64 MiB, the first three:      %s\n' "$(loop 3 mapper 64M 64M)"
printf '64 MiB, until it is reported: %s\n' "$(loop 7 mapper 64M 64M)"
printf '64 MiB, known, 50 in a row:   %s\n' "$(loop 50 mapper 64M 64M)"
echo "records: $(find "$STORE" -name meta.json -exec jq -r .comm {} + |
    grep -cE '^(wreck|mapper)$') of $((crashes + 70))," \
    "$(du -sk "$STORE" | cut -f 1) KiB"
