#!/bin/sh
# SPDX-License-Identifier: ISC
# Causes that only the kernel's own core tells: gdb writes the permissions of
# mappings as it likes, and of several threads the wrong signal.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq
arm

# cause COMMAND...: of its record.
cause()
{
	die "$@"
	record=$(record_of "$pid") || return
	jq -r .cause "$record/snapshot.json"
}

like "write to read-only memory" "$(cause fault readonly)" \
    '^write to read-only memory: .*r-- of .*/fault$'
like "no permissions at all" "$(cause fault noaccess)" \
    '^access to memory without permissions: .*mapped ---'
like "no descriptor was left" "$(cause fault files)" \
    '^abort\(\) was called, when [12][0-9] of at most 16 descriptors were in use$'
like "a child sent it, and is gone" "$(cause fault killed)" \
    '^SIGSEGV was sent by process [0-9]+ of user 0'
wreck wait >/dev/null &
pid=$!
wait_for 10 grep -q '^State:.S' "/proc/$pid/status"
# Not SIGQUIT: a shell has what it starts with & ignore that.
kill -XCPU "$pid"
wait "$pid" 2>/dev/null
record=$(record_of "$pid")
like "another process sent it" \
    "$(jq -r .cause "$record/snapshot.json")" \
    "^SIGXCPU was sent by process $$ of user 0 \\($(cat /proc/$$/comm)\\)\$"
if test -x "$BUILD/t/terminator"; then
	like "a thread that was not joined" "$(cause terminator thread)" \
	    'a std::thread that was neither joined nor detached'
else
	skip 1 "no C++ compiler"
fi
finish
