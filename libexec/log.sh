# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154
# The two logs, the record's and the system's: sourced by handler.sh once the
# process is gone, and by the stages, after stage.sh. In a crash loop this runs
# for every crash: it forks for what is odd only, and once for the system's log.

hushed=
news=
nl='
'

# show TEXT: sets shown to the bytes of it that print, on one line; for names
# that a crashed process chose.
show()
{
	shown=$1
	case $1 in
	*[!\ -~]*) ;;
	*) test "${#1}" -gt 1024 || return 0 ;;
	esac
	shown=$(printf %s "$1" | head -c 1024 | tr -c ' -~' '?')
}

# safe TEXT: prints what show makes of it.
safe()
{
	show "$1"
	printf %s "$shown"
}

# say TEXT: a line to the system's log, after those that were put by for it.
# Every line was made by show or safe before.
say()
{
	news=$news${news:+$nl}$*
	send_news
}

# put_by TEXT: a line that may wait until there is more to say.
put_by()
{
	news=$news${news:+$nl}$*
}

to_syslog()
{
	test "$log" != kmsg && test -S /dev/log
}

# send_syslog: the lines on stdin.
send_syslog()
{
	timeout 5 logger -t corepipe -p user.warning
}

send_news()
{
	test -n "$news" || return
	if test "$log" = none; then
		:
	elif to_syslog; then
		send_syslog <<-END
		$news
		END
	else
		while IFS= read -r line; do
			say_kernel "$line"
		done <<-END
		$news
		END
	fi
	news=
}

# say_kernel TEXT: a line to the kernel's log. Where every user may read that,
# a record that is root's alone is not spoken of, but for its id, once.
say_kernel()
{
	text=$1 restricted=
	read -r restricted </proc/sys/kernel/dmesg_restrict
	set -- "$store/owner"/*/"$id"
	if test "$restricted" != 1 && ! test -e "$1"; then
		test -z "$hushed" || return
		hushed=1
		text="$id: a crash of which only root is told more"
	fi
	printf '<12>corepipe: %s\n' "$text" >/dev/kmsg
}

# note TEXT: a line to the record's log, which the caller has on fd 5, and, when
# there is something to say, to the system's.
note()
{
	second
	stamp "$second" "$*" >&5
	put_by "$id: $*"
}

# stamp SECONDS TEXT: prints it with that time, as date -u +%FT%TZ has it. Years
# that begin in March have the odd day at their end.
stamp()
{
	days=$(($1 / 86400 + 719468)) rest=$(($1 % 86400))
	era=$((days / 146097)) days=$((days % 146097))
	year=$(((days - days / 1460 + days / 36524 - days / 146096) / 365))
	days=$((days - year * 365 - year / 4 + year / 100))
	month=$(((days * 5 + 2) / 153))
	days=$((days - (month * 153 + 2) / 5 + 1))
	month=$((month < 10 ? month + 3 : month - 9))
	year=$((era * 400 + year + (month < 3)))
	printf '%04d-%02d-%02dT%02d:%02d:%02dZ %s\n' "$year" "$month" "$days" \
	    "$((rest / 3600))" "$((rest / 60 % 60))" "$((rest % 60))" "$2"
}

# note_lines NAME TEXT: the first lines of what a stage said on stderr.
note_lines()
{
	test -n "$2" || return 0
	lines=0
	while test "$lines" -lt 20 && IFS= read -r line; do
		lines=$((lines + 1))
		show "${line#"$1: "}"
		note "$1: $shown"
	done <<-END
	$2
	END
}

note_file()
{
	test ! -s "$2" || note_lines "$1" "$(head -c 4096 <"$2" | tr -d '\000')"
}

# open_log DIR: put the record's log on fd 5. It stays there while programs
# that are not trusted work in DIR, so that a link planted under its name is
# never followed later; one that is there already, hard or soft, is refused.
open_log()
{
	if test -L "$1/log" || { test -e "$1/log" && { ! test -f "$1/log" ||
	    test "$(stat -c %h "$1/log")" != 1; }; }; then
		exec 5>/dev/null
		say "$id: log is no file: not written"
	elif true >>"$1/log"; then
		# Where the record is a user's, its ACL lets the group write.
		test "${owner-}" = 0 || chmod 640 "$1/log"
		exec 5>>"$1/log"
	else
		exec 5>/dev/null
	fi
}

# name_signal NUMBER: sets signal_name. Those of most crashes have the same number
# on every machine, and cost no process.
name_signal()
{
	case $1 in
	3) signal_name=QUIT ;;
	4) signal_name=ILL ;;
	5) signal_name=TRAP ;;
	6) signal_name=ABRT ;;
	8) signal_name=FPE ;;
	11) signal_name=SEGV ;;
	*) signal_name=$(kill -l "$1") ;;
	esac
}

# What came of it, in the two logs; then the slow half, on its own.
tell()
{
	show "$comm"
	what="$shown (pid ${pid:-?}, uid ${uid:-?}) killed by"
	test -z "$signal" || { name_signal "$signal"; what="$what SIG$signal_name"; }
	if ! test -d "$store/pending/$id"; then
		say "$what: NOT RECORDED: core-save: status $save_status:" \
		    "$(safe "$(head -c 512 "$work.err")")"
		rm -rf "$work".* "$store/new/.$id".*
		exit 111
	fi
	put_by "$what: record $id"
	open_log "$store/pending/$id"
	for setting in $odd_settings; do
		note "setting not understood: $(safe "$setting")"
	done
	if test -n "$trace_status"; then
		note "trace $trace_status $trace_time ms"
		send_news
		"$dir/stage-trace" check "$id" </dev/null
	fi
	note "core-save $save_status $save_time ms"
	note_file core-save "$work.err"
	if ! is_known; then
		like=
		send_news
		"$dir/stage-report" --detach "$id" &
	fi
	if test -n "$chain_pid"; then
		wait "$chain_pid"
		note "chain $?"
		note_file chain "$work.chain"
	fi
	if test -n "$like"; then
		leave_known && return
		"$dir/stage-report" --detach "$id" &
	fi
	send_news
	rm -f "$work".*
}
