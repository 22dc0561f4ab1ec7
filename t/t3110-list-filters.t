#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# Conditions of snap-list.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

crash archive 1 process.exe='"/usr/sbin/nginx"' process.comm='"nginx"' \
    attributes='{"version":"1.9","n":"5"}'
crash archive 2 process.uid=0 signal='{"number":6,"name":"SIGABRT"}' \
    cause=null
crash archive 3 process.exe='"/opt/[x]/odd*name"' process.comm=null \
    attributes='{"version":"1.10","n":12}'
crash pending 4 process.exe=null process.unit=null \
    attributes='{"version":"x","n":"-3.5","host":"elsewhere"}'
# An old one, and one of the future.
old=019a0000-0000-7000-8000-00000000000a
mkdir "$STORE/archive/$old"
sample 5 "id=\"$old\"" 'time="2025-10-20T08:00:00Z"' >"$STORE/archive/$old/snapshot.json"

# want PIDS ARGS...: pids are 100 + n, newest first.
want()
{
	local pids="$1"
	shift
	run snap-list -s "$STORE" --json "$@"
	is "$*" "$(fields '.[].pid - 100')" "$pids"
}

want "4 3 2 1 5"
want "2 1 5" --exe='/usr/*'
want "1" --exe='ng*'
want "3" --exe='/opt/[[]x]/odd*'
want "4 2 5" --exe=aprog
want "4 2 5" --filter=comm=aprog
want "3" --filter='exe=/opt/[x]/odd*name'
want "3 1" --filter='comm!=aprog'
want "4 3 1" --filter='exe!=/usr/bin/aprog' --since=2026-01-01
want "2 1 5" --filter='exe~^/usr/(bin|sbin)/'
want "4 3" --filter='exe!~^/usr'
want "2" --signal=6
want "2" --signal=ABRT
want "2" --signal=sigabrt
want "2" --filter=signal=ABRT
want "2" --filter=signal=6
want "4 3 1 5" --filter='signal!=6'
want "4 3 1 5" --filter='signal=SIGS*'
want "2" --uid=0
want "2" --uid=root
want "4 3 1 5" --filter='uid>0'
want "3 2" --filter='pid>=102' --filter='pid<=103' --filter='pid!=999'
want "3 2 1" --filter='pid<104'
want "4" --filter=state=pending
want "4" --state=pending
want "1" --filter=version=1.9
want "1" --filter=attributes.version=1.9
want "3 1" --filter='version~^1\.'  --filter='version!=1.2'
want "3" --filter='n>5'
want "3 1" --filter='n>=5'
want "4" --filter='n<0'
want "2 5" --filter='n!~.'
want "4 3 2 1 5" --filter=host=box
want "4" --filter=attributes.host=elsewhere
want "4 3 1 5" --filter='code_name=SEGV_*'
want "4 3 1 5" --filter='cause~null pointer.*write'
want "2" --filter='cause!~.'
want "4" --filter='unit!=*'
want "4 3 2 1" --since=2026-11-20
want "4 3 2" --since=2026-11-20T10:02
want "4 3 2" --since='2026-11-20 10:02:00'
want "4 3 2" --since=2026-11-20T11:02:00+01:00
want "1 5" --until=2026-11-20T10:02:00Z
want "2" --since=@1795168920 --until=@1795168980
want "2" --filter='time>=@1795168920' --filter='time<@1795168980'
want "5" --until=2026-11-20
want "4 3 2 1 5" --until=now --since=20y
want "" --since=1s --until=1y
want "" --exe='*odd*' aprog

for bad in '--filter=x' '--filter==x' '--filter=exe~(' '--filter=exe~[' \
    '--filter=pid<x' '--filter=pid<' '--filter=time<x' --signal=FOO \
    --signal= --signal=65 --uid=nosuchuser --uid=-1 --uid=4294967296 \
    --since= --since=x --since=5 --since=1x --since=2026-02-30 \
    --since=2026-13-01 --since=2026-11-20T --since=2026-11-20T25:00 \
    --since=@ --since=@x --since=99999999999999999999d --until=-1d \
    "--filter=$(printf 'a\nb=c')"; do
	run snap-list -s "$STORE" "$bad"
	is "not understood: $bad" "$status" 100
done

# Time has gone by since 2026-11-20 10:00, whatever the clock says; a record
# of now is within the last of each.
now=$(sample 6 id=null "time=\"$(date -u +%FT%TZ)\"" | snap-put -s "$STORE" -)
for since in 1h 60m 1d 1w 1M 1y 3600s yesterday today; do
	run snap-list -s "$STORE" --json --since=$since "$now"
	is "--since=$since has what is of now" "$(fields length)" 1
done
run snap-list -s "$STORE" --json --until=yesterday "$now"
is "--until=yesterday has not" "$(fields length)" 0
finish
