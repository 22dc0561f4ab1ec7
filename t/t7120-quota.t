#!/bin/sh
# SPDX-License-Identifier: ISC
# CVE-2022-28653: a user whose programs crash without end fills the disk, or
# pushes out what others have. With the settings as they come: ever other
# crashes, each with a core that does not shrink.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_root
need_command jq setpriv mount flock
arm
# A tenth of it for all records, a quarter of that for a user.
mount -t tmpfs -o mode=755,size=160M tmpfs "$STORE" || skip_all "no mounts here"
at_exit "wait_for 15 umount '$STORE'"
mkdir "$ARMED/bin"
attacker=64031 victim=64032

as()
{
	local uid="$1"
	shift
	setpriv "--reuid=$uid" "--regid=$uid" --clear-groups "$@" \
	    >/dev/null 2>&1 </dev/null
}
# another NAME SOURCE: a program that has not been seen before.
another()
{
	cp "$BUILD/t/$2" "$ARMED/bin/$1"
}
listed()
{
	snap-list --json | jq -r "[.[] | select(.uid == $1)] | $2"
}

another first wreck
as $victim "$ARMED/bin/first" null
settle
n=0
while test "$n" -lt 12; do
	another "flood$n" mapper
	as $attacker "$ARMED/bin/flood$n" 2M 2M
	n=$((n + 1))
done
settle
sweep
used=$(du -sk "$STORE" | cut -f 1)
echo "# $used KiB used of 163840"
ok "the store is within a tenth of the disk" test "$used" -le 16384
is "every crash has a record" "$(listed $attacker length)" 12
like "the ones without a whole core say that it was for the room" \
    "$(find "$STORE/archive" -name meta.json -exec jq -r .core.reason {} + |
    grep -v '^null' | sort -u)" "^stacks only: the records of user $attacker take"
is "another user's record is there" "$(listed $victim '.[0].core')" present
another second wreck
as $victim "$ARMED/bin/second" null
settle
is "and another one has its core kept whole" \
    "$(find "$STORE/archive" -name meta.json -exec jq -r \
    'select(.comm == "second").core.kind' {} +)" full
as $attacker sh -c 'exec "$1" null' - "$ARMED/bin/first"
settle
is "a crash of the same program of the first user" "$(listed $attacker length)" 13
is "takes nothing away from that of the other" "$(listed $victim \
    '[.[].core] | join(" ")')" "present present"
finish
