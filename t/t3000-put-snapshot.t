#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2010,SC2012,SC2016
# A snapshot from anywhere becomes a record, whole or not at all.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

sample 1 >snap.json
run snap-put -s "$STORE" snap.json
is "a snapshot is put" "$status" 0
is "its own id names the record" "$out" "$(id_of 1)"
ok "it is stored as it was" cmp snap.json "$STORE/archive/$(id_of 1)/snapshot.json"
is "nothing is left in new" "$(ls -A "$STORE/new")" ""

run snap-put -s "$STORE" snap.json
is "the same again is refused" "$status" 100
like "and why" "$err" 'in the store already: archive'

# Without an id of its own, or with one that is none.
sample 2 'id=null' >noid.json
run snap-put -s "$STORE" noid.json
like "one without an id gets one" "$out" '^[0-9a-f]{8}-[0-9a-f]{4}-7'
is "which is in the snapshot too" \
    "$(jq -r .id "$STORE/archive/$out/snapshot.json")" "$out"
for id in '../../x' '' "$(id_of 3)/.." 'A' "$(printf 'a\nb')"; do
	sample 2 "id=$(printf '%s' "$id" | jq -Rs .)" >bad.json
	run snap-put -s "$STORE" - <bad.json
	like "an id that is none is not used: '$id'" "$out" \
	    '^[0-9a-f]{8}-[0-9a-f]{4}-7'
done

# Attributes.
sample 4 >snap.json
run snap-put -s "$STORE" -k version=2.0 -k 'note=a=b "c" $(id)' - <snap.json
is "attributes are put" "$status" 0
snapshot=$STORE/archive/$(id_of 4)/snapshot.json
is "over those that were there" "$(jq -r .attributes.version "$snapshot")" 2.0
is "a value may be anything" "$(jq -r .attributes.note "$snapshot")" \
    'a=b "c" $(id)'
is "the rest is as it was" "$(jq -S 'del(.attributes)' "$snapshot")" \
    "$(jq -S 'del(.attributes)' snap.json)"
for bad in novalue =x 'a b=c' "$(printf 'a\nb=c')"; do
	run snap-put -s "$STORE" -k "$bad" snap.json
	is "-k '$bad' is refused" "$status" 100
done

# Attachments.
attach=$STORE/archive/$(id_of 5)/attach
sample 5 >snap.json
echo one >app.log
mkfifo fifo
ln -s /etc/passwd link
head -c 5000 /dev/zero >large
mkdir other
echo two >other/app.log
run timeout 10 snap-put -s "$STORE" --attach-limit=4K -a app.log -a fifo \
    -a link -a large -a other/app.log -a /dev/zero -a nosuch -a other snap.json
is "what cannot be attached is a partial result" "$status" 1
is "one is there, whole" "$(cat "$attach/app.log")" one
is "and none of the others" "$(ls -A "$attach")" app.log
for what in fifo link large app.log /dev/zero nosuch other; do
	like "it says so of $what" "$err" "attach '$what'"
done

# What is no snapshot.
before=$(ls "$STORE/archive" | wc -l)
echo '{"version":1' >short
echo '[1]' >array
echo '{}' >empty
echo '{"version":"1"}' >text
: >nothing
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "{\"a\":" }' >deep
printf '{"version":1,"a":"\377\376"}' >bytes
for bad in short array empty text nothing deep bytes nosuch /dev/null; do
	run snap-put -s "$STORE" "$bad"
	is "no snapshot: $bad" "$status" 100
	like "it says so: $bad" "$err" '^snap-put: '
done
is "none of them is in the store" "$(ls "$STORE/archive" | wc -l)" "$before"
is "nor in new" "$(ls -A "$STORE/new")" ""

sample 6 version=7 >newer
run snap-put -s "$STORE" newer
is "a newer version is stored" "$status" 0
like "and said" "$err" 'version 7'
ok "as it is" cmp newer "$STORE/archive/$(id_of 6)/snapshot.json"

# A very large one: kept as it is, and changed all the same.
{
	printf '{"version":1,"id":"%s","threads":[' "$(id_of 9)"
	awk 'BEGIN { for (i = 0; i < 300000; i++) print \
	    "{\"a\":\"]}\\\"[\",\"frames\":[{\"pc\":\"0x1\"}]},"; print "1]}" }'
} >large.json
run snap-put -s "$STORE" large.json
is "a large one is stored" "$status" 0
ok "byte for byte" cmp large.json "$STORE/archive/$(id_of 9)/snapshot.json"
rm -r "$STORE/archive/$(id_of 9)"
run snap-put -s "$STORE" -k a=b large.json
is "with an attribute" "$(jq -c '[.attributes.a, (.threads | length)]' \
    "$STORE/archive/$(id_of 9)/snapshot.json")" '["b",300001]'

# A store is made where there is none, and one of one's own elsewhere.
sample 7 >snap.json
ok "a missing store is made" snap-put -s "$TRASH/fresh" snap.json
ok "with its states" test -d "$TRASH/fresh/pending"
run env COREPIPE_STORE="$TRASH/named" snap-put snap.json
ok "the environment names a store" test -d "$TRASH/named/archive/$(id_of 7)"

# Called wrongly.
for args in '' 'a b' '--frob x' '--attach-limit=x snap.json'; do
	# shellcheck disable=SC2086
	run snap-put -s "$STORE" $args
	is "called wrongly: $args" "$status" 100
	like "with the synopsis: $args" "$err" 'usage: snap-put'
done
ok "-h" snap-put -h
is "-V" "$(snap-put -V)" "snap-put 0.1.0"
run snap-put -s /proc/nosuch/store snap.json
is "a store that cannot be" "$status" 111
if test -w /dev/full; then
	sample 8 >snap.json
	snap-put -s "$STORE" snap.json >/dev/full 2>full.err
	is "an id that cannot be printed" "$?" 111
	ok "is a record all the same" test -d "$STORE/archive/$(id_of 8)"
else
	skip 2 "no /dev/full"
fi
finish
