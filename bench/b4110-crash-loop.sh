#!/bin/sh
# SPDX-License-Identifier: ISC
# What the handler and all that it starts, sweeps too, take of the processors for
# a crash of a small program that is new, in medians of $ROUNDS, and for one that
# is known, on the average of a crash loop: a service that is started again after
# 0.1 s, as systemd does it, $LOOP times. Against a handler that is nothing but
# `cat >/dev/null`.
. "$(dirname "$0")/lib.sh"
need_root
rounds=${ROUNDS:-15} loop=${LOOP:-300} pause=${PAUSE:-0.1}
# Without it known crashes are filed the slow way.
getent passwd corepipe >/dev/null ||
    leave_out "no user corepipe, whom an installation makes"
arm log="${LOG:-none}" known_reports=5 ${ON:+"store=$ON"}
ours=$(cat /proc/sys/kernel/core_pattern)

# Each handler under tally, which tells what it and its descendants took.
sed "s|^exec |&$BUILD/t/tally $ARMED/ours |" "$ARMED/h" >"$ARMED/h.new"
cat "$ARMED/h.new" >"$ARMED/h"
printf '#!/bin/sh\nexec %s %s sh -c "cat >/dev/null"\n' \
    "$BUILD/t/tally" "$ARMED/cat" >"$ARMED/c"
chmod 755 "$ARMED/c"

# crashes NUMBER PROGRAM FILE: so many, and wait until as many lines are in FILE:
# a handler's comes when the sweep that it started is over.
crashes()
{
	local n=0
	while test "$n" -lt "$1"; do
		n=$((n + 1))
		holdtime 1 "$2" null >/dev/null
		sleep "$pause"
	done
	wait_for 60 eval "test \"\$(wc -l <'$3')\" -eq $1"
}

true >"$ARMED/ours"
crashes 6 wreck "$ARMED/ours"
true >"$ARMED/ours"
crashes "$loop" wreck "$ARMED/ours"
awk -v n="$loop" '{ sum += $1 } END { print sum / n / 1000 }' "$ARMED/ours" \
    >known.ms

n=0
while test "$n" -lt "$rounds"; do
	n=$((n + 1))
	cp "$BUILD/t/wreck" "new$n"
	echo "$ours" >/proc/sys/kernel/core_pattern
	true >"$ARMED/ours"
	crashes 1 "./new$n" "$ARMED/ours"
	cat "$ARMED/ours" >>new
	echo "|$ARMED/c" >/proc/sys/kernel/core_pattern
	true >"$ARMED/cat"
	crashes 1 wreck "$ARMED/cat"
	cat "$ARMED/cat" >>theirs
done
for kind in new theirs; do
	awk '{ print $1 / 1000 }' "$kind" >"$kind.ms"
done
awk -v new="$(median new.ms)" -v known="$(cat known.ms)" \
    -v cat="$(median theirs.ms)" 'BEGIN {
	printf "processor time of all: new %.1f ms, known %.1f ms, cat %.1f ms: ",
	    new, known, cat
	met = known <= 10 ? "met" : "MISSED"
	printf "known is 1/%.1f of new, %.1f times cat, wished 10 ms: %s\n",
	    new / known, known / cat, met
}'
