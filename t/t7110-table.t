#!/bin/sh
# SPDX-License-Identifier: ISC
# The table of SECURITY.md and the tests say the same: a test that is named
# there has the attack's number in a description, what has no test has a
# reason, and no test's number is missing from the table.
. "$(dirname "$0")/lib.sh"
number='(CVE-[0-9]+-[0-9]+|LP[0-9]{6,}|rhbz#[0-9]+|ABRT#[0-9a-z]+|oracle-linux#[0-9]+|libdw#[0-9]+)'
sed -n '/^| attack/,/^$/p' "$SRC/SECURITY.md" | sed 1,2d >rows
ok "there is a table" test "$(grep -c '^|' rows)" -gt 40
wrong=
while IFS='|' read -r _ attack tests reason _; do
	hits=0
	for test in $(printf '%s\n' "$tests" | grep -oE 't[0-9]{4}'); do
		file=$(echo "$SRC/t/$test"-*.t)
		for id in $(printf '%s\n' "$attack" | grep -oE "$number"); do
			# shellcheck disable=SC2086 # two tests may share a number
			grep -qwF -- "$id" $file && hits=$((hits + 1))
		done
		# shellcheck disable=SC2086
		cat $file >/dev/null || wrong="$wrong $test"
	done
	case $attack in
	*CVE-* | *ABRT* | *LP* | *rhbz* | *-linux*) ;;
	*) hits=$((hits + 1)) ;;
	esac
	test "$hits" -gt 0 || test -n "${reason# }" ||
	    wrong="$wrong [$attack]"
done <rows
is "each row has a test of its number, or a reason" "$wrong" ""
unnamed=
# shellcheck disable=SC2013 # a number is a word
for id in $(grep -rhoE "$number" "$SRC"/t/t7*.t "$SRC"/t/t1050*.t |
    sort -u); do
	grep -qwF -- "$id" "$SRC/SECURITY.md" || unnamed="$unnamed $id"
done
is "each number of a test is in the table" "$unnamed" ""
# A number that has neither.
lost=
# shellcheck disable=SC2013 # a number is a word
for id in $(grep -oE "$number" rows | sort -u); do
	grep -rqwF -- "$id" "$SRC/t" ||
	    grep -wF -- "$id" rows | grep -qE '\| [^|]*[a-z][^|]* \|$' ||
	    lost="$lost $id"
done
is "each number of the table is in a test, or has a reason" "$lost" ""
finish
