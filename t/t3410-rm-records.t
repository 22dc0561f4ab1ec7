#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-rm: whole records, and nothing else.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 26
make_core
make_record
one=$id
make_record
two=$id
capture
three=$id
if test "$(id -u)" -eq 0; then
	mkdir -p "$STORE/owner/12345"
	true >"$STORE/owner/12345/$one"
fi

ok_no "a beginning that many share removes none" 1 snap-rm 0
is "all are there" "$(snap-list --json | jq length)" 3
ok "a record goes" snap-rm "$one"
ok "as a whole" test ! -e "$STORE/archive/$one"
ok "with its marker" test ! -e "$STORE/owner/12345/$one"
is "and is not listed" "$(snap-list --json | jq length)" 2
is "nothing of it stays in new/" "$(left_in_new)" ""
ok_no "twice is once too often" 1 snap-rm "$one"
ok "but with -f" snap-rm -f "$one"
ok_no "one missing does not save the other" 1 snap-rm "$one" "$two"
ok "which is gone" test ! -e "$STORE/archive/$two"

for name in '' .. ../archive '*' -rf; do
	ok_no "[$name] is refused" 100 snap-rm "$name"
done

mkdir precious
echo kept >precious/file
mv "$STORE/pending/$three" away
ln -s "$TRASH/precious" "$STORE/pending/$three"
snap-rm "$three" >/dev/null 2>&1
is "what a link leads to stays" "$(cat precious/file)" kept

rm "$STORE/pending/$three"
make_record
four=$id
ok_no "a bad argument" 100 snap-rm "$four" NO
ok "costs none of the others" test -d "$STORE/archive/$four"
ok "the store may be a relative path" snap-rm -s store "$four"

# Two at once, again and again: one has it, the other says so in one line.
race()
{
	make_record
	snap-rm "$@" "$id" 2>said.1 &
	one=$!
	snap-rm "$@" "$id" 2>said.2
	statuses=$?
	wait "$one"
	statuses=$((statuses + $?))
}
race
is "of two at once one fails" "$statuses" 1
is "with a line" "$(cat said.1 said.2)" "$(cat said.1 said.2 |
    grep -E "^snap-(rm|list): no record '$id'\$")"
race -f
is "none with -f" "$statuses $(cat said.1 said.2)" "0 "
if test "$(id -u)" -eq 0 && command -v setpriv >/dev/null; then
	chmod 755 "$TRASH"
	id=$(printf x | core-save --owner=65534 -k uid=65534 \
	    -k comm=x -k signal=6 -d "$STORE" 2>/dev/null)
	out=$(as_nobody snap-rm -s "$STORE" "$id" 2>&1)
	is "a user's own, in the system's store" "$?" 100
	is "has one line" "$out" "snap-rm: remove $id: only root may"
	ok "and stays" test -d "$STORE/pending/$id"
else
	skip 3 "only root can be another"
fi
