#!/bin/sh
# SPDX-License-Identifier: ISC
# The log of the unit and the environment, when corepipe.conf asks for them.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq setpriv zstd gdb
copy_build
SECRET_OF_THE_TEST=hunter2 gdb -batch -nx -ex run \
    -ex 'generate-core-file core' --args wreck abort >gdb.out 2>&1 </dev/null
test -s core || skip_all "gdb made no core"
plan 13

cat >lines <<'EOS'
#!/bin/sh
echo "asked for $2 of $1"
i=0
while test $i -lt 500; do echo "entry $i"; i=$((i + 1)); done
EOS
chmod 755 lines
cat >hangs <<'EOS'
#!/bin/sh
echo begun
exec sleep 60
EOS
chmod 755 hangs
n=0

# made UNIT [LINE...]: a record with that unit, and its report.
made()
{
	local unit="$1"
	shift
	# This store is made by hand: its group is not that of a user there may be.
	configure user=no-such-user "$@"
	n=$((n + 1))
	id=019c0000-0000-7000-8000-00000000000$n
	record=$STORE/pending/$id
	mkdir -p "$STORE/new" "$STORE/pending" "$STORE/sending" \
	    "$STORE/archive" "$record"
	# snap-put works as corepipe, where there is such a user.
	chgrp corepipe "$STORE/pending" "$STORE/sending" "$STORE/archive" \
	    "$record" 2>/dev/null && chmod 2770 "$record" &&
	    chmod 771 "$STORE/pending" "$STORE/sending" "$STORE/archive"
	zstd -q core -o "$record/core.zst"
	jq -cn --arg u "$unit" --arg id "$id" '{version: 1, id: $id,
	    time: "2026-11-21T01:02:03Z", host: "h", pid: 1, comm: "x,\"unit\":\"no.service\"",
	    unit: $u, missing: []}' >"$record/meta.json"
	test -z "${plant-}" || ln -s "$plant" "$record/unit.log"
	env -i COREPIPE_CONF="$TRASH/corepipe.conf" PATH="$PATH" \
	    "ASAN_OPTIONS=$ASAN_OPTIONS" \
	    "$COPY/libexec/stage-report" -s "$STORE" "$id"
	record=$STORE/archive/$id
}

made shop.service
ok "by default there is no log" test ! -e "$record/unit.log"
unlike "and no environment" "$(cat "$record/report.txt")" hunter2

made 'shop@a\x2db.service' unit_log=20 "unit_log_command=$TRASH/lines"
is "as many lines as were asked for, the last" \
    "$(sed -n '1p;$p' "$record/unit.log" | xargs)" "entry 480 entry 499"
like "the report has them" "$(cat "$record/report.txt")" '^  entry 499$'
like "under the unit's name" "$(cat "$record/report.txt")" \
    '^Log of shop@a\\x2db.service'
is "for those who may read the record" \
    "$(stat -c %a "$record/unit.log")" 640
made 'shop@a\x2db.service' unit_log=1000 "unit_log_command=$TRASH/lines"
is "the command is told unit and number" "$(head -n 1 "$record/unit.log")" \
    'asked for 1000 of shop@a\x2db.service'

made '--help' unit_log=20 "unit_log_command=$TRASH/lines"
ok "what is no unit is not asked for" test ! -e "$record/unit.log"

: >elsewhere
plant=$TRASH/elsewhere made a.service unit_log=9 \
    "unit_log_command=$TRASH/lines"
is "a link is not followed" "$(cat elsewhere)" ""

made a.service unit_log=9 "unit_log_command=$TRASH/hangs"
ok "a command that hangs is ended" test -s "$record/report.txt"

made a.service unit_log=9 "unit_log_command=$TRASH/none"
like "one that is not there is said" "$(cat "$record/log")" 'unit_log: no /'

made a.service environ=yes
like "environ=yes tells the environment" "$(cat "$record/report.txt")" \
    '^  SECRET_OF_THE_TEST=hunter2$'
made a.service environ=maybe
unlike "environ=maybe does not" "$(cat "$record/report.txt")" hunter2
