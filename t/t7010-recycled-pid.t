#!/bin/sh
# SPDX-License-Identifier: ISC
# Kill-and-replace: whoever crashed dies while the handler reads, and another
# process has its number. The crash is A's; SECRET-OF-B is in B's command line.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"

need_root
need_command jq getfacl
test -r /proc/self/fdinfo/0 || skip_all "no /proc"
mkcore >core

# swap_everywhere USER-A USER-B ARGUMENT...: a swap before each system call of
# core-save, or each $step-th, from the first that names A on, until it has ended
# before.
step=1
swap_everywhere()
{
	local a="$1" b="$2" n=1 runs=0
	shift 2
	rm -rf store
	while test "$n" -lt 1000; do
		runs=$((runs + 1))
		attack-swap "$n" "$a" "$b" core-save -P @ -d store "$@" \
		    -k uid="${a%+}" -k signal=11 <core >swap.out 2>swap.err
		grep -q '^swapped' swap.err || break
		n=$((n + step))
	done
	swaps=$((runs - 1))
	test "$(find store -name meta.json | wc -l)" -eq "$runs" ||
	    fail "$runs crashes, but not as many records"
}

# What of B, and of A, the owners of the records may read.
of_b()
{
	grep -rl SECRET-OF-B store
}

mixed()
{
	for record in store/*/*/; do
		test -d "$record/proc" || continue
		grep -q SECRET-OF-A "$record/proc/cmdline" || echo "$record"
	done
}

owners()
{
	cat store/*/*/meta.json | jq .owner | sort -u | paste -sd ' ' -
}

others_reach()
{
	getfacl -Rpn store 2>/dev/null | grep -E "^user:$1:"
}

swap_everywhere 65534 65534 -F 3 -k dumpable=1 --owner=65534
ok "CVE-2020-15702: A and B are of one user: swapped at every call" \
    test "$swaps" -gt 40
is "CVE-2020-15702: nothing of B is in any record" "$(of_b)" ""
is "CVE-2019-15790: a record has A's /proc or none" "$(mixed)" ""
is "CVE-2020-15702: those that were swapped are root's, the last is A's" \
    "$(owners)" "0 65534"
is "CVE-2020-15702: the core is kept each time" \
    "$(find store -name core.zst -size +0 | wc -l)" $((swaps + 1))

step=3
swap_everywhere 65534 0 -F 3 -k dumpable=1 --owner=65534
is "CVE-2019-15790: B is root's: nothing of it is in any record" "$(of_b)" ""
is "CVE-2019-15790: a record has A's /proc or none" "$(mixed)" ""

swap_everywhere 65534+ 65534 -F 3 -k dumpable=2 --owner=0
ok "CVE-2025-4598: A is setuid, B is the user's: swapped at many calls" \
    test "$swaps" -gt 13
is "CVE-2025-4598: nothing of B is in any record" "$(of_b)" ""
is "CVE-2025-4598: each is root's" "$(owners)" 0
is "CVE-2025-4598: and nobody else is let in" "$(others_reach 65534)" ""

# The one who calls is wrong, or made wrong: %d decides all the same.
swap_everywhere 65534+ 65534 -F 3 -k dumpable=2 --owner=65534
is "CVE-2013-2929: dumpable 2 is root's, whoever is named" "$(owners)" 0
is "CVE-2013-2929: and nobody else is let in" "$(others_reach 65534)" ""

# A kernel without %F.
swap_everywhere 65534 65534+ -k dumpable=1 --owner=65534
is "CVE-2019-15790: no pidfd, B is setuid: a user is given nothing of it" \
    "$(of_b | while IFS= read -r file; do
	getfacl -pn "$file" | grep '^user:65534'
    done)" ""
swap_everywhere 65534 0 -k dumpable=1 --owner=65534
is "CVE-2019-15790: no pidfd, B is root's: nothing of it" "$(of_b)" ""

# The pidfd of one, the number of the other.
attack-swap 0 65534 65534 core-save -P $$ -F 3 -k uid=0 -k dumpable=1 \
    --owner=65534 -d other <core >swap.out 2>swap.err
is "CVE-2020-15702: another's pidfd: status" $? 1
is "CVE-2020-15702: another's pidfd: root's, no /proc" \
    "$(jq .owner other/pending/*/meta.json) $(names other/pending/*/)" \
    "0 core.zst meta.json "
finish
