#!/bin/sh
# SPDX-License-Identifier: ISC
# redis-server on a socket of its own, killed by SIGSEGV while it serves. It
# writes its own report and then sends itself the signal again.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd redis-server redis-cli
arm_tee
exe=$(readlink -f "$(command -v redis-server)")
cd "$ARMED" || exit 1

redis-server --port 0 --unixsocket "$ARMED/socket" --dir "$ARMED" --save '' \
    >out 2>&1 </dev/null 9>&- &
pid=$!
server=$pid
at_exit 'test -z "$server" || kill "$server" 2>/dev/null'
ask()
{
	redis-cli -s "$ARMED/socket" "$@"
}
answers()
{
	test "$(ask ping)" = PONG
}
ok "redis answers" wait_for 10 answers
is "redis keeps a value" "$(ask set key value)" OK
kill -SEGV "$pid"
wait "$pid" 2>/dev/null
is "redis died of it" "$?" 139
# shellcheck disable=SC2034 # read at exit
server=
the_record redis "$pid" 11 SIGSEGV redis-server "$exe" \
    '(null|[A-Za-z_]+)'
the_core redis "$pid"
the_frames "redis, every thread" "$ARMED/ours.$pid" "$exe" \
    "$record/snapshot.json" all
like "redis: it was in its event loop" \
    "$(jq -r '[.threads[] | select(.crashed).frames[].function // "??"] |
    join(" ")' "$record/snapshot.json")" 'epoll_wait .*aeMain main '
finish
