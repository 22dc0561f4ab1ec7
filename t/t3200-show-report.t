#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-show: the report, the snapshot, or why there is neither.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 28
ok_no "an empty store has nothing to show" 1 snap-show
make_core
make_record
old=$id
make_record

is "the newest is shown" "$(snap-show)" "$(cat "$record/report.txt")"
is "the one that is asked for" "$(snap-show "$old")" \
    "$(cat "$STORE/archive/$old/report.txt")"
is "from another store" "$(COREPIPE_STORE=/nonexistent \
    snap-show -s "$STORE" "$old")" "$(cat "$STORE/archive/$old/report.txt")"
is "the store may be a relative path" "$(snap-show -s store "$old")" \
    "$(cat "$STORE/archive/$old/report.txt")"
is "as JSON" "$(snap-show --json "$old" | jq -r .id)" "$old"

capture -k "comm=$(printf 'x\033]0;y\007"id":"z"')"
like "without a report it shows what is known" "$(snap-show "$id")" \
    '"signal":6'
ok_no "and says so by its status" 1 snap-show "$id"
ok_no "without a snapshot there is no JSON" 1 snap-show --json "$id"
is "a name does not pass for an id" \
    "$(snap-show | grep -c '"id":"'"$id")" 1
rm "$STORE/pending/$id/meta.json"
printf '2026-11-21T01:02:03Z core-unwind 1 5 ms \033[31m\302\23331m\n' \
    >"$STORE/pending/$id/log"
like "the log says why" "$(snap-show "$id")" 'core-unwind 1 5 ms'
is "no control of it gets out" \
    "$(snap-show "$id" | tr -d ' -~\n' | od -An -c)" ""

mv "$STORE/archive/$old" elsewhere
ln -s "$TRASH/elsewhere" "$STORE/archive/$old"
out=$(snap-show "$old" 2>&1)
unlike "a link in the store is not followed" "$out" 'Signature'
rm "$record/report.txt"
ln -s /etc/passwd "$record/report.txt"
unlike "nor is one in a record" "$(snap-show "${record##*/}" 2>&1)" 'root:'

ok_no "no such record" 1 snap-show 018bcfe5-6800-7000-8000-000000000000
ok_no "no id at all" 100 snap-show ../../etc
ok_no "no such option" 100 snap-show --frob
is "-V is the version" "$(snap-show -V)" "snap-show 0.1.0"
like "-h is the synopsis" "$(snap-show -h)" '^usage: snap-show '

make_record
for how in "$id" "--json $id" -h; do
	ok_no "[$how] to a full disk" 111 sh -c "snap-show $how >/dev/full"
done
ok_no "or to nowhere" 111 sh -c 'snap-show "$1" >&-' - "$id"
rm "$record/report.txt"
jq -c '.message = "a, \"b\": {\n\u001b"' "$record/snapshot.json" >changed
cp changed "$record/snapshot.json"
ok "a snapshot without a report is shown" snap-show "$id"
out=$(snap-show "$id")
like "and that it is one" "$out" 'There is no report.*Its snapshot:'
jq -c --arg id "$id" '.missing = ["not unwound: crash 0123 is known from " +
    "\($id); snap-retry unwinds it"]' changed >"$record/snapshot.json"
is "of one that is known, where there is one" \
    "$(snap-show "$id" | sed -n '3,6p' | xargs)" \
    "snap-show $id snap-retry $id Its snapshot:"
cp changed "$record/snapshot.json"
like "a line for a member" "$out" '^  "message": "a, ..b..: \{.n'
is "and all of it" "$(snap-show "$id" | sed 1,2d | jq -cS .)" \
    "$(jq -cS . changed)"
