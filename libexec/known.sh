# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154,SC2034
# Crashes that are known: reported so often within the hour that one more report
# would tell nothing new. Their handlers leave them to the next sweep, which
# files all that are alike at once: in a crash loop a process costs more than
# what it does. Sourced after stage.sh and log.sh.

# known_from KEY: is the crash of that key one? Sets like to a record that has its
# fingerprint. STORE/known is root's: what it holds was written by the stages.
known_from()
{
	like='' until=''
	test "$known_reports" -gt 0 && test -n "$1" &&
	    test -r "$store/known/$1.known" &&
	    read -r until like <"$store/known/$1.known"
	case $until in
	'' | *[!0-9]*) return 1 ;;
	esac
	second
	# For more than an hour: since then the clock was set.
	test "$second" -lt "$until" && test $((until - second)) -le 3600 &&
	    is_id "$like" && test -f "$store/archive/$like/snapshot.json"
}

# is_known: is the crash that core-save has just told the key of?
is_known()
{
	told='' key='' like=''
	test -r "$work.key" && read -r told key <"$work.key"
	case $key in
	????????????????) ;;
	*) return 1 ;;
	esac
	test "$keep" != report && known_from "$key"
}

# remember_report KEY ID: one more, of which enough within an hour make it known
# for the rest of that.
remember_report()
{
	test "$known_reports" -gt 0 && test -n "$1" &&
	    test -d "$store/known" || return
	reported=$store/known/$1.reports
	second
	printf '%s\n' "$second" >>"$reported"
	# Two at a time may lose a line: then there is one report more.
	tail -n "$known_reports" "$reported" >"$reported.new" &&
	    mv -f "$reported.new" "$reported"
	test "$(wc -l <"$reported")" -ge "$known_reports" || return
	read -r until rest <"$reported"
	case $until in
	'' | *[!0-9]*) return ;;
	esac
	printf '%s %s\n' "$((until + 3600))" "$2" >"$store/known/$1.known"
}

# leave_known: leaves the record in pending/ to the next sweep, by its claim:
# that is no process's any more, but says which record it is like, and, below,
# what the system's log is to be told.
leave_known()
{
	note "like $like: left to the next sweep"
	test "$log" != none || news=
	# What rm_work does not know of.
	if test -n "$chain_pid" || test "$work" != "/run/corepipe.$id"; then
		rm -f "$work.err" "$work.key" "$work.chain" "$work.tee"
	fi
	printf 'like %s\n%s\n' "$like" "$news" >"$store/new/.$id.live" ||
	    return
	news=
	sweep_soon
}

# left CLAIM: is it of such a record? Sets id and like.
left()
{
	id=${1##*/.}
	id=${id%.live}
	is_id "$id" && test -r "$1" && read -r word like <"$1" && test "$word" = like &&
	    is_id "$like"
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

# file_alike ID...: all are like $like. What hinders one is left to stage-report,
# which takes its time, and says what it was.
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
