#!/bin/sh
# SPDX-License-Identifier: ISC
# The trace snapshot, with LTTng's own session daemon: there when it can be
# had, and never in the way when it cannot.
. "$(dirname "$0")/lib.sh"

need_root
need_command lttng lttng-sessiond babeltrace2 jq
test -r /var/run/lttng/lttng-sessiond.pid &&
    kill -0 "$(cat /var/run/lttng/lttng-sessiond.pid)" 2>/dev/null &&
    skip_all "a session daemon of this machine runs: not touched"
hooks=$(find /usr/lib /usr/lib64 /usr/local/lib \
    -name liblttng-ust-cyg-profile.so 2>/dev/null | head -n 1)
test -n "$hooks" || skip_all "no liblttng-ust on this machine"
plan 16

cat >traced.c <<'END'
#include <stdlib.h>
static int inner(int n) { if (n == 0) abort(); return inner(n - 1) + 1; }
int main(void) { return inner(40); }
END
gcc -g -finstrument-functions traced.c -o traced || exit 1

arm trace=lttng trace_timeout=30
crash()
{
	LTTNG_UST_REGISTER_TIMEOUT=3000 LD_PRELOAD=$hooks "$@" 2>/dev/null &
	pid=$!
	ended "$pid"
	record=$(record_of "$pid")
	settle
	log=$(cat "$record/log")
}
session()
{
	lttng create coredump-handler --snapshot -U "file://$TRASH/out" &&
	    lttng enable-channel -u "$@" -s coredump-handler chan &&
	    lttng enable-event -u -a -s coredump-handler -c chan &&
	    lttng add-context -u -t vpid -s coredump-handler &&
	    lttng start coredump-handler
}

crash ./traced
like "no session daemon: recorded, and the log says so" "$log" \
    'no session daemon'
ok "without a trace/" test ! -e "$record/trace"

LTTNG_HOME=$TRASH lttng-sessiond --daemonize 2>/dev/null
sessiond=$(cat /var/run/lttng/lttng-sessiond.pid)
at_exit "kill $sessiond; wait_for 10 gone $sessiond"
gone() { ! kill -0 "$1" 2>/dev/null; }

crash ./traced
like "no such session: recorded, and the log says so" "$log" \
    'Z trace 1 [0-9]+ ms'
ok "without a trace/" test ! -e "$record/trace"

session --buffers-uid >/dev/null 2>lttng.err || cat lttng.err >&2
crash ./traced
like "a snapshot is taken" "$log" 'Z trace 0 [0-9]+ ms'
events=$(babeltrace2 "$record/trace" 2>/dev/null | grep -c "vpid = $pid")
ok "that babeltrace2 reads, with the crash's events" test "${events:-0}" -gt 40
is "the trace is root's alone" "$(stat -c %a "$record/trace")" 700
ok "the core is there too" test -s "$record/core.zst"
lttng destroy coredump-handler >/dev/null

session --buffers-pid >/dev/null 2>&1
crash ./traced
events=$(babeltrace2 "$record/trace" 2>/dev/null | grep -c "vpid = $pid")
ok "buffers of the process itself are read before it is gone" \
    test "${events:-0}" -gt 40
lttng destroy coredump-handler >/dev/null

session --buffers-pid >/dev/null 2>&1
LD_PRELOAD='' wreck abort 2>/dev/null &
pid=$!
ended "$pid"
record=$(record_of "$pid")
settle
like "an empty snapshot is called one" "$(cat "$record/log")" \
    'trace: (its streams are empty|no metadata)'
ok "and is not kept" test ! -e "$record/trace"

echo trace_timeout=2 >>"$ARMED/corepipe.conf"
kill -STOP "$sessiond"
LD_PRELOAD='' wreck abort 2>/dev/null &
pid=$!
ended "$pid"
record=$(record_of "$pid")
kill -CONT "$sessiond"
settle
log=$(cat "$record/log")
like "a daemon that hangs is waited for until the deadline" "$log" \
    'Z trace 124 [0-9]+ ms'
ok "nothing of it is kept" test ! -e "$record/trace"
is "nor does it look like a record when it comes late" \
    "$(sleep 1; ls "$STORE/new" "$STORE/pending")" "$(printf '%s\n\n%s' \
    "$STORE/new:" "$STORE/pending:")"
like "and the core is saved" "$log" 'Z core-save 0'
is "as a whole" "$(jq -r .core.complete "$record/meta.json")" true
lttng destroy coredump-handler >/dev/null
