#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-prune: cores before records, the oldest of who has most, the first and
# the newest of a fingerprint last.
. "$(dirname "$0")/lib.sh"
need_command jq
plan 33

STORE=$TRASH/store
COREPIPE_STORE=$STORE
export COREPIPE_STORE
mkdir -p "$STORE/archive" "$STORE/new" "$STORE/pending" "$STORE/failed"

# record NUMBER UID FINGERPRINT: a core of 1 MiB, and time in NUMBER's order.
record()
{
	id=018bcfe5-680$1-7000-8000-00000000000$1
	dir=$STORE/${4:-archive}/$id
	mkdir "$dir"
	head -c 1048576 /dev/urandom >"$dir/core.zst"
	echo '{"version":1,"id":"'"$id"'","time":"2023-11-14T22:13:20.00'"$1"'Z","uid":'"$2"',"pid":1,"signal":6,"comm":"x\",\"uid\":7,\"size\":1","exe":"/bin/x","core":{"file":"core.zst","bytes":1048576,"stored":1048576,"complete":true,"reason":null,"way":"pipe"},"missing":[]}' \
	    >"$dir/meta.json"
	echo '{"version":1,"id":"'"$id"'","time":"2023-11-14T22:13:20.00'"$1"'Z","process":{"pid":1,"uid":'"$2"',"comm":"x","exe":"/bin/x"},"signal":{"number":6,"name":"SIGABRT"},"fingerprint":{"version":1,"signature":"a | b","strict":"'"$3"'","loose":"'"$3"'","weak":false},"threads":[],"modules":[],"missing":[]}' \
	    >"$dir/snapshot.json"
	echo '2023-11-14T22:13:20Z core-save 0 10 ms' >"$dir/log"
}
# Six of user 1, one fingerprint; two of user 2; one that is being worked on.
for n in 1 2 3 4 5 6; do
	record $n 1 aaaa000000000000
done
record 7 2 bbbb000000000000
record 8 2 bbbb000000000000
record 9 1 aaaa000000000000 pending
cores() { ls "$STORE"/*/*/core.zst 2>/dev/null | sed 's/.*000\([0-9]\)\/core.zst/\1/' | tr -d '\n'; }
at() { printf '%s/archive/018bcfe5-680%s-7000-8000-00000000000%s' "$STORE" "$1" "$1"; }

is "the records are there" "$(snap-list --json | jq length)" 9
ok "within the bounds nothing goes" snap-prune --max-size=100M
like "of each crash as many as core-save keeps are the first ones" \
    "$(snap-prune --dry-run --max-size=5300K | cut -c 1-18 | paste -sd ' ' -)" \
    '^core 018bcfe5-6804 core 018bcfe5-6805 core 018bcfe5-6801'
like "or as many as are asked for" \
    "$(snap-prune --dry-run --first=2 --max-size=7400K)" '^core 018bcfe5-6803-'
ok_no "or a number" 100 snap-prune --first=x
is "not one" "$(cores)" 123456789

out=$(snap-prune --first=1 --max-size=7400K --dry-run)
like "--dry-run says what would go" "$out" '^core 018bcfe5-6802-'
is "and takes nothing" "$(cores)" 123456789
ok "over the bound" snap-prune --first=1 --max-size=7400K
is "the oldest core goes that is not the first, of who has most" \
    "$(cores)" 13456789
ok "the record stays" test -s "$(at 2)/snapshot.json"
like "its log says why" "$(cat "$(at 2)/log")" \
    'snap-prune: core dropped for the size of the store'
is "its meta.json too" "$(jq -r '.missing[0]' "$(at 2)/meta.json")" \
    "core: dropped by snap-prune for the size of the store"
is "snap-list knows" "$(snap-list --json | jq -r \
    '.[] | select(.id | startswith("018bcfe5-6802")).core')" none

ok "further over" snap-prune --first=1 --max-size=4400K
is "the rest goes, but the first and the newest" "$(cores)" 16789
ok "and further" snap-prune --first=1 --max-size=3300K
is "then a first one, of who has most" "$(cores)" 6789
ok "records go last" snap-prune --max-size=20K
is "when all cores at rest have gone" "$(cores)" 9
is "and no more of them than needed" "$(ls "$STORE/archive" | wc -l)" 1
ok_no "what cannot be reached is said" 1 snap-prune --keep-free=100
ok "what is being worked on stays" test -d "$STORE/pending/$id"

for n in 1 2 3; do
	rm -rf "$(at $n)"
	record $n 1 aaaa000000000000
done
snap-prune --first=1 --max-age=30d >/dev/null
is "what is too old goes, but the first and the newest" "$(cores)" 139
record 4 1 aaaa000000000000
mkdir precious
echo kept >precious/core.zst
rm -rf "$(at 2)"
ln -s "$TRASH/precious" "$(at 2)"
snap-prune --max-size=1 >/dev/null 2>&1
is "nothing behind a link goes" "$(cat precious/core.zst)" kept
ok_no "no such size" 100 snap-prune --max-size=lots
ok_no "no such age" 100 snap-prune --max-age=30

ok_no "no such store" 100 snap-prune -s nowhere
mkdir user
printf '#!/bin/sh\necho 1000\n' >user/id
chmod 755 user/id
ok_no "nor one without a home" 100 env -u HOME -u XDG_DATA_HOME \
    COREPIPE_STORE= sh -c 'PATH=$1:$PATH; snap-prune' - "$TRASH/user"
record 1 1 aaaa000000000000 failed
ok_no "a full disk" 111 sh -c 'snap-prune --max-size=1 --dry-run >/dev/full'
rm -f "$(at 2)"
record 5 1 aaaa000000000000
record 6 1 aaaa000000000000
if test "$(id -u)" -eq 0 && command -v unshare >/dev/null; then
	out=$(unshare -m sh -c 'mount --bind "$1" "$1" &&
	    mount -o remount,ro,bind "$1" && snap-prune --max-size=1' - \
	    "$STORE" 2>&1)
	is "a store that is read-only" "$?" 111
	is "has one line" "$(printf '%s\n' "$out" | grep -vc ^snap-list:)" 1
	like "that says why" "$out" '^snap-prune: remove core .*Read-only'
else
	skip 3 "only root can mount"
fi
