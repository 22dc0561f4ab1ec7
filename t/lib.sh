# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What every test starts with: TAP (docs in t/README), a directory of its own
# that goes away, and the one way to borrow core_pattern.
#
#	. "$(dirname "$0")/lib.sh"
#	plan 3                      or: skip_all "why"
#	ok "what" command args...   command must exit 0
#	ok_no "what" STATUS command args...
#	                            it must exit with just that STATUS; death by
#	                            a signal is never right
#	is "what" "$got" "$want"
#	like "what" "$got" 'ERE'    unlike: the opposite
#	skip N "why"                N tests are not run, loudly
#	finish                      last, where there was no plan: makes it, of
#	                            what was run
#	$as_helper command...       with RLIMIT_CORE 1, as the kernel's helper
#	as_nobody command...        by a user without rights
#	left_in_new                 what is in $STORE/new, but for what is there
#	                            for good
#	as_kernel CONF command...   all that is so for the kernel's helper: in /,
#	                            no environment but CONF's name, none at all
#	                            if it is empty, descriptors 1 and 2 closed;
#	                            standard input is the core's
#
# POSIX sh; `local` is used in tests only.

set -u
# A make of our own is no part of the one that runs the tests.
unset MAKEFLAGS MFLAGS MAKELEVEL
LC_ALL=C
export LC_ALL
umask 022

SRC=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${COREPIPE_BUILD:-$SRC/build}
PATH=$BUILD/bin:$BUILD/t:$PATH
export PATH SRC BUILD
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:abort_on_error=0:exitcode=99:allocator_may_return_null=1}
UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
export ASAN_OPTIONS UBSAN_OPTIONS

# sudo sets the hard limit of cores to 0, and not every root may raise it.
# shellcheck disable=SC3045 # dash, bash and busybox have it
ulimit -Hc unlimited 2>/dev/null || :
# shellcheck disable=SC3045
case $(ulimit -Hc) in
0) as_helper= ;;
*) as_helper='prlimit --core=1:1 --' ;;
esac

TRASH=$(mktemp -d "${TMPDIR:-/tmp}/corepipe-test.XXXXXXXX") || exit 1
test_count=0
test_failed=0
test_cleanup=
at_rest=settled

# Each at_exit command runs once, last first, whatever ended the test.
at_exit()
{
	test_cleanup="$1
$test_cleanup"
}

test_end()
{
	status=$?
	trap - EXIT HUP INT TERM
	trap '' PIPE
	cd /
	eval "$test_cleanup"
	chmod -R u+rwx "$TRASH" 2>/dev/null
	# A handler's last sweep may just be leaving.
	rm -rf "$TRASH" 2>/dev/null || { sleep 2; rm -rf "$TRASH"; }
	test "$status" -ne 0 && exit "$status"
	test "$test_failed" -eq 0
	exit
}
trap test_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM

cd "$TRASH" || exit 1

plan()
{
	echo "1..$1"
}

finish()
{
	plan "$test_count"
}

skip_all()
{
	echo "1..0 # SKIP $*"
	echo "# skipped: $*" >&2
	exit 0
}

need_root()
{
	test "$(id -u)" -eq 0 || skip_all "${0##*/} must be root"
}

# For whoever has the kernel write a core to a file.
need_core_limit()
{
	test -n "$as_helper" ||
	    skip_all "no core file may be written: the hard limit is 0 (by sudo?)"
}

need_command()
{
	for c in "$@"; do
		command -v "$c" >/dev/null || skip_all "no $c on this machine"
	done
}

as_nobody()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

left_in_new()
{
	find "$STORE/new" -mindepth 1 ! -name '.sweep*' ! -name '.turn*'
}

# shellcheck disable=SC2086 # none, or some words
as_kernel()
(
	conf=$1
	shift
	cd / && exec env -i ${conf:+"COREPIPE_CONF=$conf"} \
	    "ASAN_OPTIONS=$ASAN_OPTIONS" $as_helper "$@" >&- 2>&-
)

pass()
{
	test_count=$((test_count + 1))
	echo "ok $test_count - $1"
}

fail()
{
	test_count=$((test_count + 1))
	test_failed=$((test_failed + 1))
	echo "not ok $test_count - $1"
	# prove(1) shows stderr, whatever it was told of the rest.
	{
		echo "${0##*/}: not ok $test_count - $1"
		shift
		printf '%s\n' "$@"
	} | head -n 100 | sed 's/^/# /' >&2
}

skip()
{
	local n="$1"
	shift
	echo "# skipped: $*" >&2
	while test "$n" -gt 0; do
		test_count=$((test_count + 1))
		echo "ok $test_count # SKIP $*"
		n=$((n - 1))
	done
}

ok()
{
	local what="$1" out status
	shift
	out=$("$@" 2>&1)
	status=$?
	if test "$status" -eq 0; then
		pass "$what"
	else
		fail "$what" "status $status: $*" "$out"
	fi
}

ok_no()
{
	local what="$1" want="$2" out status
	shift 2
	out=$("$@" 2>&1)
	status=$?
	if test "$status" -eq "$want"; then
		pass "$what"
	else
		fail "$what" "status $status, want $want: $*" "$out"
	fi
}

