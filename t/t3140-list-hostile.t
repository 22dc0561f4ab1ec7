#!/bin/sh
# SPDX-License-Identifier: ISC
# Names that a crashed program chose, and records that cannot be read: the
# list goes on, nothing runs, nothing reaches the terminal.
# shellcheck disable=SC2016
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

crash archive 1
n=2
# jq strings: newline, escape sequences, quotes, commands, SQL, direction marks.
for name in '"a\nb"' '"\u001b]0;x\u0007\u001b[2J"' '"\u009b31m"' \
    '"$(touch pwned)`touch pwned`"' '"a\"b'"'"'c\\"' \
    '"x'"'"'); DROP TABLE record; --"' '"-rf"' '"--help"' '""' '" "' \
    '"\u202eg\u200bnp\u00ad.exe"' '"%s%n%s"' '"a\tb\rc"' '"../../etc/passwd"' '"*"'; do
	crash archive $n process.comm="$name" process.exe="$name" cause="$name" \
	    host="$name" fingerprint.signature="$name" process.unit="$name" \
	    attributes="{\"note\":$name}"
	n=$((n + 1))
done
run snap-list -s "$STORE" --select=note
is "hostile names are listed" "$status" 0
is "a line each" "$(printf '%s\n' "$out" | wc -l)" 16
ok "no control reaches the terminal" sh -c \
    'test -z "$(tr -d "\n" <run.out | tr -d "\040-\176\200-\377")"'
like "they are escaped" "$out" 'a\\nb'
like "as one escapes them" "$out" '\\e\]0;x\\x07'
unlike "nor a C1 control" "$out" "$(printf '\302\233')"
unlike "nor a direction mark" "$out" "$(printf '\342\200\256')"
unlike "nor what nobody sees" "$out" \
    "$(printf '\342\200\213')|$(printf '\302\255')"
run snap-list -s "$STORE" --group
is "hostile groups" "$status" 0
ok "no control reaches the terminal" sh -c \
    'test -z "$(tr -d "\n" <run.out | tr -d "\040-\176\200-\377")"'
run snap-list -s "$STORE" --json
is "JSON says them exactly" "$(fields '.[-2].comm | tojson')" '"a\nb"'
is "each" "$(fields '.[-3].exe | tojson')" '"\u001b]0;x\u0007\u001b[2J"'
run snap-list -s "$STORE" --json -- "x'); DROP TABLE record; --"
is "bound, not pasted" "$(fields length)" 1
run snap-list -s "$STORE" --json -- -rf
is "a name that looks like an option" "$(fields length)" 1
run snap-list -s "$STORE" --json --filter="comm=a\"b'c\\"
is "in a filter" "$(fields length)" 1
run snap-list -s "$STORE" --json --select="x'; DROP TABLE record; --"
is "in --select" "$(fields length)" 16
run snap-list -s "$STORE" --json --group="x') FROM attribute; --"
is "in --group" "$(fields '.[0].count')" 16
run snap-list -s "$STORE" --json --filter="x') OR 1=1 --=5"
is "in the key of a filter" "$(fields length)" 0
ok_no "nothing ran" 1 test -e pwned

# Records that cannot be read.
good=$n
# broken FILE: the content of the file "bytes" as FILE of the next record.
broken()
{
	mkdir "$STORE/archive/$(id_of $n)"
	mv bytes "$STORE/archive/$(id_of $n)/$1"
	n=$((n + 1))
}
printf '{"version":1' >bytes && broken snapshot.json
: >bytes && broken snapshot.json
echo '[1,2]' >bytes && broken snapshot.json
echo '{}' >bytes && broken snapshot.json
head -c 10000 /dev/urandom >bytes && broken snapshot.json
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[" }' >bytes &&
    broken snapshot.json
printf '{"version":1,"cause":"\377"}' >bytes && broken snapshot.json
printf '{"version":99999999999999999999999}' >bytes && broken snapshot.json
printf '{"version":1' >bytes && broken meta.json
unreadable=$((n - good))
# Right as JSON, wrong in every field.
printf '{"version":1,"id":{},"time":17,"process":[],"signal":"x","cause":{},
  "fingerprint":null,"attributes":[1],"threads":5,"host":["a"],
  "message":3}' >bytes && broken snapshot.json
