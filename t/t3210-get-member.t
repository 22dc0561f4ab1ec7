#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-get: members of a record, and nothing else.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/records.sh"

plan 36
make_core
make_record

like "the members are listed with their sizes" "$(snap-get "$id")" \
    "^ +$(stat -c %s core)  core\$"
like "those in directories too" "$(snap-get "$id")" ' proc/maps$'
ok "a member is written as it is" sh -c \
    'snap-get "$1" meta.json | cmp - "$2/meta.json"' - "$id" "$record"
ok "to a file with -o" sh -c 'snap-get -o out "$1" proc/maps &&
    cmp out "$2/proc/maps"' - "$id" "$record"
ok "the core is decompressed" sh -c 'snap-get "$1" core | cmp - core' - "$id"
ok "to a file with -o" sh -c \
    'snap-get -o out.core "$1" core && cmp out.core core' - "$id"
is "that only its owner reads" "$(stat -c %a out.core)" 600
ok "core.zst as it is" sh -c \
    'snap-get "$1" core.zst | cmp - "$2/core.zst"' - "$id" "$record"

# A core of mostly zeros comes back sparse.
cp core big
truncate -s 300M big
cp big core
capture
snap-get -o sparse "$id" core
ok "holes stay holes" test "$(stat -c %b sparse)" -lt 100000
ok "and the bytes the same" cmp sparse core

for member in ../meta.json proc/../meta.json /etc/passwd proc//maps ./log \
    '' .. proc/; do
	ok_no "[$member] is refused" 100 snap-get "$id" "$member"
done
ln -s /etc/passwd "$STORE/pending/$id/link"
ln -s /etc "$STORE/pending/$id/dir"
ok_no "a link is refused" 100 snap-get "$id" link
ok_no "one on the way too" 100 snap-get "$id" dir/passwd
ok_no "a member that is not there" 1 snap-get "$id" nothing
rm "$STORE/pending/$id/core.zst"
ok_no "a core that is not there" 1 snap-get "$id" core

make_record
echo precious >kept
ok_no "a member that is not there" 1 snap-get -o kept "$id" nothing
is "leaves the file there is" "$(cat kept)" precious
cp "$record/core.zst" whole.zst
printf garbage >"$record/core.zst"
ok_no "so does a core that is none" 111 snap-get -o kept "$id" core
is "the file stays" "$(cat kept)" precious
head -c $(($(stat -c %s whole.zst) * 3 / 4)) whole.zst >"$record/core.zst"
out=$(snap-get -o kept "$id" core 2>&1)
is "a core that was cut" "$?" 1
like "is said to be" "$out" '^snap-get: core.zst of .* ends early'
ok "what there is of it is had" test "$(stat -c %s kept)" -gt 1000
ok "as it was" cmp -n "$(stat -c %s kept)" kept core
ok_no "on stdout too" 1 sh -c 'snap-get "$1" core >part' - "$id"
ok "just as much" cmp -n "$(stat -c %s kept)" kept part
is "nothing else stays beside it" "$(echo kept*)" kept
ok "a device is written as it is" snap-get -o /dev/null "$id" meta.json
out=$(snap-get "$id" 2>&1 >/dev/full)
is "a full disk under the list" "$?" 111
is "is said once" "$(printf '%s\n' "$out" | grep -c printf)" 1
