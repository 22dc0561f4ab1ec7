#!/bin/sh
# SPDX-License-Identifier: ISC
# Storms: one program that crashes again and again ($STORM times, 200 unless set)
# and forty at a time of many programs ($STORM_AT_ONCE, a multiple of 4), of two
# users, in a store with little room. Every crash has a record, the store stays
# within its bound, the first and the newest cores of each crash stay, and one
# user's storm costs nobody else anything.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_root
need_command jq zstd setpriv flock mount
times=${STORM:-200} at_once=${STORM_AT_ONCE:-40} large=${STORM_LARGE:-20}
# A record of wreck's stacks takes some 200 KiB. There is room for all of them,
# and not for all of the large ones.
user_max=$((times * 300 + 30000))
max=$((user_max * 2))
room=$((max + 100000))
arm "store_max=${max}K" "user_max=${user_max}K" known_reports=3
mount -t tmpfs -o "mode=755,size=${room}K" tmpfs "$STORE" ||
    skip_all "no mounts here"
at_exit "wait_for 15 umount '$STORE'"
mkdir "$ARMED/bin"
cp "$BUILD/t/wreck" "$BUILD/t/mapper" "$ARMED/bin/"

# as USER COMMAND...
as()
{
	local uid="$1"
	shift
	setpriv "--reuid=$uid" "--regid=$uid" --clear-groups "$@" \
	    >/dev/null 2>&1 </dev/null
}
victim=64021 stormer=64022

# Looks at the disk all the while.
watch()
{
	local used peak=0
	while ! test -e "$TRASH/stop"; do
		used=$(df -Pk "$STORE" | awk 'NR == 2 { print $3 }')
		test "$used" -le "$peak" || peak=$used
		echo "$peak" >"$TRASH/watched.new"
		mv "$TRASH/watched.new" "$TRASH/watched"
		sleep 0.2
	done
}
watch 9>&- &
watcher=$!
at_exit "kill $watcher 2>/dev/null"

# facts FILTER: of meta.json of every record, in the order of time. Somebody
# else's may go on to another directory just then.
facts()
{
	find "$STORE/new" "$STORE/pending" "$STORE/sending" "$STORE/archive" \
	    "$STORE/failed" -name meta.json -path '*/????????-*-*/meta.json' \
	    -exec cat {} + 2>/dev/null |
	    jq -r "[.id, ($1 | tostring)] | @tsv" | sort | cut -f 2-
}

as $victim "$ARMED/bin/wreck" abort
as $victim "$ARMED/bin/mapper" 2M 2M
settle
n=0
while test "$n" -lt "$times"; do
	as $stormer "$ARMED/bin/wreck" null - 512
	n=$((n + 1))
done
wait_for 200 settled
is "a crash loop: every crash has a record" \
    "$(facts '"\(.uid) \(.comm)"' | grep -c "^$stormer wreck$")" "$times"
is "the first three cores and the newest are whole" \
    "$(facts '"\(.uid) \(.comm) \(.core.kind)"' |
    sed -n "s/^$stormer wreck //p" | uniq -c | xargs)" \
    "3 full $((times - 4)) stacks 1 full"
is "and open" "$(find "$STORE/archive" -name '*.zst' -exec zstd -tq {} + 2>&1)" ""
is "no record is without a reason" "$(facts 'if .core.kind != "full" and
    .core.reason == null then .id else "fine" end' | sort -u)" fine
# As many more as reports are made at a time may have asked before.
unwound=$(for dir in "$STORE"/archive/*/; do
	test ! -f "$dir/report.txt" ||
	    jq "select(.uid == $stormer).uid" "$dir/meta.json"
    done | wc -l)
echo "# $unwound of $times unwound"
ok "and few of them were unwound" test "$unwound" -le $((3 + $(nproc)))
ok "but some" test "$unwound" -ge 3
is "all are one group" "$(snap-list --group --json --filter=uid=$stormer |
    jq -c '[.[].count]')" "[$times]"

# Forty at a time: ten programs of the victim, thirty of the other.
n=0
while test "$n" -lt "$at_once"; do
	name=storm$((n % (at_once / 2)))
	test -e "$ARMED/bin/$name" || cp "$BUILD/t/wreck" "$ARMED/bin/$name"
	mode=$(echo null abort assert div | cut -d ' ' -f $((n % 4 + 1)))
	if test $((n % 4)) -eq 0; then
		as $victim "$ARMED/bin/$name" "$mode" &
	else
		as $stormer "$ARMED/bin/$name" "$mode" &
	fi
	pids="${pids-} $!"
	n=$((n + 1))
done
# shellcheck disable=SC2086
wait $pids
wait_for 200 settled
is "forty at a time: each has a record" \
    "$(facts .comm | grep -c '^storm')" "$at_once"
is "each of two of a program and mode is one of the first" \
    "$(facts '"\(.comm) \(.core.kind)"' | sed -n 's/^storm[0-9]* //p' |
    sort | uniq -c | xargs)" "$at_once full"
is "their number is known" "$(grep -lE "^uid ($victim|$stormer)$" \
    "$STORE"/known/* | xargs sed -n 's/^full /full /p' | sort | uniq -c |
    xargs)" "2 full 1 $((at_once / 2)) full 2 1 full 3"

# Cores that are not small, of ever other crashes, until the bound is reached.
n=0
while test "$n" -lt "$large"; do
	cp "$BUILD/t/mapper" "$ARMED/bin/big$n"
	printf %s "$n" >>"$ARMED/bin/big$n"
	as $stormer "$ARMED/bin/big$n" 4M 4M
	n=$((n + 1))
done
wait_for 200 settled
sleep 6
sweep
true >"$TRASH/stop"
wait "$watcher"
read -r peak <"$TRASH/watched"
is "many large ones: each has a record" "$(facts .comm | grep -c '^big')" "$large"
echo "# peak $peak KiB of $room, bound $max"
ok "the disk stayed under the bound" test "$peak" -le "$max"
used=$(snap-list --json |
    jq "[.[] | select(.uid == $stormer).size] | add / 1024 | floor")
ok "and the user under his" test "$used" -le "$user_max"
like "it was said that there was no room" "$(facts .core.reason |
    grep 'stacks only: the records')" 'are allowed'
is "the other user's records have all that they had" \
    "$(facts '"\(.uid) \(.comm) \(.core.kind)"' |
    sed -n "s/^$victim //p" | sed 's/^storm[0-9]*/storm/' | sort | uniq -c |
    xargs)" "1 mapper full $((at_once / 4)) storm full 1 wreck full"
is "and their cores are there" "$(snap-list --json |
    jq "[.[] | select(.uid == $victim and .core == \"none\")] | length")" 0
is "the first core of the loop too" "$(snap-list --json |
    jq -r "[.[] | select(.uid == $stormer and .comm == \"wreck\")] |
    sort_by(.id) | .[0].core")" present
is "and the newest" "$(snap-list --json |
    jq -r "[.[] | select(.uid == $stormer and .comm == \"wreck\")] |
    sort_by(.id) | .[-1].core")" present
is "nothing is left in new/" "$(ls "$STORE/new")" ""
finish
