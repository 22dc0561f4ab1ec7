#!/bin/sh
# SPDX-License-Identifier: ISC
# Processes that are large where a handler may be small, and their environment,
# which is nobody's business.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq setpriv prlimit
arm log=none
cd "$ARMED" || exit 1
cp "$BUILD/t/attack-crash" a-large
user=64011

# bounded WHAT ARG...: dies so, and what is written of it is small and whole.
bounded()
{
	local what="$1"
	shift
	rm -rf "$STORE"/archive/*
	# shellcheck disable=SC2086
	die prlimit $limit setpriv --reuid=$user --regid=$user --clear-groups ./a-large "$@"
	is "$what: it died of it" "$died" 139
	record=$(record_of "$pid") || record=$ARMED/none
	is "$what: whose it is" "$(jq -c '[.owner, .core.complete]' \
	    "$record/meta.json" 2>&1)" "[$user,true]"
	is "$what: the function" \
	    "$(jq -r '.threads[0].frames[0].function' \
	    "$record/snapshot.json" 2>&1)" strike
	ok "$what: meta.json, snapshot.json and the log are bounded" \
	    test "$(cat "$record/meta.json" "$record/snapshot.json" \
	    "$record/log" | wc -c)" -lt 2000000
	ok "$what: each file of proc/ is" \
	    test -z "$(find "$record/proc" -size +8193k)"
	ok "$what: it is listed, on a line" \
	    test "$(snap-list | grep -c a-large)" = 1
}
limit=--stack=unlimited
bounded "CVE-2018-16864: 6 MB of arguments" -a 6000000
like "CVE-2018-16864: it is said that they are cut" \
    "$(jq -r '.missing[]' "$record/meta.json")" 'cmdline: cut'
limit=
bounded "CVE-2025-4598: argv[0] of 128 KiB" -z 131000
big=$(head -c 100000 /dev/zero | tr '\0' x)
bounded "CVE-2018-16864: arguments of 100 KB each" -- "$big" "$big" "$big"
# Where even root may not have so many, as many as may be.
limit=--nofile=200000
many=100000
# shellcheck disable=SC2086
if ! prlimit $limit true 2>/dev/null; then
	limit=
	many=$(($(prlimit --nofile --noheadings --raw -o HARD) - 200))
	echo "# no more than $many descriptors here" >&2
fi
bounded "CVE-2018-16865: $many descriptors" -f "$many"
if test "$many" -lt 100000; then
	is "CVE-2018-16865: (they are all listed)" \
	    "$(wc -l <"$record/proc/fds" | awk -v n="$many" '{ print ($1 > n) }')" 1
else
	like "CVE-2018-16865: it is said that they are cut" \
	    "$(jq -r '.missing[]' "$record/meta.json")" 'fds: cut'
fi
limit=
bounded "CVE-2022-45873: 60,000 mappings" -m 60000
limit=--stack=unlimited
bounded "CVE-2022-45873, ABRT#896: 200,000 frames" -R 200000
like "CVE-2022-45873: most of them are left out" \
    "$(jq '.threads[0].omitted' "$record/snapshot.json")" '^1[0-9]{5}$'


# What passwords are in. It is in the core, and in nothing else, a register that
# points at it or not.
rm -rf "$STORE"/archive/*
for how in -e --; do
	cp a-large a-secretive
	die env -i A_TOKEN=SECRET-OF-THE-ENVIRONMENT ./a-secretive $how
	record=$(record_of "$pid") || record=$ARMED/none
	ok "CVE-2012-0950: (the environment is in the core)" sh -c \
	    "zstd -qdc '$record/core.zst' | grep -qa SECRET-OF-THE-E"
	is "CVE-2012-0950: but in no other file ($how)" "$(
	    find "$record" -type f ! -name core.zst \
	    -exec grep -laE 'SECRET-OF|A_TOKEN' {} + |
	    sed "s|.*/||" | paste -sd ' ' -)" ""
	rm -rf "$record"
done
finish
