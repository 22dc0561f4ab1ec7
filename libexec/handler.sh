#!/bin/sh
# SPDX-License-Identifier: ISC
# The kernel runs this when a program crashes: as root, with the core on stdin,
# no environment, fds 1 and 2 closed, in /. The crashed process is held until
# the last copy of that stdin is closed, so nothing slow may come before.
#
# Arguments, in any order, each KEY=VALUE as core_pattern has them (core(5)):
#	P pid   I tid           as the host counts; p, i in its own namespace
#	u uid   g gid   d dumpable (1: its user may read the record)
#	s signal   t time   c RLIMIT_CORE   C cpu   F pidfd (3, or empty)
#	h host   e command name   E executable, / written !
# All that e, E and h hold was chosen by the crashed program: it is passed on
# as data, and shown through safe.
#
# No set -e: this salvages. What fails is logged, and the next step still runs.

set -u
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077

synopsis='usage: handler.sh P=pid [KEY=VALUE ...] <core'
case ${1-} in
-h) printf '%s\n' "$synopsis"; exit 0 ;;
-V) printf '%s\n' 'handler.sh @VERSION@'; exit 0 ;;
esac
exec >/dev/null 2>&1

case $0 in
/*) dir=${0%/*} ;;
*) dir=$(cd "$(dirname -- "$0")" && pwd) ;;
esac
# A shell that cannot open what it is to source ends, as does one that gets no pipe
# or no process, and with it the crash: core-save takes its place.
core_fd=0
id=
last_resort()
{
	sole=yes
	test -n "${bin-}" && save "$@"
	for bin in "$dir/../bin" "@BINDIR@"; do
		test -x "$bin/core-save" && exec "$bin/core-save" \
		    -d "${store-@STOREDIR@}" <&"$core_fd"
	done
}
trap 'last_resort "$@"' EXIT
# Once more may do.
# shellcheck source=libexec/stage.sh
command . "$dir/stage.sh" || . "$dir/stage.sh" || exit
sole='' chain_pid=''

# save KEY=VALUE...: turns them into core-save's options and starts it, as
# $save_pid. Its copy of the kernel's pipe is the only one that lives on, which
# is why it minds its deadline itself: timeout(1) would have one too.
save()
{
	pid='' uid='' signal='' comm='' dumpable='' owner=0
	for arg; do
		shift
		value=${arg#*=}
		case $arg in
		[PIpiugdstcC]=*[!0-9]* | [PIpiugdstcC]= | [heE]=) continue ;;
		P=*) pid=$value; set -- "$@" -P "$pid" ;;
		I=*) set -- "$@" -k "tid=$value" ;;
		p=*) set -- "$@" -k "ns_pid=$value" ;;
		i=*) set -- "$@" -k "ns_tid=$value" ;;
		u=*) uid=$value; set -- "$@" -k "uid=$uid" ;;
		g=*) set -- "$@" -k "gid=$value" ;;
		d=*) dumpable=$value; set -- "$@" -k "dumpable=$dumpable" ;;
		s=*) signal=$value; set -- "$@" -k "signal=$signal" ;;
		t=*) set -- "$@" -k "time=$value" ;;
		c=*) set -- "$@" -k "rlimit=$value" ;;
		C=*) set -- "$@" -k "cpu=$value" ;;
		h=*) set -- "$@" -k "host=$value" ;;
		e=*) comm=$value; set -- "$@" -k "comm=$comm" ;;
		E=*) set -- "$@" -k "exe=$value" ;;
		F=3) set -- "$@" -F 3 ;;
		esac
	done
	test "$dumpable" = 1 && owner=${uid:-0}
	test -n "$limit" && set -- "$@" "--limit=$limit"
	test -n "$ram" && set -- "$@" "--ram=$ram"
	test -n "$level" && set -- "$@" "--level=$level"
	test -n "$user_max" && set -- "$@" "--user-max=$user_max"
	test -n "$store_max" && set -- "$@" "--store-max=$store_max"
	test "$keep" = auto && set -- "$@" "--first=$keep_first" \
	    "--keep-free=$keep_free"
	# A report needs a core to be made from: stage-report drops it.
	how=$keep
	test "$keep" = report && how=full
	set -- "$bin/core-save" "$@" "--keep=$how" ${id:+"--id=$id"} \
	    "--owner=$owner" "--timeout=$core_timeout" -d "$store"
	if test -n "$sole"; then
		exec "$@" <&"$core_fd" 4<&- 6<&- 7>&-
	elif test -n "$chain_pid"; then
		"$@" --tee <&4 >&7 4<&- 6<&- 7>&- &
	else
		"$@" --print-key <&4 >"$work.key" 4<&- &
	fi
	save_pid=$!
	trap - EXIT
}

# The chained handler reads a FIFO: the two ends are opened by way of a third
# that does not block, and no shell in between holds the kernel's pipe.
start_chain()
{
	mkfifo "$work.tee" || return
	# shellcheck disable=SC2094
	exec 5<>"$work.tee" 6<"$work.tee" 7>"$work.tee" 5<&-
	"$dir/stage-chain" "$chain_timeout" "$chain" "$@" \
	    <&6 2>"$work.chain" 4<&- 6<&- 7>&- &
	chain_pid=$!
}

main()
{
	# From here on "." is this very process, or nobody's.
	crash_time=
	for arg; do
		case $arg in
		[Pt]=*[!0-9]*) ;;
		P=?*) cd "/proc/${arg#*=}" || cd / ;;
		t=*) crash_time=${arg#*=} ;;
		esac
	done
	read_settings
	make_id "$crash_time"
	test -d "$store/new" || "$dir/stage-salvage" store "$store"
	# What is said has to be kept when the store is full or read-only.
	work=/run/corepipe.$id
	true >"$work.err" || work=$store/new/.$id
	true >"$work.err" && command exec 2>"$work.err"
	claim "$id"
	trace_status=''
	if test "$trace" = lttng; then
		clock; began=$now
		"$dir/stage-trace" record "$id" </dev/null 3<&-
		trace_status=$?
		clock; trace_time=$(((now - began) * 10))
	fi
	exec 4<&0
	core_fd=4
	exec </dev/null
	test -n "$chain" && start_chain "$@"
	clock; began=$now
	save "$@"
	exec 3<&- 4<&- 6<&- 7>&-
	wait "$save_pid"
	save_status=$?
	clock; save_time=$(((now - began) * 10))

	# The process is gone. What follows may take its time.
	cd / || exit
	umask 027
	# shellcheck source=libexec/log.sh
	. "$dir/log.sh"
	# shellcheck source=libexec/known.sh
	. "$dir/known.sh"
	test -d "$store/pending/$id" ||
	    "$dir/stage-salvage" record "$id" "core-save: status $save_status" "$@"
	tell
}

# Each key counts once. A kernel before 5.3 splits the pattern after it has put
# in the names: a program called "x d=1" brings its own, but brings it late.
seen=
for arg; do
	shift
	case $arg in
	[A-Za-z]=*) ;;
	*) continue ;;
	esac
	case $seen in
	*"${arg%%=*}"*) continue ;;
	esac
	seen=$seen${arg%%=*}
	set -- "$@" "$arg"
done
main "$@"
