#!/bin/sh
# SPDX-License-Identifier: ISC
# Crashes small programs on the installed system, waits for the record of each,
# shows it as snap-list and snap-show do, and asserts on it. Ends with PASS or
# FAIL. Takes its records away again, unless told to --keep them.
#
# The programs are found beside the armed handler, in $PREFIX/bin or in PATH;
# the store in $COREPIPE_STORE or in corepipe.conf.

set -eu
LC_ALL=C
export LC_ALL
unset CDPATH

synopsis='usage: test.sh [--keep] [--seconds=N]'
keep=
seconds=60
failures=0
ids=

say()
{
	printf '%s\n' "$*"
}

die()
{
	printf 'test.sh: %s\n' "$2" >&2
	exit "$1"
}

good()
{
	say "  ok      $*"
}

bad()
{
	say "  NOT OK  $*"
	failures=$((failures + 1))
}

# find_installed: sets bin, store and handler.
find_installed()
{
	pattern=$(cat /proc/sys/kernel/core_pattern)
	case $pattern in
	'|'*/handler.sh' '*) handler=${pattern#'|'} handler=${handler%% *} ;;
	*) die 100 "core_pattern is not corepipe's: $pattern (./install.sh)" ;;
	esac
	test -x "$handler" || die 100 "the armed handler is not there: $handler"
	libexec=${handler%/*}
	for dir in "${PREFIX:-/nonexistent}/bin" \
	    "${libexec%/libexec/corepipe}/bin" "${libexec%/libexec}/bin"; do
		if test -x "$dir/snap-list"; then
			PATH=$dir:$PATH
			export PATH
			break
		fi
	done
	command -v snap-list >/dev/null ||
	    die 100 "no snap-list beside $handler, in \$PREFIX/bin or in PATH"
	conf=$(sed -n 's/^conf=.*:-\(.*\)}$/\1/p' "$libexec/stage.sh")
	if test -z "${COREPIPE_STORE-}" && test -r "$conf"; then
		store=$(sed -n 's/^store=[ 	]*//p' "$conf" | tail -n 1)
		test -z "$store" || export COREPIPE_STORE="$store"
	fi
}

# The crashes, as source. Each names the function that is to be seen.
write_sources()
{
	cat >null.c <<-'END'
	struct point { int x, y; };
	__attribute__((noinline)) int follow_null(volatile struct point *p)
	{
		return p->y = 1;
	}
	int main(int argc, char **argv)
	{
		(void)argv;
		return follow_null(argc > 9 ? (struct point *)argv : 0);
	}
	END
	cat >assertion.c <<-'END'
	#include <assert.h>
	__attribute__((noinline)) void check_count(int count)
	{
		assert(count > 40 && "there are too few of them");
	}
	int main(int argc, char **argv)
	{
		(void)argv;
		check_count(argc);
		return 0;
	}
	END
	cat >overflow.c <<-'END'
	__attribute__((noinline)) int descend(int depth)
	{
		volatile char room[512];
		room[0] = (char)depth;
		return descend(depth + 1) + room[0];
	}
	int main(void)
	{
		return descend(0);
	}
	END
	cat >exception.cc <<-'END'
	#include <stdexcept>
	__attribute__((noinline)) void throw_it(int count)
	{
		if (count)
			throw std::runtime_error("nobody catches this");
	}
	int main(int argc, char **)
	{
		throw_it(argc);
	}
	END
}

# build PROGRAM: by the C compiler, or the C++ one.
build()
{
	if test -f "$1.c"; then
		"${CC:-cc}" -g -O0 -w -o "$1" "$1.c"
	else
		"${CXX:-c++}" -g -O0 -w -o "$1" "$1.cc"
	fi
}

# list FORMAT...: what snap-list says of the crash of $pid, started at $began.
list()
{
	snap-list --filter="pid=$pid" --since="$began" "$@"
}

