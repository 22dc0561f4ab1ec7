# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154
# Crashes that are known: reported so often within the hour that one more report
# would tell nothing new. Sourced after stage.sh and log.sh.

# known_from KEY: is the crash of that key one? Sets like, the last of those
# records. STORE/known is root's: what it holds was written by the stages.
known_from()
{
	like='' times=0
	reported=$store/known/$1.reports
	test "$known_reports" -gt 0 && test -n "$1" && test -r "$reported" ||
	    return
	second
	while read -r when of; do
		case $when in
		'' | *[!0-9]*) continue ;;
		esac
		is_id "$of" || continue
		test "$when" -ge $((second - 3600)) || continue
		times=$((times + 1))
		test -f "$store/archive/$of/snapshot.json" && like=$of
	done <"$reported"
	test "$times" -ge "$known_reports" && test -n "$like"
}

# file_known: puts the record that core-save has just made into the archive when
# its crash is known. Whatever hinders that is left to stage-report, which takes
# its time, and says what it was.
file_known()
{
	told='' key='' like=''
	test -r "$work.key" && read -r told key <"$work.key"
	case $key in
	????????????????) ;;
	*) return 1 ;;
	esac
	test "$keep" != report && known_from "$key" || return
	clock; began=$now
	"$bin/snap-put" "--timeout=$put_timeout" "--user=$user" -s "$store" \
	    "--like=$like" "$store/pending/$id" >/dev/null 2>&1
	status=$?
	if test -d "$store/pending/$id"; then
		like=
		return 1
	fi
	clock
	note "snap-put $status $(((now - began) * 10)) ms"
	sweep_soon
}
