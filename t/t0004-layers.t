#!/bin/sh
# SPDX-License-Identifier: ISC
# Who includes whom goes one way: the directories of core-unwind in the order
# that core-unwind.c lists them, and lib/ nothing but itself.

. "$(dirname "$0")/lib.sh"
plan 5

cd "$SRC/bin/core-unwind" || exit 1
order=$(sed -n '/^ \* Its directories/,/^ \*\//s/^ \*	\([a-z]*\)	.*/\1/p' \
    core-unwind.c)
is "each directory is listed" "$(printf '%s\n' "$order" | sort)" \
    "$(find . -mindepth 1 -type d -printf '%f\n' | sort)"
like "in an order" "$(printf '%s\n' "$order" | paste -sd ' ' -)" \
    '^target .*frame .*report$'

later=" $(printf '%s\n' "$order" | paste -sd ' ' -) "
for dir in $order; do
	later=${later#* "$dir"}
	for other in $later; do
		grep -n "^#include \"$other/" "$dir"/*.[ch]
	done
done >"$TRASH/upwards"
is "none includes a later one" "$(cat "$TRASH/upwards")" ""

is "what knows no frames knows no crash" \
    "$(grep -l '"crash\.h"' target/*.[ch] module/*.[ch] symbol/*.[ch])" ""

cd "$SRC/lib" || exit 1
sed -n 's/^#include "\(.*\)"$/\1/p' ./*.[ch] | sort -u |
    while read -r header; do
	test -f "$header" || echo "$header"
done >"$TRASH/foreign"
is "lib/ includes nothing of a program's" "$(cat "$TRASH/foreign")" ""
