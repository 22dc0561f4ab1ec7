#!/bin/sh
# SPDX-License-Identifier: ISC
# An nginx worker, which runs as another user than its master, killed by SIGBUS
# while it serves. The record is of the worker; the master lives on.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd nginx curl
arm_tee
exe=$(readlink -f "$(command -v nginx)")
cd "$ARMED" || exit 1
chmod 755 .
mkdir www
echo "a page" >www/page
cat >nginx.conf <<CONF
user nobody $(id -gn 65534);
worker_processes 2;
daemon off;
pid $ARMED/pid;
error_log $ARMED/error.log;
events { worker_connections 16; }
http {
	access_log off;
	client_body_temp_path $ARMED/tmp1; proxy_temp_path $ARMED/tmp2;
	fastcgi_temp_path $ARMED/tmp3; uwsgi_temp_path $ARMED/tmp4;
	scgi_temp_path $ARMED/tmp5;
	server { listen unix:$ARMED/socket; root $ARMED/www; }
}
CONF
nginx -e "$ARMED/error.log" -p "$ARMED" -c "$ARMED/nginx.conf" \
    >out 2>&1 </dev/null 9>&- &
master=$!
at_exit 'kill "$master" 2>/dev/null; wait "$master" 2>/dev/null'
fetch()
{
	test "$(curl -s --unix-socket "$ARMED/socket" http://x/page)" = "a page"
}
workers()
{
	cat "/proc/$master/task/$master/children"
}
two_workers()
{
	test "$(workers | wc -w)" -eq 2
}
ok "nginx serves a page" wait_for 10 fetch
ok "with two workers" wait_for 10 two_workers
pid=$(workers | cut -d ' ' -f 1)
kill -BUS "$pid"
the_whole worker "$pid" 7 SIGBUS nginx "$exe" '(null|[A-Za-z_]+)'
is "worker: its user is recorded" "$(jq .uid "$record/meta.json")" 65534
is "worker: sent by us" "$(jq .signal.sender_pid "$record/snapshot.json")" "$$"
ok "nginx still serves" wait_for 10 fetch
finish
