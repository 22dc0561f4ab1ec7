# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154
# The two logs, the record's and the system's: sourced by handler.sh once the
# process is gone, and by the stages, after stage.sh.

hushed=

# safe TEXT: the bytes that print, on one line; for names that a crashed
# process chose.
safe()
{
	printf %s "$1" | head -c 1024 | tr -c ' -~' '?'
}

# say TEXT: a line to the system's log. Every line was made by safe before.
say()
{
	case $log in
	none) ;;
	*)
		if test "$log" != kmsg && test -S /dev/log; then
			timeout 5 logger -t corepipe -p user.warning -- "$*"
		else
			say_kernel "$*"
		fi ;;
	esac
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

# note TEXT: a line to the record's log, which the caller has on fd 5, and to
# the system's.
note()
{
	printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&5
	say "$id: $*"
}

# note_file PREFIX FILE: the first lines that a stage said on stderr.
note_file()
{
	head -c 4096 <"$2" | tr -c ' -~\n' '?' | head -n 20 |
	while IFS= read -r line; do
		note "$1: ${line#"$1: "}"
	done
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
		chmod 640 "$1/log"
		exec 5>>"$1/log"
	else
		exec 5>/dev/null
	fi
}

# What came of it, in the two logs; then the slow half, on its own.
tell()
{
	what="$(safe "$comm") (pid ${pid:-?}, uid ${uid:-?}) killed by"
	if test -n "$signal"; then
		what="$what SIG$(kill -l "$signal")"
	fi
	if ! test -d "$store/pending/$id"; then
		say "$what: NOT RECORDED: core-save: status $save_status:" \
		    "$(safe "$(head -c 512 "$work.err")")"
		rm -rf "$work".* "$store/new/.$id".*
		exit 111
	fi
	say "$what: record $id"
	open_log "$store/pending/$id"
	for setting in $odd_settings; do
		note "setting not understood: $(safe "$setting")"
	done
	if test -n "$trace_status"; then
		note "trace $trace_status $trace_time ms"
		"$dir/stage-trace" check "$id" </dev/null
	fi
	note "core-save $save_status $save_time ms"
	note_file core-save "$work.err"
	"$dir/stage-report" --detach "$id" &
	if test -n "$chain_pid"; then
		wait "$chain_pid"
		note "chain $?"
		note_file chain "$work.chain"
	fi
	rm -f "$work.err" "$work.tee" "$work.chain"
}
