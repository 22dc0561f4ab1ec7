#!/bin/sh
# SPDX-License-Identifier: ISC
# Whatever state a page is in, in swap, huge, merged, given back or wiped: the
# core that is read from the process is to the byte the kernel's.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp od prlimit
arm_saver

# It says what could be brought about, to a file, and forks: the crash is
# another's then.
noted()
{
	exec states "$@" >"$TRASH/note"
}

# both KIND...
both()
{
	for order in live_first pipe_first; do
		eval "saver \"\$$order\""
		crash noted "$@"
		is "$*, $order: the same, and live" "$verdict $way $why" \
		    "same live null"
		test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
		sed 's/^/# /' "$TRASH/note"
	done
}

# setting FILE VALUE: until the test ends.
setting()
{
	local old
	old=$(sed 's/.*\[\(.*\)\].*/\1/' "$1")
	at_exit "echo $old >'$1'"
	echo "$2" >"$1"
}

both huge
both locked
both freed
both moved
both growing
both scattered
both guarded
both forked

# Huge pages that are put aside: for this test, when the machine has them.
huge=/proc/sys/vm/nr_hugepages
setting "$huge" "$(($(cat "$huge") + 16))"
prlimit --core=0 states reserved >note 2>/dev/null
if grep -q none note; then
	skip 2 "no huge pages can be put aside"
else
	both reserved
fi

ksm=/sys/kernel/mm/ksm
if test -w "$ksm/run"; then
	setting "$ksm/sleep_millisecs" 5
	setting "$ksm/pages_to_scan" 5000
	setting "$ksm/run" 1
	both merged
	if grep -q '^0 ' "$TRASH/note"; then
		skip 1 "the kernel merged nothing in that time"
	else
		ok "pages were merged" grep -q '^[1-9]' "$TRASH/note"
	fi
else
	skip 3 "this kernel does not merge pages"
fi

dd if=/dev/zero of="$ARMED/swap" bs=1M count=16 2>/dev/null
chmod 600 "$ARMED/swap"
if mkswap "$ARMED/swap" >/dev/null 2>&1 && swapon "$ARMED/swap" 2>/dev/null
then
	at_exit "swapoff '$ARMED/swap'"
	both swapped
	# A control group may be allowed none.
	if grep -q '^private: 0 ' "$TRASH/note"; then
		skip 1 "nothing of ours may be in swap"
	else
		is "pages were in swap" "$(sed -n 's/: [1-9].*//p' \
		    "$TRASH/note" | xargs)" "private shared memfd"
	fi
	both swapped huge freed moved
else
	skip 5 "no swapping here"
fi

# Each bit of coredump_filter, alone, and all at once.
filtered()
{
	echo "$1" >/proc/self/coredump_filter
	shift
	exec "$@"
}
saver "$live_first"
for filter in 0x0 0x1 0x2 0x4 0x8 0x10 0x20 0x40 0x80 0x100 0x1ff; do
	head -c 100000 /dev/urandom >zoo.file
	crash filtered "$filter" mapper zoo zoo.file
	is "coredump_filter $filter" "$verdict $way $why" "same live null"
done
finish
