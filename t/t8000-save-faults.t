#!/bin/sh
# SPDX-License-Identifier: ISC
# A call of core-save fails, each in its turn, or all from there on: what is
# published is whole, what is not is filed by the next sweep, and the status
# is the truth.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq flock
mkcore -n 12 -s 100000 >core
setpriv --reuid=65534 --regid=65534 --clear-groups sleep 1000 &
held=$!
at_exit "kill $held 2>/dev/null"
STORE=$TRASH/store
COREPIPE_CONF=$TRASH/corepipe.conf
export COREPIPE_CONF
printf 'store=%s\nlog=none\nuser=root\n' "$STORE" >corepipe.conf
all=,read,write,sync,open,name,mode,stat,process,close,
n=0

# save_with CALLS AT HOW: and what its status promises holds.
save_with()
{
	n=$((n + 1))
	id=$(old_id "$n")
	faulty "$@" core-save -P "$held" -d "$STORE" \
	    --id="$id" --owner=65534 -k dumpable=1 -k signal=11 -k uid=65534 \
	    <core >out 2>err
	what="$3 at call $2 of $1, record $id ($hit)"
	case $status in
	0)
		test -d "$STORE/pending/$id" || blame "$what" "status 0, no record"
		test "$(cat out)" = "$id" || blame "$what" "its id was not told" ;;
	1)
		test -d "$STORE/pending/$id" || blame "$what" "status 1, no record"
		test -s err || blame "$what" "status 1, no word" ;;
	111)
		# Whoever has no descriptors 0 to 2 has none to say so on.
		case $hit in
		*/dev/null) ;;
		*) test -s err || blame "$what" "status 111, no word" ;;
		esac ;;
	137)
		test "$3" = kill || blame "$what" "killed" ;;
	*)
		blame "$what" "status $status: $(cat err)" ;;
	esac
}

# each_call SHORT CALLS HOW [STICKY]
each_call()
{
	save_with "$2" 0 none
	test "$calls" -gt 0 || blame "$2" "no such call was made"
	for at in $(pick "$1" "$calls"); do
		save_with "$2" "$at${4-}" "$3"
	done
}

file_away()
{
	blameless "$1: the status is the truth"
	sound "$1: what is published is whole" --core=core "$STORE"
	rm -rf "$STORE"/pending/*
	for marker in "$STORE"/owner/*/*; do
		test -e "$STORE/new/${marker##*/}" || rm -f "$marker"
	done
	"$BUILD/libexec/stage-sweep"
	sound "$1: what is not is filed" --core=core --rest "$STORE"
	rm -rf "$STORE"
}

each_call 25 "$all" EIO
file_away "one call fails"
each_call 12 "$all" EIO +
file_away "all calls fail from there on"
each_call 15 ,write,open,name,mode, ENOSPC
each_call 10 ,write,open,name,mode, ENOSPC +
file_away "the disk is full"
each_call 6 ,write,open,name,mode, EROFS +
file_away "the store is read-only"
each_call 12 "$all" EINTR
each_call 10 ,read,write, short
each_call 5 ,read,write, short +
file_away "interrupted"
each_call 8 ,sync, EIO
each_call 4 ,sync, EIO +
file_away "fsync fails"
each_call 6 ,open,process, EMFILE
each_call 6 ,open,process, EMFILE +
file_away "no descriptors"
each_call 20 "$all" kill
file_away "killed"
if test -z "${SAN:-}"; then
	each_call 15 ,memory, ENOMEM
	each_call 10 ,memory, ENOMEM +
	file_away "no memory"
else
	skip 3 "AddressSanitizer has its own malloc"
fi

# As many threads as there are: a core that is larger than what may wait between
# one that compresses and one that writes.
head -c 50000000 /dev/urandom >random
for at in 1 2 2+ 3+; do
	for ram in 0 1G; do
		faulty ,pthread_create, "$at" EAGAIN core-save "--ram=$ram" \
		    -o random.zst <random 2>err
		case $at in
		1) is "no thread, --ram=$ram: it says so" "$status $(grep -c \
		    'start a thread' err)" "111 1" ;;
		*) ok "thread $at cannot be had, --ram=$ram" \
		    eval 'test "$status" -eq 1 && zstd -qdc random.zst |
		    cmp -s - random' ;;
		esac
	done
done
finish