printf '{"version":1,"time":"9999-99-99T99:99:99Z","process":{"pid":"1",
  "uid":-1,"comm":7},"signal":{"number":99999999999},
  "attributes":{"a":{"b":1}}}' >bytes && broken snapshot.json
printf '{"version":1,"cause":"a\\u0000b","attributes":{"\\u0001":"\\u0000"}}' \
    >bytes && broken snapshot.json
jq -nc '{version: 1, cause: ("x" * 1000000), attributes: {big: ("é" * 100000)},
    process: {comm: ("é" * 5000)}}' >bytes && broken snapshot.json
jq -nc '{version: 1, attributes: ([range(5000)] | map({key: "k\(.)",
    value: .}) | from_entries)}' >bytes && broken snapshot.json
for what in fifo dir link; do
	mkdir "$STORE/archive/$(id_of $n)"
	case $what in
	fifo)	mkfifo "$STORE/archive/$(id_of $n)/snapshot.json" ;;
	dir)	mkdir "$STORE/archive/$(id_of $n)/snapshot.json" ;;
	link)	ln -s "$STORE/archive/$(id_of 1)/snapshot.json" \
		    "$STORE/archive/$(id_of $n)/snapshot.json" ;;
	esac
	n=$((n + 1))
	unreadable=$((unreadable + 1))
done
ln -s "$(id_of 1)" "$STORE/archive/$(id_of $n)"
mkfifo "$STORE/archive/$(id_of $((n + 1)))"

run timeout 20 snap-list -s "$STORE"
is "unreadable records do not stop the list" "$status" 0
is "every directory is a line" "$(printf '%s\n' "$out" | wc -l)" $((n - 1))
is "the unreadable say so" "$(printf '%s\n' "$out" | grep -c 'unreadable ')" \
    "$unreadable"
ok "no control reaches the terminal" sh -c \
    'test -z "$(tr -d "\n" <run.out | tr -d "\040-\176\200-\377")"'
run snap-list -s "$STORE" --json
is "JSON says what is wrong" \
    "$(fields '[.[] | select(.problem != null)] | length')" "$unreadable"
is "with the time of the id" "$(fields '[.[].time] | unique | length')" \
    $((n - 1))
is "fields are cut" "$(fields '[.[] | .cause // "" | utf8bytelength] | max')" 4096
run snap-list -s "$STORE" --json --select=big
is "attributes too" "$(fields '[.[] | .big // "" | utf8bytelength] | max')" 65536

# A very large snapshot is read, and one that ends in the middle is not.
large=$(id_of 100)
mkdir "$STORE/archive/$large"
{
	printf '{"version":1,"threads":['
	awk 'BEGIN { for (i = 0; i < 300000; i++) print \
	    "{\"a\":\"]}\\\"[\",\"frames\":[{\"pc\":\"0x1\"}]},"; print "1]," }'
	printf '"cause":"a large one","attributes":{"x":"y"}}'
} >bytes
cp bytes "$STORE/archive/$large/snapshot.json"
ok "(it is large)" test "$(wc -c <bytes)" -gt 8388608
run snap-list -s "$STORE" --json --select=x "$large"
is "a large snapshot is read" "$(fields '.[0] | .cause, .x, .problem')" \
    "a large one y null"
head -c 8500000 bytes >"$STORE/archive/$large/snapshot.json"
run snap-list -s "$STORE" --json "$large"
like "half of one is not" "$(fields '.[0].problem')" '^unreadable snapshot'

# Damage is mended when the record is.
id=$(id_of "$good")
sample "$good" >new.json
mv new.json "$STORE/archive/$id/snapshot.json"
run snap-list -s "$STORE" --json "$id"
is "a snapshot made again is read" "$(fields '.[0].comm')" aprog
finish
