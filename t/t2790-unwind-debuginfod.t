#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs and debug files by build-id, from debuginfod servers: when it was
# asked for, what fits, within bounds; and never otherwise.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc objcopy strip

cat >prog.c <<'EOC'
#define STAY() __asm__ volatile("" ::: "memory")
static __attribute__((noinline)) void secret(int *volatile p) { *p = 1; STAY(); }
int main(void) { secret((int *)0); STAY(); return 0; }
EOC
cc -g -O1 -Wl,--build-id -o prog prog.c || skip_all "no compiler"
core_of core ./prog
id=$(readelf -n prog | sed -n 's/.*Build ID: //p')
objcopy --only-keep-debug prog prog.dbg
strip prog
mkdir -p "served/buildid/$id"
cp prog "served/buildid/$id/executable"
cp prog.dbg "served/buildid/$id/debuginfo"
rm prog prog.dbg
missing()
{
	get got '.missing | tostring'
}
lines()
{
	jq -r '[.threads[0].frames[:2][] | (.function // "??") + ":" +
	    (.line // 0 | tostring)] | join(" ")' got
}

unset DEBUGINFOD_URLS
DEBUGINFOD_CACHE_PATH=$TRASH/cache
export DEBUGINFOD_CACHE_PATH
snap got --debuginfod core
missing | grep -q 'libdebuginfod.so.1 is not there' &&
    skip_all "no libdebuginfod.so.1"
like "without a server: it is said" "$(missing)" \
    'debuginfod: DEBUGINFOD_URLS names no server'
is "and there are frames" "$(lines)" "??:0 ??:0"

# --- never without the option

DEBUGINFOD_URLS=file://$TRASH/served
export DEBUGINFOD_URLS
snap got core
is "not asked for: nothing is fetched" "$(lines)" "??:0 ??:0"
ok "nor is there a cache" test ! -e cache
if command -v strace >/dev/null && test -z "${SAN-}" &&
    strace -f -o trace true 2>/dev/null; then
	DEBUGINFOD_URLS="http://127.0.0.1:9/" strace -f -o trace \
	    -e trace=socket,connect,socketpair,execve core-unwind core >text
	ok "it was watched" grep -q 'execve(.*core-unwind' trace
	is "no socket is opened" "$(grep -c socket trace)" 0
	DEBUGINFOD_URLS="http://127.0.0.1:9/" strace -f -o trace \
	    -e trace=socket,connect core-unwind --debuginfod core >text
	ok "but with the option" grep -q 'socket(AF_INET' trace
	like "which is said, where nobody is there" "$(cat text)" 'debuginfod: '
else
	skip 4 "no strace"
fi

# --- what fits

snap got --debuginfod core
is "a program and its debug file are fetched" "$(lines)" "secret:2 main:3"
is "nothing is missing of them" "$(missing | grep -c 'prog\|debuginfod')" 0
rm "served/buildid/$id/executable"
DEBUGINFOD_URLS=file:///nowhere snap got --debuginfod core
is "and kept" "$(lines)" "secret:2 main:3"
rm -rf cache
sed 's/secret/mislead/' prog.c >other.c
cc -g -O1 -Wl,--build-id -o other other.c
cp other "served/buildid/$id/executable"
snap got --debuginfod core
unlike "another program in its place is not used" "$(names got)" mislead
rm -rf cache
head -c 1000 /dev/urandom >"served/buildid/$id/executable"
snap got --debuginfod core
is "nor is nonsense: what memory has goes with its debug file" \
    "$status $(names got 1)" "0 secret"
rm -rf cache
if test "$(id -u)" -eq 0; then
	cp other "served/buildid/$id/executable"
	chmod 755 . served served/buildid "served/buildid/$id"
	ls /var/tmp >before
	(
		unset DEBUGINFOD_CACHE_PATH HOME
		snap got --user=nobody --debuginfod core
	)
	is "a user without a home leaves no cache" \
	    "$(ls /var/tmp | grep core-unwind)" \
	    "$(grep core-unwind before)"
else
	skip 1 "not root"
fi

# --- bounds

if command -v python3 >/dev/null; then
	cat >server.py <<-'EOP'
	import socket, sys, time
	s = socket.socket()
	s.bind(("127.0.0.1", 0))
	s.listen(8)
	print(s.getsockname()[1], flush=True)
	held = []
	while True:
	    c, _ = s.accept()
	    held.append(c)
	    if sys.argv[1] == "large":
	        c.recv(4096)
	        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
	EOP
	mkfifo port
	for kind in silent large; do
		python3 server.py $kind >port &
		server=$!
		at_exit "kill $server 2>/dev/null"
		# shellcheck disable=SC2094
		read -r port <port
		DEBUGINFOD_URLS=http://127.0.0.1:$port/ DEBUGINFOD_MAXSIZE=100000 \
		    DEBUGINFOD_TIMEOUT=1 snap got --timeout=10 --debuginfod core
		is "a $kind server: the frames are there" "$(names got 1)" '??'
		kill $server
		wait $server 2>/dev/null
		rm -rf cache
	done
	python3 server.py silent >port &
	server=$!
	at_exit "kill $server 2>/dev/null"
	# shellcheck disable=SC2094
	read -r port <port
	DEBUGINFOD_URLS=http://127.0.0.1:$port/ DEBUGINFOD_TIMEOUT=90 \
	    snap got --timeout=2 --debuginfod core
	like "time is up for a silent one too" "$status $(names got 1)" \
	    '^[01] [?][?]$'
	like "and it is said" "$(missing)" 'debuginfod: '
	kill $server
	wait $server 2>/dev/null
	rm -rf cache
else
	skip 4 "no python3"
fi

# --- how to get what is missing

mkdir keep
package_note '{\"type\":\"rpm\",\"name\":\"disk-tool\",\"version\":\"1.2-3\"}' \
    >noted.s
cc -O1 -Wl,--build-id -o prog prog.c noted.s
core_of core ./prog
snap got core
id=$(readelf -n prog | sed -n 's/.*Build ID: //p')
like "no debug data: its name for debuginfod, and its package" \
    "$(get got '[.modules[].missing] | tostring')" \
    "prog: no debug data, of package disk-tool 1.2-3 .rpm. .debuginfod-find debuginfo $id"
mv prog keep
snap got core
like "no file" "$(missing)" "prog: No such file or directory, of package \
disk-tool 1.2-3 .rpm. .debuginfod-find executable $id"

# --- the real server

if command -v debuginfod >/dev/null && command -v python3 >/dev/null; then
	cc -g -O1 -Wl,--build-id -o prog prog.c
	core_of core ./prog
	mkdir files
	objcopy --only-keep-debug prog files/prog.dbg
	strip -o files/prog prog
	rm prog
	port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	HOME=$TRASH debuginfod -p "$port" -d :memory: -F files >debuginfod.log 2>&1 &
	server=$!
	at_exit "kill $server 2>/dev/null"
	DEBUGINFOD_URLS=http://127.0.0.1:$port/
	fetched()
	{
		rm -rf cache
		snap got --debuginfod core && test "$(names got 1)" = secret
	}
	wait_for 20 fetched
	is "from a debuginfod server" "$(lines)" "secret:2 main:3"
	kill $server
	wait $server 2>/dev/null
else
	skip 1 "no debuginfod"
fi
finish
