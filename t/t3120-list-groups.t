#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# snap-list --group: how many, since when, and when.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

run snap-list -s "$STORE" --group
is "no groups" "$status" 1
run snap-list -s "$STORE" --group --json
is "in JSON" "$out" "[]"

for n in 0 1 2 3 4; do
	crash archive $n
done
crash archive 16 fingerprint='{"version":1,"signature":"a | b","strict":"1","loose":"77","weak":false}' \
    process.exe='"/bin/other"' process.uid=0
crash archive 8 fingerprint='{"version":1,"signature":"a | b","strict":"2","loose":"77","weak":false}' \
    process.exe='"/bin/other"'
mkdir "$STORE/pending/$(id_of 9)"

run snap-list -s "$STORE" --group
is "groups" "$status" 0
is "two lines each" "$(printf '%s\n' "$out" | wc -l)" 6
is "the largest first" "$(printf '%s\n' "$out" | sed -n 1p)" \
    "    5  2026-11-20 10:00  2026-11-20 10:04  █████▁▁▁▁▁▁▁▁▁▁▁  $(id_of 4 | cut -c1-13)"
is "what it is" "$(printf '%s\n' "$out" | sed -n 2p)" \
    "       aprog SIGSEGV  parse | main"
is "the next" "$(printf '%s\n' "$out" | sed -n 3p)" \
    "    2  2026-11-20 10:08  2026-11-20 10:16  ▁▁▁▁▁▁▁▁█▁▁▁▁▁▁█  $(id_of 16 | cut -c1-13)"
like "what has none" "$(printf '%s\n' "$out" | sed -n 6p)" 'no fingerprint'
is "80 columns at most" "$(printf '%s\n' "$out" | jq -Rr 'select(length > 80)')" ""

run snap-list -s "$STORE" --group --json
is "counts" "$(fields '.[].count')" "5 2 1"
is "values" "$(fields '.[].value')" "1005e 77 null"
is "first" "$(fields '.[1].first')" "2026-11-20T10:08:00.000000Z"
is "last" "$(fields '.[1].last')" "2026-11-20T10:16:00.000000Z"
is "the newest" "$(fields '.[1].newest')" "$(id_of 16)"
is "when" "$(fields '.[1].when | join(" ")')" "0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 1"
is "signatures" "$(fields '.[].signature')" "parse | main a | b null"

run snap-list -s "$STORE" --group=exe --json
is "by executable" "$(fields '.[] | .value, .count')" \
    "/usr/bin/aprog 5 /bin/other 2 null 1"
run snap-list -s "$STORE" --group=uid --filter=exe=* --json
is "by user, filtered" "$(fields '.[] | .value, .count')" "1000 6 0 1"
run snap-list -s "$STORE" --group=attributes.version --json
is "by an attribute" "$(fields '.[0] | .value, .count')" "1.2 7"
run snap-list -s "$STORE" --group=strict --json
is "by what only the snapshot has" "$(fields '[.[].count] | max')" 5
run snap-list -s "$STORE" --group=fingerprint.strict --json
is "by its whole name" "$(fields '[.[].count] | join(" ")')" "5 1 1 1"
run snap-list -s "$STORE" --group=host
like "in text: the value" "$out" '^ +box$'
run snap-list -s "$STORE" --group --csv
is "CSV" "$(printf '%s\n' "$out" | tr -d '\r' | sed -n 3p)" \
    "fingerprint,77,2,2026-11-20T10:08:00.000000Z,2026-11-20T10:16:00.000000Z,$(id_of 16),/bin/other,aprog,SIGSEGV,a | b,0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 1"
run snap-list -s "$STORE" --group -n 1 --json
is "-n" "$(fields length)" 1

# The bars cover what was asked for.
run snap-list -s "$STORE" --group=host --json --since=@1795168800 \
    --until=@1795170720
is "from --since to --until" "$(fields '.[0].when | join(" ")')" \
    "2 2 1 0 1 0 0 0 1 0 0 0 0 0 0 0"
for bad in '' "$(printf 'a\nb')"; do
	run snap-list -s "$STORE" --group="$bad"
	is "no attribute" "$status" 100
done
finish
