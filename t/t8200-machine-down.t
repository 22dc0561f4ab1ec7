#!/bin/sh
# SPDX-License-Identifier: ISC
# The machine goes down at any step of a capture and its report, with all that
# was not synced by then, or a part of it: after the next sweep every record is
# whole, and what a program had said was done is done.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq flock setsid
prepare_crash

# journaled COMMAND...: what it does to the store, in $TRASH/journal.
journaled()
{
	env JOURNAL_UNDER="$STORE" JOURNAL_FILE="$TRASH/journal" \
	    LD_PRELOAD="$BUILD/t/journal.so" \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" "$@"
}

# down STEPS HOW: the machine is down, up again, and sweeps.
down()
{
	local what="$2 after step $1" at ended
	rm -rf "$TRASH/store" "$TRASH/disk"
	random 1000000
	ended=$(perl "$SRC/t/helper/replay.pl" journal make "$TRASH/disk" "$1" \
	    "$2" "$r")
	runs=$((runs + 1))
	test -d disk/new || mkdir -p disk/new
	mv disk "$STORE"
	said=$(perl "$SRC/t/helper/check-store.pl" --core=core "$STORE") ||
	    blame "$what" "$said"
	sweep
	said=$(perl "$SRC/t/helper/check-store.pl" --core=core --rest \
	    "$STORE") || blame "$what, swept" "$said"
	at=$(ls -d "$STORE/archive/$id" "$STORE/failed/$id" 2>/dev/null)
	case $ended in
	*core-save*) saved "$at" ||
		blame "$what" "core-save had ended, and yet: $at" ;;
	esac
	case $ended in
	*snap-put*) reported "$at" ||
		blame "$what" "snap-put had ended, and yet no report: $at" ;;
	esac
}

saved()
{
	case $1 in
	*/archive/*) test "$(jq .core.complete "$1/meta.json")" = true ;;
	*) false ;;
	esac
}

reported()
{
	test -s "$1/snapshot.json" && test -s "$1/report.txt"
}

# replayed SHORT: at so many steps of the journal, or all.
replayed()
{
	total=$(perl "$SRC/t/helper/replay.pl" journal count)
	echo "# $total steps"
	for at in $(pick "$1" "$total"); do
		if test -n "$long"; then
			for how in all empty zeros torn late late late; do
				down "$at" "$how"
			done
			continue
		fi
		random 5
		case $r in
		0) down "$at" all ;;
		1) down "$at" empty ;;
		2) down "$at" zeros ;;
		3) down "$at" torn ;;
		4) down "$at" late ;;
		esac
	done
}

journaled setsid -w sh "$BUILD/libexec/handler.sh" "P=$held" "I=$held" \
    u=65534 g=65534 d=1 s=11 h=box e=held E=!bin!held <core >/dev/null 2>&1
wait_for 60 quiet
sound "nothing happens: a record" --core=core --rest "$STORE"
id=$(cd "$STORE/archive" && echo *-7*-*)
replayed 60
blameless "a capture and its report"
finish
