#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs that hold what their user may not see: each dies by a user's hand,
# through the real core_pattern, and is root's alone in files, list and report.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq setpriv setcap getfacl
arm log=kmsg
# As most machines have it: the kernel's log is for all to read.
restricted=$(cat /proc/sys/kernel/dmesg_restrict)
at_exit "echo $restricted >/proc/sys/kernel/dmesg_restrict"
echo 0 >/proc/sys/kernel/dmesg_restrict
cd "$ARMED" || exit 1
user=64011
other=64012
mkdir -m 1777 etc run
mkdir -m 755 bin

as()
{
	local uid="$1"
	shift
	setpriv --reuid="$uid" --regid=64010 --clear-groups \
	    env -C "$ARMED/etc" HOME=/nonexistent COREPIPE_STORE="$STORE" "$@"
}

# from ACCESS NAME: the crasher as such a program.
from()
{
	cp "$BUILD/t/attack-crash" "bin/$2"
	case $1 in
	setuid) chmod 4755 "bin/$2" ;;
	setgid) chgrp 64013 "bin/$2" && chmod 2755 "bin/$2" ;;
	caps) setcap cap_net_raw+ep "bin/$2" ;;
	unreadable) chmod 711 "bin/$2" ;;
	esac
}

# readable UID DIR: what of all that is in DIR that user may read, by its name.
readable()
{
	# shellcheck disable=SC2016 # for the shell inside
	find "$2" -print0 | as "$1" xargs -0 sh -c \
	    'for f; do if test -r "$f"; then echo "$f"; fi; done' sh
}

# what every user may learn of the record: nothing.
is_roots()
{
	local what="$1" comm="$2" want="$3" leaks

	record=$(record_like ".comm == \"$comm\"") || record=$ARMED/none
	is "$what: dumpable and owner" \
	    "$(jq -c '[.dumpable, .owner]' "$record/meta.json" 2>&1)" "$want"
	leaks=$(for uid in $user $other; do
		readable "$uid" "$record"
		as "$uid" snap-list --json | grep -o "$comm"
		as "$uid" snap-list "${record##*/}"
		as "$uid" snap-show "${record##*/}"
		as "$uid" snap-get "${record##*/}" core
		as "$uid" ls -R "$STORE" | grep -F "${record##*/}"
	done 2>/dev/null)
	is "$what: its user and another see nothing of it" "$leaks" ""
	is "$what: no ACL in it, nor a mark" "$(getfacl -Rpn "$record" 2>&1 |
	    grep -E '^(default:)?(user|group):[0-9]|No such'
	    find "$STORE/owner" -name "${record##*/}")" ""
	settle
	is "$what: the kernel's log does not name it" \
	    "$(dmesg | grep 'corepipe: ' | grep -F "${record##*/}" |
	    sed 's/.*corepipe: //' | sort -u)" \
	    "${record##*/}: a crash of which only root is told more"
	is "$what: root sees it" \
	    "$(snap-list --json | jq -r '.[].comm' | grep -cx "$comm")" 1
}

echo 2 >/proc/sys/fs/suid_dumpable
for how in setuid setgid caps unreadable; do
	from $how a-$how
	case $how in
	setuid) bug=CVE-2022-4415 ;;
	setgid) bug=CVE-2012-1106 ;;
	caps) bug=CVE-2022-4415 ;;
	unreadable) bug=CVE-2015-1324 ;;
	esac
	die as $user ../bin/a-$how
	is_roots "$bug: a $how program" "a-$how" '[2,0]'
done

# A daemon of root's that became the user, who kills it when he likes.
cp "$BUILD/t/attack-crash" bin/a-daemon
env -C etc ../bin/a-daemon -u $user -w "$ARMED/run/pid" &
daemon=$!
wait_for 10 test -s run/pid || echo "# no daemon" >&2
is "CVE-2025-4598: the daemon is the user's for kill" \
    "$(as $user kill -SEGV "$daemon" && echo yes)" yes
wait "$daemon" 2>/dev/null
is_roots "CVE-2025-4598: a daemon that did setresuid" "a-daemon" '[2,0]'

# It keeps what it read as root in mind: this is what must not be seen.
ok "CVE-2025-4598: (the secret is in the core)" sh -c \
    "zstd -qdc '$record/core.zst' | grep -q SECRET-OF-THE-MEMORY"
is "CVE-2013-1067: each file of it, whatever the umask was" \
    "$(find "$record" -type f -perm /007 -o -type d -perm /007)" ""
is "CVE-2013-1067: the core" "$(stat -c '%a %u' "$record/core.zst")" "600 0"
is "CVE-2015-1324, CVE-2006-2451, CVE-2017-14177: nothing is written where they ran" \
    "$(ls -A etc)" ""

# A user asks for it: what PR_SET_DUMPABLE says is what counts.
cp "$BUILD/t/attack-crash" bin/a-silent
before=$(find "$STORE" -name meta.json | wc -l)
die as $user ../bin/a-silent -D 0
is "PR_SET_DUMPABLE(0): it dies all the same" "$died" 139
cp "$BUILD/t/attack-crash" bin/a-plain

# Beside them his own, which is his, and a neighbour of the same group's.
umask 000
die as $user ../bin/a-plain
own=$(record_like '.comm == "a-plain"')
settle
is "PR_SET_DUMPABLE(0): and is not handled" \
    "$(find "$STORE" -name meta.json | wc -l)" $((before + 1))
is "his own: dumpable and owner" \
    "$(jq -c '[.dumpable, .owner]' "$own/meta.json")" "[1,$user]"
ok "his own: he reads the core" as $user test -r "$own/core.zst"
ok "his own: and the report" as $user test -r "$own/report.txt"
is "CVE-2025-5467: one of the same group reads nothing" \
    "$(readable $other "$own")" ""
is "CVE-2025-5467: nor lists it" "$(as $other snap-list --json)" "[]"
is "CVE-2025-5467: the ACL is for one user and for no group" \
    "$(getfacl -Rpn "$own" 2>/dev/null | grep -E '^(user|group):[0-9]' |
    cut -d : -f 1,2 | sort -u)" "user:$user"
is "CVE-2015-3142: no file of it is for everybody" \
    "$(find "$own" -perm /007)" ""
ok_no "CVE-2026-54228, CVE-2026-54229: nor can he change it" 1 as $user sh -c \
    "echo x >>'$own/meta.json' || echo x >'$own/x' || mv '$own' '$own.x'"
umask 022

# coredump_filter: a setuid core made small enough to be whole in the pipe.
die as $user sh -c 'echo 0 >/proc/self/coredump_filter
    exec ../bin/a-setuid -c small'
is_roots "coredump_filter 0: a setuid program" small '[2,0]'

# Where the machine keeps the default, the kernel handles none of these.
echo 0 >/proc/sys/fs/suid_dumpable
before=$(find "$STORE" -name meta.json | wc -l)
die as $user ../bin/a-setuid -c never
die as $user ../bin/a-setgid -c never
settle
is "suid_dumpable 0: no record" "$(find "$STORE" -name meta.json | wc -l)" "$before"
finish
