#!/bin/sh
# SPDX-License-Identifier: ISC
# The same programs twice: once into the handler, nothing in between, and once
# with the kernel writing the core file itself. What gdb makes of our copy is
# what it makes of the kernel's.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_core_limit
need_command gdb jq zstd
arm
handler=$(cat /proc/sys/kernel/core_pattern)

# gdb_says CORE EXE: without what differs from run to run. (Where the other
# threads were differs too.)
gdb_says()
{
	gdb_frames "$1" "$2" |
	    sed 's/^[0-9]*/tid/; s/?? 0x.*/??/'
}

twice()
{
	local run="$*" exe="$BUILD/t/$1"

	test -x "$exe" || { skip 3 "no $1 here"; return; }
	echo "$handler" >/proc/sys/kernel/core_pattern
	die "$@"
	record=$(record_of "$pid") || record=none
	zstd -dcq "$record/core.zst" >ours.core
	echo "$ARMED/core.%P" >/proc/sys/kernel/core_pattern
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	die sh -c 'ulimit -c unlimited; exec "$@"' sh "$@"
	gdb_says ours.core "$exe" >ours.gdb
	gdb_says "$ARMED/core.$pid" "$exe" >kernel.gdb
	like "$run: gdb names a known frame in the kernel's core" \
	    "$(cat kernel.gdb)" '	(main|worker)'
	ok "$run: and the same frames in ours" cmp kernel.gdb ours.gdb
	ok "$run: which are the frames of the record" \
	    same_frames ours.core "$exe" "$record/snapshot.json" all
	rm -f "$ARMED/core.$pid"
}

twice wreck null
twice wreck thread
twice wreck handler
twice wreck-32 null
twice wreck-static null
twice thrower
finish
