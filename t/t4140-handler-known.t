#!/bin/sh
# SPDX-License-Identifier: ISC
# A crash that has been reported often enough is left to the next sweep by its
# handler, which needs no other program than core-save; and the sweep files all
# that are alike by one snap-put.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"
. "$SRC/t/real.sh"
need_root
need_command jq flock dd

# Where no installation has made the user, the handler and the sweep are in mounts
# of their own, which have one.
within=
if ! id -u corepipe >/dev/null 2>&1; then
	need_command unshare nsenter
	for file in passwd group; do
		cp "/etc/$file" "$file"
	done
	echo 'corepipe:x:64040:64040::/nonexistent:/bin/false' >>passwd
	echo 'corepipe:x:64040:' >>group
	unshare --mount sh -c 'mount --bind passwd /etc/passwd &&
	    mount --bind group /etc/group && true >mounted &&
	    exec sleep 1000' 9>&- &
	keeper=$!
	at_exit "kill $keeper 2>/dev/null"
	wait_for 10 test -e mounted || skip_all "no mounts here, and no user corepipe"
	within="$(command -v nsenter) --mount --target $keeper"
fi

# Programs of our own, of which one can be taken away.
copy_build
chmod 755 .
programs=$BUILD
BUILD=$COPY
arm log=none known_reports=2
sed "s|^exec |&$within |" "$ARMED/h" >armed
cat armed >"$ARMED/h"

# crash MODE: one, of our own; others may crash here too. Sets id, and record,
# where its handler has put it, when that has ended.
crash()
{
	"$programs/t/wreck" "$1" >/dev/null 2>&1 &
	pid=$!
	wait "$pid"
	wait_for 20 eval 'id=$(id_of "$pid"); test -n "$id"'
	wait_for 20 eval '! test -e "/run/corepipe.$id.err" || is_left "$id"'
	record=$(echo "$STORE"/[a-z]*/"$id")
}
id_of()
{
	cat "$STORE"/pending/*/meta.json "$STORE"/archive/*/meta.json 2>/dev/null |
	    jq -r "select(.pid == $1).id"
}
is_left()
{
	test "$(cut -d ' ' -f 1 "$STORE/new/.$1.live" 2>/dev/null | head -n 1)" = like
}
in_archive()
{
	test -d "$STORE/archive/$1"
}
# sweep: the next one is not due for ten seconds then.
sweep()
{
	$within "$BUILD/libexec/stage-sweep"
	wait_for 60 swept
}
export COREPIPE_CONF="$ARMED/corepipe.conf"

n=0
while test "$n" -lt 3; do
	n=$((n + 1))
	crash null
	wait_for 60 in_archive "$id"
	echo "$STORE/archive/$id" >>three
done
is "three crashes, three records" "$(sort -u three | grep -c .)" 3
like "each with its key" "$(sed 's|$|/meta.json|' three |
    xargs jq -r .crash_key | sort -u)" '^[0-9a-f]{16}$'
crash abort
wait_for 60 in_archive "$id"
crash abort
wait_for 60 in_archive "$id"
sweep

# Who files them is watched.
mv "$COPY/bin/snap-put" "$COPY/bin/snap-put.real"
stand_in snap-put <<EOF
echo "\$#" >>"$TRASH/puts"
exec "$COPY/bin/snap-put.real" "\$@"
EOF
mv "$COPY/libexec/stage-report" stage-report
sweep
: >puts
for mode in null abort null null; do
	crash "$mode"
	echo "$id $record" >>left
done
is "known: left in pending/" "$(cut -d ' ' -f 2 left | sed 's|/[^/]*$||' |
    sort -u)" "$STORE/pending"
is "by their handlers" "$(while read -r of rest; do
	is_left "$of" && echo yes; done <left | uniq -c | xargs)" "4 yes"
is "no snap-put was started" "$(cat puts)" ""
is "snap-list has them" "$(snap-list --json --state=pending | jq length)" 4
sweep
is "filed by the sweep" "$(while read -r of rest; do
	in_archive "$of" && echo yes; done <left | uniq -c | xargs)" "4 yes"
