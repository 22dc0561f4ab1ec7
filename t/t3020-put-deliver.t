#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-put --to: a record is in sending until it has arrived.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq curl

sample 1 >snap.json
run snap-put -s "$STORE" --to="file://$TRASH/copy" snap.json
is "to a file" "$status" 0
is "its id is printed" "$out" "$(id_of 1)"
ok "it arrives" cmp snap.json copy
ok "and is archived" test -d "$STORE/archive/$(id_of 1)"

crash pending 2
run snap-put --to="file://$TRASH/nosuch/copy" "$STORE/pending/$(id_of 2)"
is "where nothing can arrive" "$status" 111
like "it is said" "$err" "deliver to .*curl failed"
ok "the record waits in sending" test -f "$STORE/sending/$(id_of 2)/snapshot.json"
run snap-put --to="file://$TRASH/second" "$STORE/sending/$(id_of 2)"
is "another try" "$status" 0
ok "arrives" test -s second
ok "and is archived" test -d "$STORE/archive/$(id_of 2)"
sample 3 >snap.json
run snap-put -s "$STORE" --to=file:///nosuch/x snap.json
is "a new record that cannot be delivered" "$status" 111
ok "is kept, in sending" test -f "$STORE/sending/$(id_of 3)/snapshot.json"
run env PATH="${PATH%%:*}" snap-put --to="file://$TRASH/x" \
    "$STORE/sending/$(id_of 3)"
is "without curl" "$status" 111
like "it is said" "$err" "run curl: No such file"
for url in x /tmp/x ftp://x file:x -o file:// 'scp://x/y'; do
	run snap-put -s "$STORE" --to="$url" snap.json
	is "not a URL for this: $url" "$status" 100
done

if command -v python3 >/dev/null; then
	cat >server.py <<-'EOS'
	import http.server, sys
	class H(http.server.BaseHTTPRequestHandler):
	    def do_POST(self):
	        n = int(self.headers['Content-Length'])
	        open('posted', 'wb').write(self.rfile.read(n))
	        self.send_response(200 if self.path == '/ok[1]' else 503)
	        self.end_headers()
	    def log_message(self, *a):
	        pass
	s = http.server.HTTPServer(('127.0.0.1', 0), H)
	open('port.new', 'w').write(str(s.server_port))
	import os
	os.rename('port.new', 'port')
	s.serve_forever()
	EOS
	python3 server.py &
	at_exit "kill $! 2>/dev/null"
	wait_for 20 test -s port
	url=http://127.0.0.1:$(cat port)
	crash pending 4
	run env http_proxy= snap-put --to="$url/ok[1]" "$STORE/pending/$(id_of 4)"
	is "by POST" "$status" 0
	ok "byte for byte" cmp posted "$STORE/archive/$(id_of 4)/snapshot.json"
	crash pending 5
	run env http_proxy= snap-put --to="$url/no" "$STORE/pending/$(id_of 5)"
	is "refused by the server" "$status" 111
	ok "waits in sending" test -d "$STORE/sending/$(id_of 5)"
else
	skip 4 "no python3"
fi
finish
