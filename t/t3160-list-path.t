#!/bin/sh
# SPDX-License-Identifier: ISC
# snap-list --path: what the other programs of the family find records with.
# shellcheck source=t/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=t/snap.sh
. "$SRC/t/snap.sh"
need_command jq

for state in new pending sending archive failed; do
	mkdir "$STORE/$state/$(id_of ${#state})"
	run snap-list -s "$STORE" --path "$(id_of ${#state})"
	is "a record in $state" "$out" "$STORE/$state/$(id_of ${#state})"
	rmdir "$STORE/$state/$(id_of ${#state})"
done
mkdir "$STORE/archive/$(id_of 1)" "$STORE/pending/$(id_of 2)"
run snap-list -s "$STORE" --path "$(id_of 2 | cut -c1-13)"
is "by a prefix" "$out" "$STORE/pending/$(id_of 2)"
run env COREPIPE_STORE="$STORE" snap-list --path "$(id_of 1)"
is "in the store of the environment" "$out" "$STORE/archive/$(id_of 1)"
cd "$STORE/.." || exit 1
run snap-list -s store --path "$(id_of 1)"
is "the path is absolute" "$out" "$STORE/archive/$(id_of 1)"
run snap-list -s "$STORE" --path 01a
is "an ambiguous prefix is a no" "$status" 1
is "without a path" "$out" ""
like "with the candidates" "$err" "$(id_of 1)"
like "both of them" "$err" "$(id_of 2)"
run snap-list -s "$STORE" --path 01b
is "no record is a no" "$status" 1
is "without a path" "$out" ""
for bad in '' ../x / . .. "$(printf '0\n1')" 'G' '01A' "$(id_of 1)0" \
    "$(id_of 1)/.." '01a1f8666' '*' ' ' '01a ' "$(printf '01a\n')x" \
    "$(head -c 4096 /dev/zero | tr '\0' 0)" "$(printf '\377')"; do
	run snap-list -s "$STORE" --path "$bad"
	is "what cannot begin an id" "$status" 100
	is "has no path" "$out" ""
done
mkdir "$STORE/archive/x" "$STORE/archive/.$(id_of 3)"
ln -s / "$STORE/archive/$(id_of 4)"
run snap-list -s "$STORE" --path 01a1f869-b
is "a link that is named as a record is none" "$status" 1
ok "an index is not needed, nor made" test ! -e "$STORE/index.db"
finish
