#!/bin/sh
# SPDX-License-Identifier: ISC
# The index is derived: whatever becomes of it, the list is what the
# directories say.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq sqlite3
db=$STORE/index.db

for n in 1 2 3; do
	crash archive $n
done
crash pending 4
snap-list -s "$STORE" --json >want
is "four records" "$(jq length want)" 4
# same_list WHAT [ERE]: the list is right, and stderr says that, or nothing.
same_list()
{
	run snap-list -s "$STORE" --json
	ok "$1" cmp run.out want
	if test $# -eq 2; then
		like "$1: it is said" "$err" "$2"
	else
		is "$1: without a word" "$err" ""
	fi
}
ok "there is an index" test -s "$db"
is "for its owner alone" "$(stat -c %a "$db")" 600
is "that SQLite opens" \
    "$(sqlite3 "$db" 'SELECT count(*) FROM record WHERE comm = "aprog"')" 4
same_list "a second look says the same"

# It follows the directories.
before=$(stat -c '%i %Y' "$db")
mv "$STORE/pending/$(id_of 4)" "$STORE/sending/"
run snap-list -s "$STORE" --json
is "a record that moved on" "$(fields '.[0].state')" sending
mv "$STORE/sending/$(id_of 4)" "$STORE/archive/"
sample 3 cause='"another"' >"$STORE/archive/$(id_of 3)/snapshot.json.new"
mv "$STORE/archive/$(id_of 3)/snapshot.json.new" \
    "$STORE/archive/$(id_of 3)/snapshot.json"
rm -r "$STORE/archive/$(id_of 2)"
crash archive 5
run snap-list -s "$STORE" --json
is "one that changed, one that went, one that came" \
    "$(fields '.[] | .pid - 100, .cause[0:7]')" \
    "5 null po 4 null po 3 another 1 null po"
is "in the same file" "$(stat -c %i "$db")" "${before% *}"
is "attributes go with their record" "$(sqlite3 "$db" \
    'SELECT count(*) FROM attribute WHERE id NOT IN (SELECT id FROM record)')" 0
snap-list -s "$STORE" --json >want

# Missing, garbage, cut short, empty, another's.
rm "$db"
same_list "missing: made anew"
: >"$db"
same_list "empty: made anew"
head -c 100000 /dev/urandom >"$db"
same_list "garbage: made anew" 'garbage'
same_list "garbage no more"
head -c 5000 "$db" >short && cat short >"$db"
same_list "cut short: made anew" 'anew'
for page in 1 2 3 4; do
	sqlite3 "$db" 'SELECT 1' >/dev/null
	dd if=/dev/urandom of="$db" bs=4096 seek=$page count=1 conv=notrunc \
	    2>/dev/null
	snap-list -s "$STORE" --json >run.out 2>run.err
	ok "page $page is broken: still the list" cmp run.out want
	snap-list -s "$STORE" --rebuild >/dev/null 2>&1
done
rm "$db"
sqlite3 "$db" 'CREATE TABLE record (id, state, stamp); CREATE TABLE x (y)'
same_list "another program's database: made anew" 'garbage'
sqlite3 "$db" 'ALTER TABLE record DROP COLUMN cause'
same_list "a column is gone: made anew" garbage
sqlite3 "$db" 'DROP TABLE attribute'
same_list "a table is gone: made anew" garbage
sqlite3 "$db" "UPDATE record SET comm = 'lie'; PRAGMA user_version = 0"
same_list "of an older version: made anew"
sqlite3 "$db" "INSERT INTO record (id, state, stamp) VALUES ('x', 'y', 0)"
same_list "a row that cannot be: made anew" anew
mkdir index.dir && rm "$db" && mkdir "$db"
same_list "a directory in its place: done without" 'in memory'
rmdir "$db"
ln -s "$TRASH/elsewhere" "$db"
same_list "a link in its place: done without" 'in memory'
ok_no "nothing is made through it" 1 test -e "$TRASH/elsewhere"
rm "$db"
mkfifo "$db"
run timeout 10 snap-list -s "$STORE" --json
is "a FIFO in its place does not hang" "$status" 0
rm "$db"

# A newer version is somebody's: left as it is.
snap-list -s "$STORE" >/dev/null
sqlite3 "$db" 'PRAGMA user_version = 99; CREATE TABLE future (x)'
cp "$db" newer.db
same_list "of a newer version: done without" 'newer version'
ok "left alone" cmp "$db" newer.db

# --rebuild.
run snap-list -s "$STORE" --rebuild
is "--rebuild" "$status" 0
is "says how many" "$out" "4 records indexed"
same_list "over a newer one too"
is "and it is ours" "$(sqlite3 "$db" 'PRAGMA user_version')" 1
sqlite3 "$db" "UPDATE record SET cause = 'lie'"
run snap-list -s "$STORE" --rebuild --json
is "with a list" "$(fields '.[0].cause[0:4]')" null
like "how many is on stderr then" "$err" '4 records indexed'
same_list "lies are gone"
head -c 5000 /dev/urandom >"$db"
run snap-list -s "$STORE" --rebuild
is "over garbage" "$out" "4 records indexed"

# Many at once, with everything to do.
for broken in none garbage; do
	rm -f "$db"
	test $broken = garbage && head -c 9000 /dev/urandom >"$db"
	pids=
	for n in 1 2 3 4 5 6 7 8; do
		snap-list -s "$STORE" --json >many.$n 2>many.err.$n &
		pids="$pids $!"
	done
	bad=0
	for pid in $pids; do
		wait "$pid" || bad=$((bad + 1))
	done
	for n in 1 2 3 4 5 6 7 8; do
		cmp -s many.$n want || bad=$((bad + 1))
	done
	is "eight at once, index: $broken" "$bad" 0
	is "leave a whole one" "$(sqlite3 "$db" 'PRAGMA integrity_check')" ok
done

# A store that cannot be written to.
if test "$(id -u)" -eq 0 && unshare -m true 2>/dev/null; then
	cat >ro.sh <<-'EOS'
	mount --make-rprivate / && mount --bind "$STORE" "$STORE" &&
	mount -o remount,ro,bind "$STORE" && snap-list -s "$STORE" "$@"
	EOS
	run unshare -m sh ro.sh --json
	is "read-only: the list" "$status" 0
	ok "is the same" cmp run.out want
	is "with an index that is right, without a word" "$err" ""
	sqlite3 "$db" 'DELETE FROM record'
	run unshare -m sh ro.sh --json
	ok "an index that is not right: the list is" cmp run.out want
	like "and it is said" "$err" 'in memory'
	rm "$db"
	run unshare -m sh ro.sh --rebuild
	is "no index can be made" "$status" 111
	run unshare -m sh ro.sh --json
	ok "no index: the list" cmp run.out want
	like "and it is said" "$err" 'in memory'
	head -c 5000 /dev/urandom >"$db"
	run unshare -m sh ro.sh --json
	ok "a garbage one: the list" cmp run.out want
	rm "$db"

	cat >full.sh <<-'EOS'
	mount --make-rprivate / && mkdir -p mnt &&
	mount -t tmpfs -o size=256k none mnt && cp -a "$STORE" mnt/store &&
	{ head -c 1M /dev/zero >mnt/fill || :; } 2>/dev/null &&
	snap-list -s mnt/store "$@"
	EOS
	run unshare -m sh full.sh --json
	is "a full disk: the list" "$status" 0
	is "is the same" "$(fields 'map(del(.size)) | tojson')" \
	    "$(jq -r 'map(del(.size)) | tojson' want)"
	like "and it is said" "$err" 'in memory'
else
	skip 12 "must be root, with mount namespaces"
fi
finish
