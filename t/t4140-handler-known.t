#!/bin/sh
# SPDX-License-Identifier: ISC
# A crash that has been reported often enough is filed by core-save and snap-put
# alone: no other stage is needed.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"
need_root
need_command jq flock
id -u corepipe >/dev/null 2>&1 || skip_all "no user corepipe: nothing is filed early"
plan 8

# Programs of our own, of which one can be taken away.
copy_build
chmod 755 .
programs=$BUILD
BUILD=$COPY
arm log=none known_reports=2
# crash: one, of our own; others may crash here too. Sets record.
crash()
{
	"$programs/t/wreck" null >/dev/null 2>&1 &
	pid=$!
	wait "$pid"
	record=$(record_of "$pid")
}
n=0
while test "$n" -lt 3; do
	n=$((n + 1))
	crash
	settle
	echo "$record" >>three
done
is "three crashes, three records" "$(sort -u three | grep -c .)" 3
like "each with its key" "$(sed 's|$|/meta.json|' three |
    xargs jq -r .crash_key | sort -u)" '^[0-9a-f]{16}$'
rm "$COPY/libexec/stage-report"
crash
is "known: archived without stage-report" "${record%/*}" "$STORE/archive"
like "as one that is known" "$(jq -r .missing[0] "$record/snapshot.json")" \
    '^not unwound: crash [0-9a-f]{16} is known from'
is "with the stages in its log" "$(cut -d ' ' -f 2-3 "$record/log" | xargs)" \
    "core-save 0 snap-put 0"
is "which is root's" "$(stat -c '%a %u' "$record/log")" "640 0"
lives()
{
	find "$STORE/new" -name ".${record##*/}.live"
}
works()
{
	ls /run/corepipe."${record##*/}".* 2>/dev/null
}
wait_for 20 eval 'test -z "$(lives; works)"'
is "nothing is left of its capture" "$(lives)" ""
is "nor in /run" "$(works)" ""
