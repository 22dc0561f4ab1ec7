#!/bin/sh
# SPDX-License-Identifier: ISC
# Kill-and-replace through the real core_pattern: between the kernel's start of
# the handler and its first look the process is killed, and its number is
# another's. A handler that dies at work is a variant of it.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/real.sh"
need_command jq setpriv getfacl
arm log=none
cd "$ARMED" || exit 1
user=64011
echo 2 >/proc/sys/fs/suid_dumpable
mkdir bin
cp "$BUILD/t/attack-crash" bin/a-secret
chmod 4755 bin/a-secret
cp "$BUILD/t/attack-crash" bin/a-plain

# The file "by" says whose the process is that comes in the dead one's place.
sed '$d' h >h.new
cat >>h.new <<-EOT
	test -s $ARMED/by &&
	    $BUILD/t/attack-swap --replace "\${1#P=}" "\$(cat $ARMED/by)" \
	    SECRET-OF-B >>$ARMED/swaps 2>&1
EOT
sed -n '$p' h >>h.new
chmod 755 h.new && mv h.new h

crash_as_user()
{
	die setpriv --reuid=$user --regid=$user --clear-groups "$@"
}

replaced()
{
	local what="$1" comm="$2" by="$3" want="$4"

	echo "$by" >by
	: >swaps
	crash_as_user "bin/$comm"
	record=$(record_like ".comm == \"$comm\"") || record=$ARMED/none
	is "$what: (its number is another's)" "$(cat swaps)" replaced
	is "$what: dumpable, owner, argv" "$(jq -c \
	    '[.dumpable, .owner, .cmdline]' "$record/meta.json" 2>&1)" "$want"
	ok_no "$what: no /proc data" 1 test -e "$record/proc"
	is "$what: nothing of the other is in it" \
	    "$(grep -rl SECRET-OF-B "$record" 2>&1)" ""
	like "$what: it is said" \
	    "$(jq -r '.missing[]' "$record/meta.json" 2>&1)" \
	    'not taken for the one that crashed|is gone'
	is "$what: no user is let in" "$(getfacl -Rpn "$record" 2>&1 |
	    grep -E '^(default:)?(user|group):[0-9]|No such'
	    find "$STORE/owner" -name "${record##*/}")" ""
	rm -rf "$record"
}

replaced "CVE-2025-4598: a setuid program, by its user's" a-secret $user \
    '[2,0,null]'
replaced "CVE-2019-15790: a user's program, by root's" a-plain 0 \
    '[1,0,null]'
replaced "CVE-2020-15702: a user's program, by his own" a-plain $user \
    '[1,0,null]'
replaced "CVE-2025-5054: a user's program, by a setuid one" a-plain "$user+" \
    '[1,0,null]'
rm -f by

# The path of the program is another program's by the time that it is reported.
cp "$BUILD/t/attack-crash" bin/a-fleeting
cat >h.new <<-EOT
	#!/bin/sh
	rm -f $ARMED/bin/a-fleeting
	cp $BUILD/t/hammer $ARMED/bin/a-fleeting
EOT
sed 1d h >>h.new
chmod 755 h.new && mv h.new h
crash_as_user bin/a-fleeting
record=$(record_like '.comm == "a-fleeting"') || record=$ARMED/none
is "CVE-2021-3899: the executable was replaced: it is said" \
    "$(jq -r '[.exe, .exe_deleted] | join(" ")' "$record/meta.json")" \
    "$ARMED/bin/a-fleeting true"
id()
{
	readelf -n "$1" | sed -n 's/.*Build ID: //p'
}
is "CVE-2021-3899: the file that is there now is not read as it" \
    "$(jq -r '.modules[] | select(.path | test("a-fleeting")).build_id' \
    "$record/snapshot.json")" "$(id "$BUILD/t/attack-crash")"
is "CVE-2021-3899: and the frames are those of the one that crashed" \
    "$(jq -r '[.threads[0].frames[0,1].function] | join(" ")' \
    "$record/snapshot.json")" "strike main"

# Missing and odd %d.
pattern=$(cat /proc/sys/kernel/core_pattern)
for d in '' d= d=01 d=1x d=3 'd=%%' d=%s; do
	printf '%s\n' "$pattern" |
	    sed "s| d=%d| $d|" >/proc/sys/kernel/core_pattern
	rm -rf "$STORE"/archive/*
	cp "$BUILD/t/attack-crash" bin/a-plain
	crash_as_user bin/a-plain
	record=$(record_like '.comm == "a-plain"') || record=$ARMED/none
	is "CVE-2025-4598: core_pattern with '$d' for d=%d: root's" \
	    "$(jq .owner "$record/meta.json" 2>&1)" 0
	test -n "$d" || like "oracle-linux#202, oracle-linux#222: it is said" \
	    "$(jq -r '.missing[]' "$record/meta.json")" 'dumpable: not told'
done
finish