is()
{
	if test "$2" = "$3"; then
		pass "$1"
	else
		fail "$1" "got:  $2" "want: $3"
	fi
}

like()
{
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		pass "$1"
	else
		fail "$1" "no match for: $3" "in: $2"
	fi
}

unlike()
{
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		fail "$1" "should not match: $3" "in: $2"
	else
		pass "$1"
	fi
}

# ended PID: waits for one of ours; the shell has no word of what it died of. On
# a log that somebody reads for what has failed it would be the first.
ended()
{
	{ wait "$1"; } 2>/dev/null
}

# wait_for SECONDS command...: until it succeeds.
wait_for()
{
	local tries="$1"
	tries=$((tries * 20))
	shift
	while test "$tries" -gt 0; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
		tries=$((tries - 1))
	done
	return 1
}

# arm [LINE...]: borrow core_pattern for this test. Takes the lock that no two
# tests share (waits for it), saves the pattern and the limits, points the
# pattern at the handler of this build with a store in $STORE and the
# configuration LINEs, and puts all of it back at the end, whatever happens.
# Waits, before it gives the machine back, until no record is in new/ or
# pending/. The store is where an unprivileged user can reach it.
arm()
{
	borrow_core_pattern
	STORE=$ARMED/store
	mkdir -m 755 "$STORE"
	{
		echo "store=$STORE"
		for line in "$@"; do
			printf '%s\n' "$line"
		done
	} >"$ARMED/corepipe.conf"
	cat >"$ARMED/h" <<-EOF
	#!/bin/sh
	COREPIPE_CONF=$ARMED/corepipe.conf
	# Of a test that has ended: not into the store of this machine.
	test -r "\$COREPIPE_CONF" || exec cat >/dev/null
	ASAN_OPTIONS=$ASAN_OPTIONS:log_path=$ARMED/asan
	export COREPIPE_CONF ASAN_OPTIONS
	exec $BUILD/libexec/handler.sh "\$@"
	EOF
	chmod 755 "$ARMED/h"
	echo 256 >/proc/sys/kernel/core_pipe_limit
	echo "|$ARMED/h P=%P I=%I p=%p i=%i u=%u g=%g d=%d s=%s t=%t c=%c F=%F h=%h e=%e E=%E" \
	    >/proc/sys/kernel/core_pattern
	export STORE COREPIPE_STORE="$STORE"
}

# arm_file: the same, but the kernel writes its own core files, to
# $ARMED/core.PID (where RLIMIT_CORE lets it).
arm_file()
{
	borrow_core_pattern
	echo "$ARMED/core.%P" >/proc/sys/kernel/core_pattern
}

borrow_core_pattern()
{
	need_root
	exec 9>/run/corepipe-test.lock
	flock 9 || exit 1
	save_kernel_settings
	STORE=
	ARMED=$(mktemp -d /var/tmp/corepipe-armed.XXXXXXXX) || exit 1
	chmod 755 "$ARMED"
	at_exit "rm -rf '$ARMED'"
	at_exit settle
	at_exit restore_kernel_settings
}

# Kept in a file until they are back, for a test that was killed outright: the
# next one finds there what it left changed.
save_kernel_settings()
{
	saved=/run/corepipe-test.saved
	test -s "$saved" ||
	    { cat /proc/sys/kernel/core_pattern /proc/sys/kernel/core_pipe_limit \
	    /proc/sys/fs/suid_dumpable >"$saved.new" && mv "$saved.new" "$saved"; }
	saved_pattern=$(sed -n 1p "$saved")
	saved_suid=$(sed -n 3p "$saved")
}

restore_kernel_settings()
{
	test -n "$saved" || return 0
	{
		IFS= read -r line
		printf '%s\n' "$line" >/proc/sys/kernel/core_pattern
		IFS= read -r line
		echo "$line" >/proc/sys/kernel/core_pipe_limit
		IFS= read -r line
		echo "$line" >/proc/sys/fs/suid_dumpable
	} <"$saved"
	rm -f "$saved"
	saved=
}

# All records have left new/ and pending/, or 60 s have gone by. Another command
# in at_rest is waited for instead.
settle()
{
	wait_for 60 "$at_rest"
}

settled()
{
	test -n "$STORE" || return 0
	test -z "$(ls "$STORE/new" "$STORE/pending" "$STORE/sending" 2>/dev/null |
	    grep -E '^[0-9a-f]{8}-')"
}

# record_of PID: the directory of its record, once it is done.
record_of()
{
	local pid="$1" n=0 dir
	while test "$n" -lt 400; do
		for dir in "$STORE"/archive/*/; do
			if test -f "$dir/meta.json" &&
			    test "$(jq -r .pid "$dir/meta.json" 2>/dev/null)" = "$pid"
			then
				printf '%s\n' "${dir%/}"
				return 0
			fi
		done
		sleep 0.05
		n=$((n + 1))
	done
	echo "no record of pid $pid in $STORE" >&2
	return 1
}
