# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154,SC2034
# Crashes that are known: reported so often within the hour that one more report
# would tell nothing new. Their handlers leave them to the next sweep (left.sh).
# Sourced after stage.sh and log.sh.

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