# find_record: sets id to the record of $pid that has reached the archive.
find_record()
{
	tries=$((seconds * 5))
	while test "$tries" -gt 0; do
		id=$(snap-list --csv --since="$began" --filter="pid=$pid" \
		    2>"$work/list.err" | sed -n '2{s/,.*//;p;}') || :
		case ${id:+$(snap-list --path "$id" 2>"$work/list.err")} in
		*/archive/*) return 0 ;;
		esac
		sleep 0.2
		tries=$((tries - 1))
	done
	return 1
}

no_record()
{
	bad "no record of pid $pid after $seconds s"
	if test -n "${id-}"; then
		say "  it was captured as $id, but its report is not done:"
		say "  look at $(snap-list --path "$id")/log"
	else
		say "  look at what the handler said (journalctl -t corepipe," \
		    "/var/log/syslog, dmesg) and at ./install.sh --status"
	fi
	sed 's/^/  snap-list: /' "$work/list.err"
}

# crash PROGRAM SIGNAL FUNCTION [MESSAGE]
crash()
{
	program=$1 signal=$2 function=$3 message=${4-}
	say
	say "== $program: $signal in $function"
	if ! build "$program"; then
		bad "$program does not compile"
		return
	fi
	began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	# The shell's own line about the crash is no news. A stack without a
	# limit would eat the machine before it overflows.
	{
		sh -c 'ulimit -s 8192; echo $$ >pid; exec "$1"' \
		    sh "$work/$program" >"$program.out" || :
	} 2>"$program.err"
	pid=$(cat pid)
	id=
	if ! find_record; then
		no_record
		return
	fi
	ids="$ids $id"
	snap-list "$id" | sed 's/^/  /' || :
	snap-show "$id" >report 2>&1 || bad "snap-show exits $?"
	sed 's/^/  | /' report
	check_record
}

check_record()
{
	snap-get "$id" meta.json >meta || bad 'no meta.json'
	snap-get "$id" snapshot.json >snapshot || bad 'no snapshot.json'
	snap-list --csv --select=exe --select=signal "$id" >row || :
	contains 'signal in the list' row "$signal"
	contains 'signal in the snapshot' snapshot "\"$signal\""
	contains 'executable' meta "\"$work/$program\""
	contains 'function in the frames' snapshot "\"$function"
	contains 'function in the report' report "$function"
	if test -n "$message"; then
		contains 'message' snapshot "$message"
	fi
	if snap-get "$id" core.zst >core && zstd -tq <core; then
		good 'the core is whole'
	else
		bad 'the core does not decompress'
	fi
	rm -f core report meta snapshot row
}

contains()
{
	if grep -Fq -- "$3" "$2"; then
		good "$1: $3"
	else
		bad "$1: no $3 in $2"
	fi
}

# The records are in the system's store, where only root removes any.
remove_records()
{
	if test -z "$ids"; then
		return
	elif test -n "$keep"; then
		say "kept:$ids"
	elif test "$(id -u)" -ne 0; then
		say "kept, for only root may snap-rm them:$ids"
	else
		# shellcheck disable=SC2086
		snap-rm $ids >/dev/null || bad 'snap-rm fails'
	fi
	ids=
}

clean_up()
{
	status=$?
	trap - EXIT HUP INT TERM
	cd /
	remove_records
	rm -rf "$work"
	exit "$status"
}

main()
{
	for arg; do
		case $arg in
		--keep) keep=yes ;;
		--seconds=*[!0-9]* | --seconds=)
			die 100 "not a number: $arg" ;;
		--seconds=*) seconds=${arg#*=} ;;
		--help | -h) say "$synopsis"; exit 0 ;;
		*) say "$synopsis" >&2; die 100 "unknown argument '$arg'" ;;
		esac
	done
	find_installed
	command -v "${CC:-cc}" >/dev/null || die 100 'no C compiler'
	work=$(mktemp -d "${TMPDIR:-/tmp}/corepipe-crash.XXXXXXXX")
	work=$(cd "$work" && pwd -P)
	trap clean_up EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	cd "$work"
	write_sources
	crash null SIGSEGV follow_null
	crash assertion SIGABRT check_count 'there are too few of them'
	crash overflow SIGSEGV descend
	if command -v "${CXX:-c++}" >/dev/null; then
		crash exception SIGABRT throw_it 'nobody catches this'
	else
		say
		say '== exception: left out, no C++ compiler'
	fi
	say
	remove_records
	if test "$failures" -gt 0; then
		say "FAIL: $failures not ok"
		exit 1
	fi
	say 'PASS'
}

main "$@"
