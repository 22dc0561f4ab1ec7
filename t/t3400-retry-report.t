#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-retry: the snapshot made again, wherever the record is.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 22
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
is "nothing is left in new/" "$(left_in_new)" ""

capture
printf 'garbage' >"$STORE/pending/$id/core.zst"
out=$(snap-retry "$id")
is "a core that cannot be read: no success" "$?" 1
like "but archived" "$out" "$id  archive"
ok "nothing to do is no failure" snap-retry
ok_no "no such record" 1 snap-retry 018bcfe5-6800-7000-8000-000000000000
ok_no "no such option" 100 snap-retry --all

is "nothing to do is said" "$(snap-retry)" "nothing pending or failed"
ok_no "no store is no empty one" 100 snap-retry -s nowhere
capture
like "the store may be a relative path" "$(snap-retry -s store "$id")" \
    "^$id  archive"
# Nothing waits to be sent in a personal store.
if test "$(id -u)" -eq 0 && command -v setpriv >/dev/null; then
	mv "$STORE/sending" away 2>/dev/null
	true >"$STORE/sending"
	out=$(snap-retry "$id" 2>&1)
	is "a record that cannot be put" "$?" 111
	like "has a reason" "$out" "^snap-retry: retry $id: snap-put: "
	ok "and is where it was" test -d "$STORE/archive/$id"
	rm "$STORE/sending"
	chmod 755 "$TRASH"
	id=$(printf x | core-save --owner=65534 -k uid=65534 \
	    -k comm=x -k signal=6 -d "$STORE" 2>/dev/null)
	out=$(as_nobody snap-retry -s "$STORE" "$id" 2>&1)
	is "a user's own, in the system's store" "$?" 100
	is "has one line" "$out" "snap-retry: retry $id: only root may"
	ok "and stays" test -d "$STORE/pending/$id"
else
	skip 6 "only root can be another"
fi
