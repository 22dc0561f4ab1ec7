#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-rm: whole records, and nothing else.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 17
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
is "nothing of it stays in new/" \
    "$(find "$STORE/new" -mindepth 1 ! -name .sweep ! -name '.turn*')" ""
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
