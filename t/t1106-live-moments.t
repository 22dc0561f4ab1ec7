#!/bin/sh
# SPDX-License-Identifier: ISC
# Whoever holds a process when it dies, a tracer or one that has stopped it:
# nobody waits, and the core is the kernel's. (Who dies in execve(2) has none.)
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp od python3
arm_saver

# each NAME COMMAND...: both ways, and live.
each()
{
	local name="$1"
	shift
	for order in live_first pipe_first; do
		eval "saver \"\$$order\""
		crash "$@"
		is "$name, $order: the same" "$verdict $way" "same live"
		test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
	done
}

if command -v strace >/dev/null; then
	# strace ends as its first process did: that one does not crash.
	each "under strace" \
	    strace -f -qq -o /dev/null sh -c 'wreck null; true'
else
	skip 2 "no strace here"
fi
if command -v gdb >/dev/null; then
	# The tracer sees the signal, and passes it on.
	each "under gdb" \
	    gdb -nx -batch -ex run -ex continue --args "$BUILD/t/wreck" null
else
	skip 2 "no gdb here"
fi

# One that is stopped is killed by a signal that it gets when it goes on.
stopped()
{
	exec python3 -c '
import os, signal
child = os.fork()
if child == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:
        signal.pause()
os.waitpid(child, os.WUNTRACED)
os.kill(child, signal.SIGABRT)
os.kill(child, signal.SIGCONT)
os.waitpid(child, 0)'
}
each "that was stopped" stopped

finish
