#!/bin/sh
# SPDX-License-Identifier: ISC
# What the handler and all that it starts take of the processors for a crash
# that is new and for one that is known, of a small program, against a handler
# that is nothing but `cat >/dev/null`. In alternation; $ROUNDS of each.
. "$(dirname "$0")/lib.sh"
need_root
rounds=${ROUNDS:-21}
# Without it known crashes are filed the slow way.
getent passwd corepipe >/dev/null ||
    leave_out "no user corepipe, whom an installation makes"
arm log=none known_reports=5 ${ON:+"store=$ON"}
STORE=${ON:-$STORE}
ours=$(cat /proc/sys/kernel/core_pattern)

# Each handler under tally, which tells what it and its descendants took.
sed "s|^exec |&$BUILD/t/tally $ARMED/ours |" "$ARMED/h" >"$ARMED/h.new"
cat "$ARMED/h.new" >"$ARMED/h"
printf '#!/bin/sh\nexec %s %s sh -c "cat >/dev/null"\n' \
    "$BUILD/t/tally" "$ARMED/cat" >"$ARMED/c"
chmod 755 "$ARMED/c"
true >"$ARMED/ours"
true >"$ARMED/cat"

# A sweep comes once in ten seconds, however many crashes there are, and is no
# crash's own: none is due, and somebody (we do) waits for the next one already.
no_sweep()
{
	test -d "$STORE/known" || return 0
	awk -v now="$(date +%s%3N)" '{ printf "%.0f %s\n", $1 * 100, now }' \
	    /proc/uptime >"$STORE/known/swept"
	awk '{ print $1, $22 }' "/proc/$$/stat" >"$STORE/new/.sweep.live"
}

# crash FILE PROGRAM...: one, and wait until its handler's line is in FILE.
crash()
{
	local file="$1" before
	no_sweep
	before=$(wc -l <"$file")
	shift
	holdtime 1 "$@" >/dev/null
	wait_for 60 eval "test \"\$(wc -l <'$file')\" -gt $before" || return
	tail -n 1 "$file"
}

# A known crash is the sixth and later ones of one program, a new one the first
# of its own.
n=0
while test "$n" -lt 6; do
	crash "$ARMED/ours" wreck null >/dev/null
	n=$((n + 1))
done
n=0
while test "$n" -lt "$rounds"; do
	n=$((n + 1))
	cp "$BUILD/t/wreck" "new$n"
	echo "$ours" >/proc/sys/kernel/core_pattern
	crash "$ARMED/ours" ./new$n null >>new
	crash "$ARMED/ours" wreck null >>known
	echo "|$ARMED/c" >/proc/sys/kernel/core_pattern
	crash "$ARMED/cat" wreck null >>theirs
done
for kind in new known theirs; do
	awk '{ print $1 / 1000 }' "$kind" >"$kind.ms"
done
awk -v new="$(median new.ms)" -v known="$(median known.ms)" \
    -v cat="$(median theirs.ms)" 'BEGIN {
	printf "processor time of all: new %.1f ms, known %.1f ms, cat %.1f ms: ",
	    new, known, cat
	met = known <= 10 ? "met" : "MISSED"
	printf "known is 1/%.1f of new, %.1f times cat, wished 10 ms: %s\n",
	    new / known, known / cat, met
}'
