# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What the snap-* scripts share, sourced by them: words for people, and finding
# a record by way of snap-list. The caller has set prog, bin and synopsis.

LC_ALL=C
export LC_ALL
nl='
'
store=

# Names and paths may hold anything: safe TEXT is what of them prints.
safe()
{
	printf %s "$1" | tr -c ' -~' '?'
}

warn()
{
	printf '%s: %s\n' "$prog" "$*" >&2
}

# die STATUS TEXT
die()
{
	status=$1
	shift
	warn "$@"
	exit "$status"
}

usage()
{
	warn "$@"
	printf 'usage: %s\n' "$synopsis" >&2
	exit 100
}

# written: directly after what wrote our output: ends us when that failed, and
# in silence when who reads it had enough of it.
written()
{
	status=$?
	test "$status" -ne 0 || return 0
	test "$status" -ne 141 || exit 111
	die 111 "write output: failed"
}

# common_option "$@": the options that all have. Returns how many arguments it
# has taken, 0 when $1 is none of these.
common_option()
{
	case $1 in
	-h | --help)
		printf 'usage: %s\n' "$synopsis"
		written
		exit 0 ;;
	-V | --version)
		printf '%s %s\n' "$prog" '@VERSION@'
		written
		exit 0 ;;
	-s)
		test $# -gt 1 || usage "option -s takes a store"
		set_store "$2"
		return 2 ;;
	-s?*)
		set_store "${1#-s}"
		return 1 ;;
	esac
	return 0
}

# A relative store is meant from here, wherever a record takes us.
set_store()
{
	store=$1
	case $store in
	'' | /*) ;;
	*) store=$(pwd)/$store ;;
	esac
}

# list ARGUMENT...: snap-list on the store that was asked for.
list()
{
	if test -n "$store"; then
		set -- -s "$store" "$@"
	fi
	"$bin/snap-list" "$@"
	case $? in
	0) ;;
	1) return 1 ;;
	100) return 100 ;;
	111) return 111 ;;
	*)
		warn "snap-list died"
		return 111 ;;
	esac
}

# newest: prints the id of the newest record. A quote inside a JSON string is
# escaped, so that no name can pass for a key.
newest()
{
	list -n 1 --json | sed -n 's/.*[{,]"id":"\([0-9a-f-]\{36\}\)".*/\1/p'
}

# must_begin_id TEXT: dies unless an id can begin so.
must_begin_id()
{
	case $1 in
	'' | -* | *[!0-9a-f-]*) die 100 "'$(safe "$1")' cannot begin an id" ;;
	esac
}

# find_record [ID]: sets record, id and root, the store, to those of ID, or of
# the newest there is, and goes there. Whoever could rename something inside
# the store must not lead us out of it: the place we are in is what counts.
find_record()
{
	id=${1-}
	if test $# -eq 0; then
		id=$(newest)
		test -n "$id" || die 1 "no record in the store"
	fi
	must_begin_id "$id"
	record=$(list --path "$id") || exit
	enter_record "$record"
}

enter_record()
{
	record=$1
	id=${record##*/}
	if ! root=$(cd "${record%/*/*}" 2>/dev/null && pwd -P) ||
	    ! cd "$record" 2>/dev/null; then
		test -e "$record" || die 1 "no record '$(safe "$id")'"
		die 111 "open $(safe "$record"): permission denied"
	fi
	case $(pwd -P) in
	"$root"/*/"$id") record=$(pwd -P) ;;
	*)
		test -e "$1" || die 1 "no record '$id'"
		die 111 "open $(safe "$1"): it is not in its store" ;;
	esac
}

# check_writable VERB: ends us unless we may rename what is in the state that the
# record is in, and in new/.
check_writable()
{
	for dir in "${record%/*}" "$root/new"; do
		test -e "$dir" || continue
		test -w "$dir" && continue
		test "$(stat -c %u "$dir")" = "$(id -u)" ||
		    die 100 "$1 $id: only root may"
		die 111 "$1 $id: $(safe "$dir") cannot be written"
	done
}

# decompress FILE: the record's core into FILE, with its holes. Sets said, the
# reason, and returns 1 when core.zst ends early and FILE has the part before,
# 111 when it has nothing of use.
decompress()
{
	said=$(zstd -q -d -c --sparse core.zst 2>&1 >"$1") && return
	ends_early "$said" && test -s "$1" && return 1
	said=$(safe "${said##*: }")
	return 111
}

# ends_early TEXT: is that what zstd says of a file that was cut?
ends_early()
{
	case $1 in
	*'premature end'* | *'unexpected end'*) return 0 ;;
	esac
	return 1
}

# plain FILE: is it a file of this record, and no link?
plain()
{
	test -f "$1" && ! test -L "$1"
}

# printing: what must not reach a terminal is dropped: the controls but tab and
# newline, as bytes and as UTF-8.
printing()
{
	c1=$(printf '\302[\200-\237]')
	tr -d '\000-\010\013-\037\177' | sed "s/$c1//g"
}

# log_of NAME: what the record's log says of a stage, without the times.
log_of()
{
	plain log && sed -n "s/^[^ ]* \\($1[ :].*\\)/\\1/p" log | printing
}

# number_of FILE KEY: the value of a key that holds a number.
number_of()
{
	plain "$1" && tr '{,' '[\n*]' <"$1" |
	    sed -n "s/^ *\"$2\": *\\([0-9][0-9]*\\).*/\\1/p" | head -n 1
}

# only_stacks: is the core of the record no more than stacks? No value of a
# string can look like this: its quotes are escaped.
only_stacks()
{
	plain meta.json && grep -q '"kind": *"stacks"' meta.json
}

# why_no_core: what the log says about it, on one line.
why_no_core()
{
	{ log_of core-save; log_of handler; log_of snap-prune; } | tail -n 2 | tr '\n' ';'
}