# Four options, and the records.
is "by one snap-put for each kind" "$(sort puts | xargs)" "6 8"
read -r first rest <left
record=$STORE/archive/$first
like "as one that is known" "$(jq -r .missing[0] "$record/snapshot.json")" \
    '^not unwound: crash [0-9a-f]{16} is known from'
is "each like its own" "$(while read -r of rest; do
	jq -r .signal.name "$STORE/archive/$of/snapshot.json"; done <left | xargs)" \
    "SIGSEGV SIGABRT SIGSEGV SIGSEGV"
is "with the stages in its log" "$(cut -d ' ' -f 2-3 "$record/log" |
    sed 's/^like .*/like/' | xargs)" "core-save 0 like"
is "which is root's" "$(stat -c '%a %u' "$record/log")" "640 0"
is "nothing is left of their captures" \
    "$(find "$STORE/new" -name '.????????-*')" ""
is "nor in /run" "$(while read -r of rest; do
	ls "/run/corepipe.$of".* 2>/dev/null; done <left)" ""

# Nobody has to crash for the sweep to come.
sweep
crash null
ok "the sweep comes by itself" wait_for 30 in_archive "$id"

# What cannot be filed so is reported.
mv stage-report "$COPY/libexec/stage-report"
sweep
crash null
broken=$id
sed -i 's/"crash_key":"./"crash_key":"x/' "$STORE/pending/$broken/meta.json"
crash null
sweep
ok "one that cannot be filed hinders no other" in_archive "$id"
ok "and is filed all the same" in_archive "$broken"
is "by a report of its own" "$(jq -r '.threads[0].frames[0].function' \
    "$STORE/archive/$broken/snapshot.json")" die_null
is "the other one is known" "$(jq '.threads | length' \
    "$STORE/archive/$id/snapshot.json")" 0

# Whoever wants the report of one that waits has it.
sweep
crash null
waits=$id
$within snap-retry "$waits" >/dev/null
is "snap-retry unwinds one that waits" "$(jq -r \
    '.threads[0].frames[0].function' "$STORE/archive/$waits/snapshot.json")" die_null
sweep
is "and the sweep leaves it as it is" "$(jq '.threads | length' \
    "$STORE/archive/$waits/snapshot.json")" 1

# Who may write in pending/ leads nobody elsewhere.
sweep
crash null
led=$id
mkdir victim
cp "$STORE/pending/$led/meta.json" victim
mv "$STORE/pending/$led" aside
ln -s "$TRASH/victim" "$STORE/pending/$led"
sweep
$within "$COPY/libexec/stage-report" --swept "$led"
is "a link in pending/ is not followed" "$(ls victim)" meta.json
rm "$STORE/pending/$led"

# One that is taken away meanwhile.
sweep
crash null
gone=$id
crash null
snap-rm "$gone" >/dev/null
sweep
ok "what is taken away hinders no other" in_archive "$id"
is "and leaves nothing" "$(find "$STORE/new" -name '.????????-*')" ""

# The system's log is told when they are filed.
told()
{
	dd if=/dev/kmsg bs=8192 iflag=nonblock 2>/dev/null | grep -c "record $1\$"
}
echo log=kmsg >>"$ARMED/corepipe.conf"
cat /proc/sys/kernel/dmesg_restrict >restrict
at_exit "cat '$TRASH/restrict' >/proc/sys/kernel/dmesg_restrict"
echo 1 >/proc/sys/kernel/dmesg_restrict
sweep
crash null
is "the kernel's log is not told before" "$(told "$id")" 0
sweep
is "but then" "$(told "$id")" 1

sweep
crash null
$within snap-retry "$id" >/dev/null
is "or when a report is made after all" "$(told "$id")" 1
is "for which nothing else is left" \
    "$(ls "/run/corepipe.$id".* "$STORE/new/.$id".* 2>/dev/null)" ""

# A claim that says nothing sensible is nobody's.
sweep
crash null
echo 'like ../../etc' >"$STORE/new/.$id.live"
sweep
ok "a damaged claim is none" test -d "$STORE/pending/$id"
rm -f "$STORE/new/.$id.live" "/run/corepipe.$id".*
$within "$COPY/libexec/stage-report" --swept "$id"
ok "nor does it hinder a report" in_archive "$id"
finish
