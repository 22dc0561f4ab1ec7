#!/bin/sh
# SPDX-License-Identifier: ISC
# keep= in corepipe.conf: all of the core, only what was made of it, or nothing
# of the process's memory at all.

. "$(dirname "$0")/lib.sh"
need_root
need_command jq
plan 9

# members RECORD: which of the three are there.
members()
{
	for f in core.zst snapshot.json meta.json; do
		test -f "$1/$f" && printf '%s ' "$f"
	done
}

crash_one()
{
	(exec wreck null) 2>/dev/null &
	pid=$!
	wait "$pid" 2>/dev/null
	record=$(record_of "$pid")
}

arm keep=report
crash_one
is "report: the core has gone" "$(members "$record")" 'snapshot.json meta.json '
is "report: the snapshot was made of it" \
    "$(jq -r '.threads[0].frames[0].function' "$record/snapshot.json")" die_null
like "report: meta.json says why" "$(jq -r '.missing[]' "$record/meta.json")" \
    '^core: dropped by handler for keep=report$'
like "report: the log too" "$(cat "$record/log")" \
    ' handler: core dropped for keep=report$'
ok_no "report: so does snap-get" 1 snap-get -s "$STORE" "${record##*/}" core
like "report: with the reason" \
    "$(snap-get -s "$STORE" "${record##*/}" core 2>&1)" 'keep=report'

sed -i 's/^keep=.*/keep=none/' "$ARMED/corepipe.conf"
crash_one
is "none: nothing but the metadata" "$(members "$record")" 'meta.json '
is "none: which says so" "$(jq -r .core.reason "$record/meta.json")" \
    'not kept: --keep=none'

sed -i 's/^keep=.*/keep=full/' "$ARMED/corepipe.conf"
crash_one
is "full: all of it" "$(members "$record")" 'core.zst snapshot.json meta.json '
