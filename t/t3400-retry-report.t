#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-retry: the snapshot made again, wherever the record is.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 13
make_core
make_record
archived=$id
rm "$record/report.txt"
like "a record in archive/" "$(snap-retry "$archived")" \
    "^$archived  archive  core-unwind [01] "
ok "has its report again" test -s "$record/report.txt"
is "and is where it was" "$(ls "$STORE/archive")" "$archived"

capture
pending=$id
capture
failed=$id
mkdir -p "$STORE/failed"
mv "$STORE/pending/$failed" "$STORE/failed/"
out=$(snap-retry)
like "without an id: what is in pending/" "$out" "$pending  archive"
like "and in failed/" "$out" "$failed  archive"
unlike "and no more" "$out" "$archived"
ok "with reports" test -s "$STORE/archive/$failed/report.txt"
is "nothing is left in new/" \
    "$(find "$STORE/new" -mindepth 1 ! -name .sweep ! -name '.turn*')" ""

capture
printf 'garbage' >"$STORE/pending/$id/core.zst"
out=$(snap-retry "$id")
is "a core that cannot be read: no success" "$?" 1
like "but archived" "$out" "$id  archive"
ok "nothing to do is no failure" snap-retry
ok_no "no such record" 1 snap-retry 018bcfe5-6800-7000-8000-000000000000
ok_no "no such option" 100 snap-retry --all
