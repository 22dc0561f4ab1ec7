#!/bin/sh
# SPDX-License-Identifier: ISC
# Who sent the signal, by name: only while it is there, and only when it can be
# no other than the one whose number the signal tells.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
need_root
need_command jq perl pgrep setpriv unshare
arm
own=$(cat /proc/$$/comm)
mkdir "$ARMED/bin"
cp "$BUILD/t/wreck" "$BUILD/t/forge" "$ARMED/bin/"

# victim [COMMAND...]: runs COMMAND, that sleeps; sets $pid.
victim()
{
	"$@" "$ARMED/bin/wreck" wait >/dev/null 2>&1 &
	pid=$!
	wait_for 10 grep -q '^wreck$' "/proc/$pid/comm"
	wait_for 10 grep -q '^State:.S' "/proc/$pid/status"
}

# gone: the victim has been recorded.
gone()
{
	wait "$pid" 2>/dev/null
	record=$(record_of "$pid")
}
sender() { jq -c ".sender | $1" "$record/meta.json"; }
cause() { jq -r .cause "$record/snapshot.json"; }

# It has to be older than what it sends to, by a tick of the clock.
victim
kill -XCPU "$pid"
gone
is "a process that is still there" "$(sender '[.pid, .ns_pid, .uid, .comm]')" \
    "[$$,$$,0,\"$own\"]"
is "and what it runs" "$(sender .exe)" "\"$(readlink /proc/$$/exe)\""
is "the cause names it" "$(cause)" \
    "SIGXCPU was sent by process $$ of user 0 ($own)"
is "as does the snapshot" "$(jq -c '.signal | [.sender_pid, .sender_comm,
    .sender_exe]' "$record/snapshot.json")" \
    "[$$,\"$own\",\"$(readlink /proc/$$/exe)\"]"
like "and the report" "$(cat "$record/report.txt")" \
    "sent by process $$ of user 0 \\($own\\)"
is "it fits the schema" "$(jq -r --slurpfile schema \
    "$SRC/share/snapshot.schema.json" -f "$SRC/t/helper/schema.jq" \
    "$record/snapshot.json")" ""

# Older than what it sends to, too; and gone before that is looked at.
mkfifo "$TRASH/send"
perl -e '$p = <STDIN>; kill "XCPU", $p' <"$TRASH/send" 9>&- &
sender=$!
exec 8>"$TRASH/send"
sleep 0.1
victim
kill -STOP "$pid"
wait_for 10 grep -q '^State:.T' "/proc/$pid/status"
echo "$pid" >&8
exec 8>&-
wait "$sender"
kill -CONT "$pid"
gone
is "one that is gone is not named" "$(sender .)" null
like "its number is" "$(cause)" \
    "^SIGXCPU was sent by process $sender of user 0\$"

# A name of its own choice.
mkfifo "$TRASH/tell"
perl -e '$0 = "a\e]0;b\n<\"\\"; select(undef, undef, undef, 0.3);
    chomp(my $pid = <STDIN>); kill "XCPU", $pid; sleep 30' <"$TRASH/tell" 9>&- &
evil=$!
at_exit "kill $evil 2>/dev/null"
exec 8>"$TRASH/tell"
wait_for 10 sh -c "! grep -q perl /proc/$evil/comm"
sleep 0.1
victim
echo "$pid" >&8
gone
is "a hostile name is kept as it is" "$(sender .comm)" \
    '"a\u001b]0;b\n<\"\\"'
is "and harms nobody" "$(cause)" \
    "SIGXCPU was sent by process $evil of user 0 (a\\e]0;b\\n<\"\\)"

# Of another user: the name, and not what it runs.
victim setpriv --reuid=64012 --regid=64012 --clear-groups
kill -XCPU "$pid"
gone
is "to another user's process" "$(sender '[.pid, .comm, .exe]')" \
    "[$$,\"$own\",null]"

# What the signal tells need not be so.
forged()
{
	"$ARMED/bin/forge" "$@" >/dev/null 2>&1 9>&- &
	pid=$!
	gone
}
forged 1 64012
is "of no such user: not named" "$(sender .)" null
forged child 0
is "that came too late: not named" "$(sender .)" null
forged 999999999 0
is "that never was: not named" "$(sender .)" null
"$ARMED/bin/wreck" abort >/dev/null 2>&1 &
pid=$!
gone
is "its own: nobody is named" "$(sender .)" null

# In PID and user namespaces of its own; the sender is the older one, there too.
cat >"$TRASH/within" <<'END'
sleep 0.1
"$1" wait &
until test -e "$2/go"; do sleep 0.05; done
kill -XCPU $!
wait $!
until test -e "$2/done"; do sleep 0.05; done
END
# child: inner and pid are the shell within, and what it runs, once that is it.
child()
{
	inner=$(pgrep -P "$outer") && pid=$(pgrep -P "$inner" -x wreck)
}
# Who sent a signal is translated where this ioctl is: from 6.12 on.
translates()
{
	perl -e 'open(my $n, "<", "/proc/self/ns/pid") or exit 1;
	    exit !defined ioctl($n, 0x8004b707, $ARGV[0] + 0)' "$$"
}
# shellcheck disable=SC2086
for kind in "-p" "-U -r -p"; do
	rm -f "$TRASH/go" "$TRASH/done"
	unshare $kind -f --mount-proc sh "$TRASH/within" "$ARMED/bin/wreck" \
	    "$TRASH" >/dev/null 2>&1 9>&- &
	outer=$!
	wait_for 20 child
	wait_for 10 grep -q '^State:.S' "/proc/$pid/status"
	true >"$TRASH/go"
	record=$(record_of "$pid")
	true >"$TRASH/done"
	wait "$outer"
	if ! translates; then
		skip 2 "this kernel does not translate PIDs"
		continue
	fi
	is "$kind: both its numbers" "$(sender '[.pid, .ns_pid, .uid]')" \
	    "[$inner,1,0]"
	like "$kind: named" "$(cause)" '^SIGXCPU was sent by process 1 of user 0 \(sh\)$'
done
finish
