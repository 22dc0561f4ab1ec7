#!/bin/sh
# SPDX-License-Identifier: ISC
# Crashes through the real core_pattern, and at a moment that a seed chooses
# the crashing process is killed or frozen, or its handler is killed, stopped or
# out of memory: whoever waits for the process gets it, and a record is whole
# or absent.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/faults.sh"

need_root
need_command zstd perl jq flock setsid unshare
arm log=none user=no-such-user keep=full
COREPIPE_CONF=$ARMED/corepipe.conf
conf_dir=$ARMED
freezer=/sys/fs/cgroup/freezer/corepipe-test-$$
memory=/sys/fs/cgroup/memory/corepipe-test-$$
mkdir "$freezer" 2>/dev/null && at_exit "rmdir '$freezer'" || freezer=
mkdir "$memory" 2>/dev/null && at_exit "rmdir '$memory'" || memory=
test -n "$freezer" || echo "# skipped: no freezer" >&2
if test -n "$memory"; then
	echo 24M >"$memory/memory.limit_in_bytes"
	sed "1a test ! -e $ARMED/poor || echo \$\$ >$memory/cgroup.procs" \
	    "$ARMED/h" >"$ARMED/h.new"
	chmod 755 "$ARMED/h.new" && mv "$ARMED/h.new" "$ARMED/h"
else
	echo "# skipped: no cgroup for memory" >&2
fi

# handlers NAME: the processes of that name that work on our crash.
handlers()
{
	grep -lz "^COREPIPE_CONF=$COREPIPE_CONF" /proc/[0-9]*/environ \
	    2>/dev/null | while read -r environ; do
		tr '\0' ' ' <"${environ%environ}cmdline" | grep -q "$1" || continue
		of=${environ#/proc/}
		echo "${of%/environ}"
	done 2>/dev/null
}

reaped()
{
	! test -e "/proc/$pid" || grep -q ') Z ' "/proc/$pid/stat"
}

# moment: up to half a second.
moment()
{
	random 500
	sleep "0.$(printf '%03d' "$r")"
}

# strike KIND: one crash, and what befalls it.
strike()
{
	runs=$((runs + 1))
	rm -f "$STORE/known/swept"
	random 3
	touched=$(((r + 1) * 50))M
	rm -f "$ARMED/poor"
	test "$1" != poor || true >"$ARMED/poor"
	# shellcheck disable=SC2016
	sh -c 'test -z "$0" || echo $$ >"$0/cgroup.procs"
	    exec mapper 400M "$1"' "$freezer" "$touched" 2>/dev/null &
	pid=$!
	moment
	what="$1, $touched, after 0.$r s"
	handled=
	case $1 in
	crasher)
		handled=$(handlers .)
		kill -KILL "$pid" ;;
	handler | core-save)
		for victim in $(handlers "$1"); do
			kill -KILL "$victim"
		done 2>/dev/null ;;
	all)
		for victim in $(handlers .); do
			kill -KILL "$victim"
		done 2>/dev/null ;;
	stopped)
		victims=$(handlers core-save)
		# shellcheck disable=SC2086
		test -z "$victims" || { kill -STOP $victims; moment; \
		    kill -CONT $victims; } 2>/dev/null ;;
	frozen)
		echo FROZEN >"$freezer/freezer.state"
		moment
		echo THAWED >"$freezer/freezer.state" ;;
	esac
	wait_for 60 reaped || blame "$what" "the process is held"
	wait "$pid" 2>/dev/null
	wait_for 60 quiet || blame "$what" "it still runs"
	case $1 in
	handler | all) return ;;
	# It may not have come as far as its crash.
	crasher) test -n "$handled" || return ;;
	esac
	grep -qs "\"pid\":$pid," "$STORE"/*/*/meta.json ||
	    blame "$what" "no record"
}

kinds='crasher core-save handler all stopped'
test -z "$freezer" || kinds="$kinds frozen"
test -z "$memory" || kinds="$kinds poor"
times=$((2 * ${long:-1}))
while test "$times" -gt 0; do
	for kind in $kinds; do
		strike "$kind"
	done 2>/dev/null
	times=$((times - 1))
done
blameless "the process is let go, and has its record"
sound "what is published is whole" "$STORE"
# It takes away what is old in /run, and there are others.
export BUILD ASAN_OPTIONS
unshare -m --propagation private sh -c 'mount -t tmpfs tmpfs /run || exit
    for hour in 2 4; do
	LATER_SECONDS=$((hour * 3600)) LD_PRELOAD=$BUILD/t/later.so \
	    COREPIPE_CONF=$0 ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 \
	    "$BUILD/libexec/stage-sweep"
    done' "$COREPIPE_CONF"
# Of the killed, some have left no more than this: they were of this test.
find /run -maxdepth 1 -name 'corepipe.*-*-7*' -newer "$COREPIPE_CONF" \
    -exec rm -f {} +
sound "and after a sweep all is" --rest "$STORE"
finish
