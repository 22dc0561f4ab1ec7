#!/bin/sh
# SPDX-License-Identifier: ISC
# A setuid program run by another user, which the kernel gives to root alone
# (fs.suid_dumpable=2), beside the same user's own crash, which is theirs.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command gdb jq zstd setpriv
arm_tee
echo 2 >/proc/sys/fs/suid_dumpable
cd "$ARMED" || exit 1
exe=$ARMED/suid
cp "$BUILD/t/wreck" suid
chmod 4755 suid

as_user()
{
	HOME=/nonexistent as_nobody "$@"
}

# Whatever a user may read of a record, by its exact path.
readable()
{
	for f in core.zst meta.json snapshot.json report.txt log proc/maps \
	    proc/status; do
		as_user test -r "$1/$f" && printf '%s ' "$f"
	done
}

die as_user "$exe" null
pid=$(jq -s '.[] | select(.exe == "'"$exe"'").pid' \
    "$(record_like '.comm == "suid"')/meta.json")
the_whole setuid "$pid" 11 SIGSEGV suid "$exe" die_null
setuid=$record
is "setuid: the kernel said dumpable 2" \
    "$(jq .dumpable "$record/meta.json")" 2
is "setuid: root owns the record" "$(jq .owner "$record/meta.json")" 0
is "setuid: who ran it is recorded" "$(jq .uid "$record/meta.json")" 65534
is "setuid: that user reads nothing of it" "$(readable "$setuid")" ""

die as_user "$BUILD/t/wreck" null
own=$(record_like '.comm == "wreck"')
is "own: the kernel said dumpable 1" "$(jq .dumpable "$own/meta.json")" 1
is "own: the user owns the record" "$(jq .owner "$own/meta.json")" 65534
if setfacl --version >/dev/null 2>&1 || command -v getfacl >/dev/null ||
    as_user test -r "$own/meta.json"; then
	like "own: and reads it" "$(readable "$own")" \
	    '^core.zst meta.json snapshot.json report.txt .*proc/maps'
else
	skip 1 "no ACLs here"
fi

is "the user lists one crash, the own one" \
    "$(as_user env COREPIPE_STORE="$STORE" snap-list --json |
    jq -r '[.[].id] | join(" ")')" "${own##*/}"
is "root lists both" \
    "$(snap-list --json |
    jq '[.[] | select(.comm == "suid" or .comm == "wreck")] | length')" 2
unlike "and nothing tells the user of the other" \
    "$(as_user env COREPIPE_STORE="$STORE" snap-list "${setuid##*/}" 2>&1
    as_user ls -R "$STORE" 2>/dev/null)" "suid"
finish
