#!/bin/sh
# SPDX-License-Identifier: ISC
# install.sh --disarm and --uninstall when core_pattern does not name the
# handler that was installed last: an older one of corepipe's is put back all
# the same, another program's is left alone, and nothing is forgotten.

. "$(dirname "$0")/lib.sh"
. "$SRC/t/install.sh"
need_root
need_command make cc
plan 33

kernel=/proc/sys/kernel
own_prefix -O0
previous=$etc/corepipe/previous

# in_prefix NAME ARGUMENT...
in_prefix()
{
	local prefix="$base/$1"
	shift
	sh "$SRC/install.sh" "$@" "--prefix=$prefix" "SYSCONFDIR=$etc" \
	    "STOREDIR=$store" "RUNUSER=$user" "OUT=$base/out" --no-deps
}

# As a person does it afterwards, who names no prefix.
later()
{
	sh "$SRC/install.sh" "$@" "SYSCONFDIR=$etc"
}

now()
{
	cat "$kernel/core_pattern" "$kernel/core_pipe_limit" \
	    /proc/sys/fs/suid_dumpable
}

before()
{
	echo /nonexistent/before >"$kernel/core_pattern"
	echo 3 >"$kernel/core_pipe_limit"
	echo 0 >/proc/sys/fs/suid_dumpable
}
was='/nonexistent/before
3
0'

# --- an older handler of ours

before
ok "one prefix, armed" in_prefix a
ok "another, not armed" in_prefix b --no-arm
like "the first stays armed" "$(cat "$kernel/core_pattern")" \
    "^[|]$base/a/libexec/corepipe/handler.sh "
ok_no "--status does not take it for the second" 1 later --status
like "nor says so" "$(later --status)" '^armed +no'
ok "--disarm knows it" later --disarm
is "and puts back what was there" "$(now)" "$was"
is "of which nothing is kept" "$(ls "$etc/corepipe")" "corepipe.conf
installed"

in_prefix a >/dev/null 2>&1
in_prefix b --no-arm >/dev/null 2>&1
ok "--arm takes over" later --arm
like "with the second" "$(cat "$kernel/core_pattern")" \
    "^[|]$base/b/libexec/corepipe/handler.sh "
is "and keeps what was there first" "$(cat "$previous")" "$was"

before
in_prefix a >/dev/null 2>&1
in_prefix b --no-arm >/dev/null 2>&1
ok "--uninstall knows the older one, too" later --uninstall
is "all is back" "$(now)" "$was"
ok_no "the second is gone" 1 test -e "$base/b/libexec"

# --- another program's

before
in_prefix b --suid-dumpable=2 >/dev/null 2>&1
echo '|/bin/false' >"$kernel/core_pattern"
ok_no "--disarm of another's pattern is a failure" 1 later --disarm --dry-run
is "of which a dry run changes nothing" "$(now)" '|/bin/false
256
2'
out=$(later --disarm 2>&1)
is "the same for real" "$?" 1
is "the pattern stays, the rest is back" "$(now)" '|/bin/false
3
0'
like "it says what was not put back" "$out" \
    "core_pattern was not put back: .*'/nonexistent/before'"
is "which is kept" "$(cat "$previous")" "$was"
is "the next boot does not arm" "$(ls "$etc/sysctl.d")" ""
echo 256 >"$kernel/core_pipe_limit"
ok_no "it fails again" 1 later --disarm
is "and leaves what is no more ours" "$(cat "$kernel/core_pipe_limit")" 256
before
ok "once the pattern is back, it succeeds" later --disarm
ok_no "and keeps nothing" 1 test -e "$previous"

in_prefix b --suid-dumpable=2 >/dev/null 2>&1
printf '|/bin/false\n' >"$kernel/core_pattern"
echo 16 >"$kernel/core_pipe_limit"
ok_no "--uninstall of another's pattern is a failure" 1 later --uninstall
is "that program's limit stays, too" "$(now)" '|/bin/false
16
0'
is "what was there is kept" "$(cat "$previous")" "$was"
ok_no "the files are gone" 1 test -e "$base/b/libexec"

# --- nothing to know an older one by

before
in_prefix a >/dev/null 2>&1
in_prefix b --no-arm >/dev/null 2>&1
rm "$etc/corepipe/armed"
armed=$(cat "$kernel/core_pattern")
ok_no "a handler that nobody knows is not disarmed" 1 later --uninstall
is "it stays" "$(cat "$kernel/core_pattern")" "$armed"
is "and so does what was there" "$(cat "$previous")" "$was"
before
ok "which is enough to go on by hand" later --disarm
