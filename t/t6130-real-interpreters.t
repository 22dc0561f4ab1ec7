#!/bin/sh
# SPDX-License-Identifier: ISC
# python3 and node: killed from outside while they wait, and dead of their own
# doing, in code that was made at run time in node's case.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd
arm_tee

# Not a wrapper script in front of the real one.
program()
{
	for p in "/usr/bin/$1" "$(command -v "$1")"; do
		test "$(head -c 4 "$p" 2>/dev/null | tail -c 3)" = ELF &&
		    readlink -f "$p" && return 0
	done
	return 1
}

ready()
{
	grep -q ready out
}

functions()
{
	jq -r '[.threads[] | select(.crashed).frames[].function // "??"] |
	    join(" ")' "$record/snapshot.json"
}

if exe=$(program python3); then
	"$exe" -c 'import time
def f():
    print("ready", flush=True)
    time.sleep(1000)
def g(): f()
g()' >out 2>err </dev/null &
	pid=$!
	ok "python runs" wait_for 20 ready
	kill -ABRT "$pid"
	wait "$pid" 2>/dev/null
	comm=${exe##*/}
	the_whole "python asleep" "$pid" 6 SIGABRT "$comm" "$exe" \
	    '(null|[A-Za-z_]+)'
	like "python asleep: the interpreter is named" "$(functions)" \
	    'nanosleep .*PyEval_EvalFrameDefault .*PyRun_.* main|nanosleep .*PyEval_EvalFrameDefault .*PyRun_.*_start'

	die "$exe" -c 'import ctypes
ctypes.string_at(0)'
	the_whole "python in ctypes" "$pid" 11 SIGSEGV "$comm" "$exe" \
	    '(null|[A-Za-z_]+)'
	like "python in ctypes: the libraries are named" "$(functions)" \
	    'strlen.* ffi_call .*PyEval_EvalFrameDefault'
else
	skip 20 "no python3"
fi

if exe=$(program node); then
	: >out
	"$exe" -e 'console.log("ready"); setTimeout(function () {}, 1e6)' \
	    >out 2>err </dev/null &
	pid=$!
	ok "node runs" wait_for 20 ready
	kill -SEGV "$pid"
	wait "$pid" 2>/dev/null
	the_record "node asleep" "$pid" 11 SIGSEGV node "$exe" '.*'
	the_core "node asleep" "$pid"
	the_frames "node asleep, every thread" "$ARMED/ours.$pid" "$exe" \
	    "$record/snapshot.json" all

	die "$exe" -e 'function f() { process.abort(); } f()'
	the_whole "node aborts" "$pid" 6 SIGABRT node "$exe" '.*'
	like "node aborts: who called abort is named" "$(functions)" \
	    'abort node::Abort'
else
	skip 20 "no node"
fi
finish
