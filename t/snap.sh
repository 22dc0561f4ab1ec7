# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# Vocabulary of the tests of snap-put and snap-list, after lib.sh. The store is
# $STORE, made of bare directories.
#
#	id_of N                 the id of sample N; a higher N is newer, by a
#	                        minute
#	sample N [NAME=JSON]... a snapshot.json on stdout, with these changed;
#	                        NAME may be a path of jq: process.exe='"/bin/x"'
#	crash STATE N [...]     the record of sample N, in that state
#	run COMMAND...          sets $status, $out and $err
#	fields FILTER           what jq -r makes of $out, lines joined by blanks

STORE=$TRASH/store
for state in new pending sending archive failed; do
	mkdir -p "$STORE/$state"
done
TZ=UTC0
export STORE TZ

# Ids of 2026-11-20, from 10:00 on.
first_ms=1795168800000

id_of()
{
	local hex
	hex=$(printf '%012x' $((first_ms + $1 * 60000)))
	printf '%.8s-%s-7000-8000-%012x\n' "$hex" "${hex#????????}" "$1"
}

sample()
{
	local n="$1" change filter=.
	shift
	for change in "$@"; do
		filter="$filter | .${change%%=*} = ${change#*=}"
	done
	jq -c "$filter" <<-EOF
	{"version":1,"id":"$(id_of "$n")",
	 "time":"$(date -u -d "@$((first_ms / 1000 + n * 60))" +%FT%TZ)",
	 "host":"box","arch":"x86_64",
	 "process":{"pid":$((100 + n)),"tid":$((100 + n)),"exe":"/usr/bin/aprog",
	   "comm":"aprog","cmdline":["aprog","-x"],"uid":1000,"gid":1000,
	   "container":null,"unit":"aprog.service"},
	 "signal":{"number":11,"name":"SIGSEGV","code":1,
	   "code_name":"SEGV_MAPERR","address":"0x10","sender_pid":null},
	 "cause":"null pointer dereference: write of 4 bytes to 0x10",
	 "message":null,
	 "fingerprint":{"version":1,"signature":"parse | main",
	   "strict":"5713","loose":"1005e","weak":false},
	 "threads":[{"tid":$((100 + n)),"name":"aprog","crashed":true,
	   "registers":{"rip":"0x1139"},
	   "frames":[{"pc":"0x1139","function":"parse","trust":"context"}],
	   "truncated":false}],
	 "modules":[],"attributes":{"version":"1.2"},"missing":[],
	 "tool":{"name":"core-unwind","version":"0.1.0","elapsed_ms":1}}
	EOF
}

crash()
{
	local dir
	dir=$STORE/$1/$(id_of "$2")
	shift
	mkdir "$dir" && sample "$@" >"$dir/snapshot.json"
}

run()
{
	"$@" >"$TRASH/run.out" 2>"$TRASH/run.err"
	status=$?
	out=$(cat "$TRASH/run.out")
	err=$(cat "$TRASH/run.err")
}

fields()
{
	printf '%s\n' "$out" | jq -r "$1" | paste -sd ' ' -
}
