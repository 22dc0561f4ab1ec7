#!/bin/sh
# SPDX-License-Identifier: ISC
# A store on a disk of every size, with few inodes, or one that takes nothing;
# few descriptors, small files, no new processes: a record is whole or absent.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

alone
need_command zstd perl jq flock setsid prlimit
prepare_crash
# Much of it cannot be compressed, so that it has a size on a disk.
{ cat core; head -c 600000 /dev/urandom; } >core.new && mv core.new core
mkdir "$STORE"
at_exit "! mountpoint -q '$STORE' || wait_for 15 umount '$STORE'"

# crash_with COMMAND...: the handler, started by way of that.
crash_with()
{
	runs=$((runs + 1))
	rm -f "$STORE/known/swept"
	{ as_kernel "$COREPIPE_CONF" setsid -w "$@" \
	    sh "$BUILD/libexec/handler.sh" "P=$held" "I=$held" "p=$held" \
	    "i=$held" u=65534 g=65534 d=1 s=11 c=0 F= h=box e=held \
	    E=!bin!held <core; } 2>/dev/null
	wait_for 60 quiet || blame "$what" "it still runs"
}

# look: at what became of it; then there is room again, and a sweep.
look()
{
	said=$(perl "$SRC/t/helper/check-store.pl" --core=core "$STORE") ||
	    blame "$what" "$said"
	mount -o "remount,$room" "$STORE" 2>/dev/null
	sweep
	said=$(perl "$SRC/t/helper/check-store.pl" --core=core --rest \
	    "$STORE") || blame "$what, swept" "$said"
	# A sweep may also find crashes of others, in the kernel's log.
	state=$(grep -ls '"comm":"held"' "$STORE"/*/*/meta.json)
	state=${state#"$STORE/"}
	state=${state%%/*}
}

# on OPTIONS ROOM: a store with these, that ROOM makes large again.
on()
{
	room=$2
	what=$1
	mount -t tmpfs -o "mode=755,$1" tmpfs "$STORE" || return
	crash_with env
	look
	umount "$STORE"
}

whole=
for at in $(pick 12 60); do
	on "size=$((at * 20))k" size=100m
	case $state in
	archive) whole=1 ;;
	'') test -z "$whole" || blame "$what" "no record any more" ;;
	esac
done
blameless "a disk of any size"
is "and the largest has a record" "$state" archive
for at in $(pick 10 45); do
	on "nr_inodes=$((at + 1))" nr_inodes=1000
done
blameless "a disk with any number of inodes"
is "and the most have a record" "$state" archive

# A disk that has become read-only while it was mounted.
mount -t tmpfs -o mode=755 tmpfs "$STORE"
what="read-only"
crash_with env
mount -o remount,ro "$STORE"
crash_with env
mount -o remount,rw "$STORE"
look
is "a read-only disk keeps what it has" \
    "$(cat "$STORE"/archive/*/meta.json | grep -c '"comm":"held"')" 1
umount "$STORE"
blameless "and takes no half of a record"

# limited OPTION SHORT FROM TO
limited()
{
	for at in $(pick "$2" $(($4 - $3 + 1))); do
		what="$1=$((at + $3 - 1))"
		room=size=100m
		mount -t tmpfs -o mode=755 tmpfs "$STORE"
		crash_with prlimit "$what"
		look
		umount "$STORE"
	done
}

limited --nofile 10 3 40
blameless "few descriptors"
is "and 40 are enough for a record" "${state:-none}" archive
limited --fsize 8 0 1
for at in 5000 50000 500000; do
	limited --fsize 1 "$at" "$at"
done
blameless "small files"
is "and a small core makes a record" "${state:-none}" archive
# Root is not limited in processes, but by a cgroup.
pids=/sys/fs/cgroup/pids/corepipe-test-$$
if mkdir "$pids" 2>/dev/null; then
	at_exit "rmdir '$pids'"
	for at in $(pick 6 12); do
		what="$at processes"
		mount -t tmpfs -o mode=755 tmpfs "$STORE"
		echo "$at" >"$pids/pids.max"
		crash_with sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$pids"
		look
		umount "$STORE"
	done
	blameless "few processes"
else
	skip 1 "no cgroup for the number of processes"
fi
is "nothing is left of it" "$(still_there | grep -v tmpfs)" ""
finish
