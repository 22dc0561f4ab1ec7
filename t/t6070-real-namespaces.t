#!/bin/sh
# SPDX-License-Identifier: ISC
# A program in its own PID, mount and user namespaces, and one whose executable
# exists only inside them.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd unshare
unshare -Urpfm --mount-proc true 2>/dev/null ||
    skip_all "no user namespaces here"
arm_tee
exe=$BUILD/t/wreck

die unshare -Urpfm --mount-proc "$exe" null
record=$(record_like '.comm == "wreck"')
pid=$(jq .pid "$record/meta.json")
about_record unshared 11 SIGSEGV wreck "$exe" die_null
the_core unshared "$pid"
the_frames unshared "$ARMED/ours.$pid" "$exe" "$record/snapshot.json"
is "unshared: the pid is the host's, ns_pid the one inside" \
    "$(jq -c '[.pid > 1, .ns_pid]' "$record/meta.json")" '[true,1]'
ns()
{
	jq -r ".namespaces.$1 | tostring" "$record/meta.json" | tr -dc '0-9'
}
for n in pid mnt user; do
	unlike "unshared: its $n namespace is not ours" "$(ns "$n")" \
	    "^($(readlink "/proc/self/ns/$n" | tr -dc 0-9))?\$"
done
is "unshared: its net namespace is ours" "$(ns net)" \
    "$(readlink /proc/self/ns/net | tr -dc 0-9)"

# The host has another file at that path.
mkdir "$ARMED/inside"
echo "the host's" >"$ARMED/inside/hidden"
die unshare -m sh -c "mount -t tmpfs none $ARMED/inside &&
    cp $exe $ARMED/inside/hidden && exec $ARMED/inside/hidden null"
the_record "hidden executable" "$pid" 11 SIGSEGV hidden \
    "$ARMED/inside/hidden" die_null
the_core "hidden executable" "$pid"
the_frames "hidden executable" "$ARMED/ours.$pid" "$exe" \
    "$record/snapshot.json"
finish
