#!/bin/sh
# SPDX-License-Identifier: ISC
# A user sees the crashes that are theirs and learns nothing of others.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_root
need_command jq setpriv
alice=64001
bob=64002

# Where every user can reach it, as the machine's store.
place=$(mktemp -d /var/tmp/corepipe-test.XXXXXXXX) || exit 1
at_exit "rm -rf '$place'"
chmod 755 "$place"
STORE=$place/store

as()
{
	local uid="$1"
	shift
	setpriv --reuid="$uid" --regid="$uid" --clear-groups env HOME=/nonexistent \
	    XDG_DATA_HOME="$place/home.$uid" COREPIPE_STORE="$STORE" "$@"
}

# saved OWNER COMM: a record as it is captured; prints its id.
saved()
{
	printf 'not much of a core' | core-save --owner="$1" -k uid="$1" \
	    -k comm="$2" -k signal=11 -d "$STORE" 2>/dev/null
}

of_alice=$(saved $alice of-alice)
of_bob=$(saved $bob of-bob)
# What the kernel would not dump for its user is root's: a setuid program.
of_root=$(printf x | core-save --owner=0 -k uid=$alice -k comm=secret \
    -k dumpable=2 -k signal=11 -d "$STORE" 2>/dev/null)
if test -z "$of_alice" || ! test -d "$STORE/owner/$alice"; then
	fail "core-save made no record of a user's"
	finish
	exit 1
fi
sample 1 "id=\"$of_alice\"" cause='"hers"' >"$place/snap"
cat "$place/snap" >"$STORE/pending/$of_alice/snapshot.json"
snap-put "$STORE/pending/$of_alice" >/dev/null
sample 2 "id=\"$of_root\"" cause='"very secret"' \
    >"$STORE/pending/$of_root/snapshot.json"
snap-put "$STORE/pending/$of_root" >/dev/null

run snap-list -s "$STORE" --json
is "root sees all" "$(fields '[.[].comm] | sort | join(" ")')" \
    "of-alice of-bob secret"
run as $alice snap-list --json
is "a user sees theirs" "$(fields '.[].id')" "$of_alice"
is "with its snapshot" "$(fields '.[].cause')" hers
is "and its core" "$(fields '.[].core')" truncated
run as $bob snap-list --json
is "another theirs, before there is a snapshot" \
    "$(fields '.[] | .id, .state, .comm')" "$of_bob pending of-bob"
run as $bob snap-list -s "$STORE" --json
is "with -s" "$(fields '.[].id')" "$of_bob"
run as 64003 snap-list --json
is "a third nothing" "$out" "[]"
is "which is a no" "$status" 1

leaked=
for secret in of-alice secret hers "$of_alice" "$of_root" "$of_bob"; do
	for args in "$secret" --group --group=uid --group=comm \
	    --filter=comm=$secret --uid=$alice --uid=0; do
		run as 64003 snap-list "$args"
		leaked="$leaked$out${status#1}"
	done
done
is "whatever is asked" "$leaked" ""

run as $alice snap-list --path "$of_alice"
is "--path of one's own" "$out" "$STORE/archive/$of_alice"
ok "leads somewhere" as $alice test -r "$out/snapshot.json"
for id in "$of_bob" "$of_root"; do
	run as $alice snap-list --path "$id"
	is "--path of another's is a no" "$status" 1
	is "that names nothing" "$out" ""
	run as $alice snap-list "$id"
	is "so is the list" "$status" 1
done
run as $alice snap-list --path 0
is "a prefix that others have too is one's own" "$out" \
    "$STORE/archive/$of_alice"

# The files themselves, for who knows the names.
for path in archive pending new owner owner/$bob; do
	ok_no "cannot list $path" 2 as $alice ls "$STORE/$path"
done
for dir in "pending/$of_bob" "archive/$of_root"; do
	ok_no "cannot list $dir" 2 as $alice ls "$STORE/$dir"
	for file in core.zst meta.json snapshot.json log; do
		ok_no "cannot read $dir/$file" 1 as $alice cat "$STORE/$dir/$file"
	done
done
ok_no "cannot read the index" 1 as $alice cat "$STORE/index.db"
ok "can read one's own core" as $alice cat "$STORE/archive/$of_alice/core.zst"
ok_no "cannot change one's own" 1 as $alice \
    touch "$STORE/archive/$of_alice/snapshot.json"
ok_no "cannot rebuild the index" 100 as $alice snap-list -s "$STORE" --rebuild

# A mark for a record that is not readable shows nothing of it.
: >"$STORE/owner/$alice/$of_root"
run as $alice snap-list --json
is "permissions decide, not marks" "$(fields '.[].id')" "$of_alice"
rm "$STORE/owner/$alice/$of_root"
: >"$STORE/owner/$alice/$(id_of 9)"
run as $alice snap-list --json
is "a mark without a record is no record" "$(fields '.[].id')" "$of_alice"

# One's own store, beside the machine's.
mkdir -m 755 "$place/home.$alice"
chown $alice "$place/home.$alice"
chmod 644 "$place/snap"
sample 3 | as $alice snap-put - >"$place/id" 2>"$place/err"
is "a user's own snapshot" "$(cat "$place/id" "$place/err")" "$(id_of 3)"
is "is in a store that is closed" \
    "$(stat -c '%a %u' "$place/home.$alice/corepipe")" "700 $alice"
is "as are its files" "$(stat -c '%a %u' \
    "$place/home.$alice/corepipe/archive/$(id_of 3)/snapshot.json")" "600 $alice"
run as $alice snap-list --json
is "both are listed" "$(fields '[.[].id] | sort | join(" ")')" \
    "$(printf '%s\n' "$of_alice" "$(id_of 3)" | sort | paste -sd ' ' -)"
run as $alice snap-list --path "$(id_of 3)"
is "--path finds it" "$out" "$place/home.$alice/corepipe/archive/$(id_of 3)"
run as $bob snap-list --json
is "others do not see it" "$(fields '.[].id')" "$of_bob"
run snap-list -s "$place/home.$alice/corepipe" --json
is "root can look there" "$(fields '.[].id')" "$(id_of 3)"
ok_no "and leaves no index of root's there" 1 \
    test -e "$place/home.$alice/corepipe/index.db"
run as $alice snap-list -s "$place/home.$alice/corepipe" --rebuild
is "its user may keep one" "$out" "1 records indexed"
rm -rf "$place/home.$alice/corepipe/archive"
ln -s /etc "$place/home.$alice/corepipe/archive"
run snap-list -s "$place/home.$alice/corepipe" --json
is "a link for a state is not followed" "$out" "[]"
finish
