#!/bin/sh
# SPDX-License-Identifier: ISC
# One call fails in one of all the processes that a handler starts, or each from
# there on in the store: no crash is lost, and no record is half.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq flock setsid
prepare_crash
all=,read,write,sync,open,name,mode,process,

recorded()
{
	grep -ls '"comm":"held"' "$STORE"/*/*/meta.json | wc -l
}

# faulted SHORT CALLS HOW [STICKY]
faulted()
{
	crash "$2" 0 none
	total=$calls
	test "$total" -gt 0 || blame "$2" "no such call was made"
	for at in $(pick "$1" "$total"); do
		had=$(recorded)
		crash "$2" "$at${4-}" "$3"
		# Without its settings it works in another store.
		case $hit in
		*/corepipe.conf) continue ;;
		esac
		test -n "${4-}" || test "$(recorded)" -gt "$had" ||
		    filed "$had" || blame "$3 at $at of $total ($hit)" "no record"
	done
}

# What was left in new/ is filed by a sweep.
filed()
{
	sweep
	test "$(recorded)" -gt "$1"
}

faulted 14 "$all" EIO
faulted 8 ,process,open, EMFILE
blameless "one call fails: a record"
fault_under=$BUILD/libexec/stage.sh
faulted 2 ,open, EMFILE
blameless "what is sourced cannot be opened: a record"
# A shell ends that gets no pipe or process, unless somebody minds.
fault_under=
fault_only=handler.sh
faulted 12 ,process, EAGAIN
fault_only=
blameless "no process for the handler: a record"
# A shell reads what its record is called by letter by letter.
fault_under=/proc/sys/kernel/random
faulted 6 ,read, EIO
blameless "a name that cannot be read to its end: a record"
fault_under=$STORE
faulted 14 "$all" EIO
faulted 6 ,write,open,name, ENOSPC
faulted 5 "$all" EINTR
blameless "one call in the store fails: a record"
faulted 8 ,write,open,name, ENOSPC +
faulted 4 ,write,open,name, EROFS +
fault_under=
blameless "all fail from there on: it ends"
sound "what is published is whole" --core=core "$STORE"
sweep
sound "and after a sweep all is" --core=core --rest "$STORE"
is "nothing is left of it" "$(still_there)" ""
finish
