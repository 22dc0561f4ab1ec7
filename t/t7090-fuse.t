#!/bin/sh
# SPDX-License-Identifier: ISC
# A FUSE server crashes, with a file below its own mount mapped as code, open,
# and as its working directory. Whoever touches that file waits for ever: a
# handler that does never lets go.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq umount
need_root
test -c /dev/fuse || skip_all "no /dev/fuse here"
grep -qw fuse /proc/filesystems || skip_all "no FUSE in this kernel"
arm log=none unwind_timeout=20
cd "$ARMED" || exit 1
mkdir mnt over
at_exit "umount -l '$ARMED/mnt' 2>/dev/null"
abort_connection()
{
	local dev
	dev=$(awk -v at="$ARMED/mnt" '$5 == at { sub(/.*:/, "", $3); print $3 }' \
	    /proc/self/mountinfo)
	if test -n "$dev"; then
		echo 1 >"/sys/fs/fuse/connections/$dev/abort"
	fi
}
mountpoint -q /sys/fs/fuse/connections || {
	mount -t fusectl fusectl /sys/fs/fuse/connections
	at_exit 'umount /sys/fs/fuse/connections'
}
at_exit abort_connection
at_exit "kill \$(cat '$ARMED/out') 2>/dev/null"
# Nobody that it leaves behind holds the lock.
"$BUILD/t/attack-fuse" "$ARMED/mnt" "$BUILD/t/wreck" >out 2>err 9>&- &
pid=$!
released()
{
	! test -d "/proc/$pid" || grep -q '^State:.Z' "/proc/$pid/status"
}
ok "FUSE: the server is let go" wait_for 15 released
released || abort_connection
wait "$pid" 2>/dev/null
test "$?" -eq 139 || { cat err >&2; }
record=$(record_of "$pid") || record=$ARMED/none
is "FUSE: there is a record, of the whole core" \
    "$(jq -r .core.complete "$record/meta.json" 2>&1)" true
is "FUSE: and a report" "$(jq -r '[.threads[] | select(.crashed) |
    .frames[0].function] | join(" ")' "$record/snapshot.json" 2>&1)" strike
unlike "FUSE: no stage had to be ended" "$(cat "$record/log")" \
    'at its deadline'
like "FUSE: its directory was told by name alone" \
    "$(cat "$record/proc/cwd" 2>&1)" '/mnt$'
ok "FUSE: it is said of the module" sh -c \
    "cat '$record/meta.json' '$record/snapshot.json' | grep -q mnt/prog"

# A server that says nothing at all: no signal that is caught ends who waits.
exec 5<>/dev/fuse
mkdir silent
if mount -i -n -t fuse -o fd=5,rootmode=40000,user_id=0,group_id=0 none silent
then
	at_exit "umount -l '$ARMED/silent' 2>/dev/null"
	core-save --timeout=1 -o silent/x </dev/null >/dev/null 2>&1 5<&- &
	saver=$!
	ok "FUSE: core-save ends by its deadline" wait_for 20 eval \
	    "! kill -0 $saver 2>/dev/null || grep -q '^State:.Z' /proc/$saver/status"
	umount -l silent
else
	skip 1 "it cannot be mounted"
fi
exec 5<&-

# Below an overlay, of a kind that answers, which any user may mount. Of a mount
# in its own namespace the connection is not known here: it ends with its holder.
kill "$(cat out)" 2>/dev/null
if ! unshare -Urm sh -c "mount -t tmpfs none '$ARMED/over' &&
    mkdir '$ARMED/over/u' '$ARMED/over/w' && mount -t overlay none \
    -o lowerdir=/usr,upperdir='$ARMED/over/u',workdir='$ARMED/over/w' \
    '$ARMED/mnt'" 2>/dev/null
then
	skip 4 "a user may mount no overlay here"
	finish
	exit
fi
unshare -Urm "$BUILD/t/attack-fuse" "$ARMED/mnt" "$BUILD/t/wreck" \
    "$ARMED/over" >out 2>err 9>&- &
pid=$!
ok "overlay: the server is let go" wait_for 15 released
ok "overlay: there is a record in time" wait_for 40 sh -c \
    "grep -q '\"pid\":$pid,' '$STORE'/archive/*/meta.json"
record=$(record_of "$pid") || record=$ARMED/none
kill "$(cat out)" 2>/dev/null
wait "$pid" 2>/dev/null
test "$?" -eq 139 || { cat err >&2; }
is "overlay: of the whole core" \
    "$(jq -r .core.complete "$record/meta.json" 2>&1)" true
like "overlay: it is said of the module" \
    "$(jq -r '.missing[]' "$record/meta.json")" \
    "modules: 'prog.*has not answered"
finish
