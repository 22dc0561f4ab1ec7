# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Vocabulary of the tests of the live read, after lib.sh and save.sh:
#
#	arm_saver		borrow core_pattern for what follows
#	saver COMMANDS		what the kernel runs from now on, as a script:
#				$1 is the pid, $2 the tid. save_live [ARGS] in
#				it runs core-save on them, ended after $patience
#				seconds, when that is set; content writes what
#				was saved to stdout; the last thing to
#				write is a word of verdict to $ARMED/verdict;
#				who has crashed is in $ARMED/crashed
#	crash COMMAND...	runs it, waits for the verdict; sets $verdict,
#				$pid, $record, $way and $why
#
# and four scripts, the first three for one crash saved both ways:
#
#	$live_first		from its memory, then the kernel's pipe, which
#				was left unread, beside it
#	$stacks_beside		the whole one from the pipe to $ARMED/whole, then
#				its stacks from memory
#	$pipe_first		from the pipe to its end, then from memory, for
#				the process is held until the pipe is closed
#	$stacks_alone		its stacks from memory; the verdict is the status

# shellcheck disable=SC2034,SC2154 # set here for the tests, or by lib.sh

# shellcheck disable=SC2016 # for the script that they become
live_first='
save_live
head=$(content | od -An -tu8 -j128 -N8)
exec 3<&0
content | tail -c +$((head + 1)) | cmp - /dev/fd/3 &&
    echo same >"$ARMED/verdict" || echo differs >"$ARMED/verdict"
'
# shellcheck disable=SC2016
pipe_first='
cat >whole
save_live <whole.pipe &
cat whole >whole.pipe
wait
content | cmp - whole && echo same >"$ARMED/verdict" ||
    echo differs >"$ARMED/verdict"
'
# shellcheck disable=SC2016
stacks_beside='
cat >whole
{ cat whole >whole.pipe; } 2>/dev/null &
save_live --keep=stacks <whole.pipe
echo "$status" >"$ARMED/verdict"
'
# shellcheck disable=SC2016
stacks_alone='
save_live --keep=stacks
echo "$status" >"$ARMED/verdict"
'

arm_saver()
{
	export TRASH
	borrow_core_pattern
	echo "|$ARMED/saver %P %I" >/proc/sys/kernel/core_pattern
	echo 16 >/proc/sys/kernel/core_pipe_limit
	chmod 755 "$ARMED"
	mkfifo "$ARMED/whole.pipe"
}

saver()
{
	cat >"$ARMED/saver.new" <<-EOF
	#!/bin/sh
	PATH=$PATH
	ARMED=$ARMED
	ASAN_OPTIONS=$ASAN_OPTIONS
	export PATH ASAN_OPTIONS
	pid=\$1 tid=\$2
	# What else crashes on this machine meanwhile is none of ours.
	grep -qz "^TRASH=$TRASH\$" "/proc/\$pid/task/\$tid/environ" || exit
	cd "\$ARMED" || exit
	# Others crash too while the pattern is borrowed.
	process=\$pid generation=0
	until test "\$process" = "\$(cat expected)"; do
		generation=\$((generation + 1))
		test "\$generation" -lt 4 || exec cat >/dev/null
		test -e "/proc/\$pid/status" || break
		process=\$(sed -n 's/^PPid:[[:space:]]*//p' \
		    "/proc/\$process/status")
	done
	echo "\$pid" >crashed
	exec >>said 2>&1
	content()
	{
		zstd -qdc "\$ARMED"/store/pending/*/core.zst
	}
	save_live()
	{
		${patience:+timeout -k 5 $patience} \
		    core-save -P "\$pid" -k tid="\$tid" -d "\$ARMED/store" "\$@"
		status=\$?
		test "\$status" -ne 124 || echo "ended, it waited for ever"
	}
	$1
	EOF
	chmod 755 "$ARMED/saver.new"
	mv "$ARMED/saver.new" "$ARMED/saver"
}

begin_crash()
{
	rm -rf "$ARMED/store" "$ARMED/verdict" "$ARMED/said" "$ARMED/crashed"
	{
		# shellcheck disable=SC2016
		sh -c 'echo "$PPID"' >"$ARMED/expected"
		"$@"
	} >/dev/null 2>&1 &
	pid=$!
}

end_crash()
{
	wait "$pid" 2>/dev/null
	wait_for 150 test -s "$ARMED/verdict"
	verdict=$(cat "$ARMED/verdict" 2>/dev/null)
	record=$(echo "$ARMED"/store/pending/*)
	way=$(meta .core.way 2>/dev/null)
	why=$(meta .core.why 2>/dev/null)
}

crash()
{
	begin_crash "$@"
	end_crash
}
