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

# common_option "$@": the options that all have. Returns how many arguments it
# has taken, 0 when $1 is none of these.
common_option()
{
	case $1 in
	-h | --help)
		printf 'usage: %s\n' "$synopsis"
		exit 0 ;;
	-V | --version)
		printf '%s %s\n' "$prog" '@VERSION@'
		exit 0 ;;
	-s)
		test $# -gt 1 || usage "option -s takes a store"
		store=$2
		return 2 ;;
	-s?*)
		store=${1#-s}
		return 1 ;;
	esac
	return 0
}

# list ARGUMENT...: snap-list on the store that was asked for.
list()
{
	if test -n "$store"; then
		set -- -s "$store" "$@"
	fi
	"$bin/snap-list" "$@"
}

# newest: prints the id of the newest record. A quote inside a JSON string is
# escaped, so that no name can pass for a key.
newest()
{
	list -n 1 --json | sed -n 's/.*[{,]"id":"\([0-9a-f-]\{36\}\)".*/\1/p'
}

# find_record [ID]: sets record, id and root, the store, to those of ID, or of
# the newest there is, and goes there. Whoever could rename something inside
# the store must not lead us out of it: the place we are in is what counts.
find_record()
{
	id=${1-}
	if test -z "$id"; then
		id=$(newest)
		test -n "$id" || die 1 "no record in the store"
	fi
	case $id in
	*[!0-9a-f-]*) die 100 "'$(safe "$id")' cannot begin an id" ;;
	esac
	record=$(list --path "$id") || exit
	enter_record "$record"
}

enter_record()
{
	record=$1
	id=${record##*/}
	root=$(cd "${record%/*/*}" && pwd -P) || exit 111
	cd "$record" || exit 111
	case $(pwd -P) in
	"$root"/*/"$id") record=$(pwd -P) ;;
	*) die 111 "open $(safe "$1"): it is not in its store" ;;
	esac
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

# why_no_core: what the log says about it, on one line.
why_no_core()
{
	{ log_of core-save; log_of handler; log_of snap-prune; } | tail -n 2 | tr '\n' ';'
}
