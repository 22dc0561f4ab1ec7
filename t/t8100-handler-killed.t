#!/bin/sh
# SPDX-License-Identifier: ISC
# A process of the handler, whichever, or its whole group, is killed before a
# call that a seed chooses: whatever was recorded by then is whole after the
# next sweep, and only the handler's own death may leave nothing.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq flock setsid
prepare_crash
all=,read,write,sync,open,name,mode,stat,process,close,

# Ours: a sweep may also find crashes of others, in the kernel's log.
records()
{
	all_ids | while read -r dir; do
		test -s "$dir/meta.json" &&
		    ! grep -q '"comm":"held"' "$dir/meta.json" || echo "$dir"
	done | wc -l
}

all_ids()
{
	find "$STORE" -maxdepth 2 -name '????????-????-7*' ! -path '*/owner/*' \
	    2>/dev/null
}

# killed HOW SHORT: before that many calls.
killed()
{
	had=$(records)
	crash "$all" 0 none
	is "$1: nothing happens: a record" "$(records)" $((had + 1))
	total=$calls
	for at in $(pick "$2" "$total"); do
		had=$(records)
		crash "$all" "$at" "$1"
		case $hit in
		'' | handler.sh* | *killall*) ;;
		*)
			test "$(records)" -eq $((had + 1)) ||
			    blame "$1 at $at of $total ($hit)" "no record" ;;
		esac
	done
}

killed kill 10
killed killall 8
fault_under=$STORE
killed kill 12
killed killall 8
fault_under=
blameless "whoever was killed, but for the handler itself: a record"
sound "what is published is whole" --core=core "$STORE"
sweep
sound "and after a sweep all is" --core=core --rest "$STORE"
is "nothing is left of it" "$(still_there)" ""
ok "the store can be listed" snap-list -s "$STORE" --json
finish
