# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154,SC2034
# Records of crashes that are known, which their handlers have left in pending/
# with a claim (known.sh). All that are alike are filed at once: in a crash loop a
# process costs more than what it does. Sourced after stage.sh and log.sh, and not
# by the handler.

# left CLAIM: is it of such a record? Sets id and like.
left()
{
	id=${1##*/.}
	id=${id%.live}
	is_id "$id" && test -r "$1" && read -r word like <"$1" &&
	    test "$word" = like && is_id "$like"
}

# say_left ID...: what has been put by of these.
say_left()
{
	if test "$log" = none; then
		return
	elif to_syslog; then
		for id; do
			shift
			set -- "$@" "$store/new/.$id.live"
		done
		# One may have been taken over by a snap-retry just now.
		cat "$@" 2>/dev/null |
		    grep -vx -e 'like [0-9a-f-]*' -e '' | send_syslog
		return
	fi
	for id; do
		hushed=
		{
			read -r line
			while IFS= read -r line; do
				test -z "$line" || say_kernel "$line"
			done
		} <"$store/new/.$id.live"
	done
}

# file_alike ID...: all are like $like. What hinders one is left to
# stage-report, which takes its time, and says what it was.
file_alike()
{
	say_left "$@"
	(
		cd "$store/pending" && exec "$bin/snap-put" \
		    "--timeout=$put_timeout" "--user=$user" -s "$store" \
		    "--like=$like" "$@" >/dev/null 2>&1
	)
	rm_work "$@"
	for id; do
		if test -d "$store/pending/$id" && test ! -L "$store/pending/$id"; then
			"$dir/stage-report" --swept "$id"
		fi
	done
}

# What their handlers have left, for rm(1) is a process too.
rm_work()
{
	for id; do
		shift
		set -- "$@" "$store/new/.$id.live" "/run/corepipe.$id.err" \
		    "/run/corepipe.$id.key"
	done
	rm -f "$@"
}

# take_left ID: somebody wants the report of one that has been left.
take_left()
{
	left "$store/new/.$1.live" || return
	say_left "$1"
	rm_work "$1"
}

# file_known: files the records that have been left.
file_known()
{
	all=' '
	for claim in "$store/new"/.*.live; do
		left "$claim" || continue
		case $all in
		*" $like "*) ;;
		*) all="$all$like " ;;
		esac
	done
	for alike in $all; do
		set --
		for claim in "$store/new"/.*.live; do
			left "$claim" || continue
			test "$like" = "$alike" || continue
			set -- "$@" "$id"
			test $# -ge 50 || continue
			file_alike "$@"
			set --
		done
		like=$alike
		test $# -eq 0 || file_alike "$@"
	done
}
