#!/bin/sh
# SPDX-License-Identifier: ISC
# install.sh on this machine, into a prefix of its own: arms, changes nothing
# the second time, tells what is so, and gives back just what was there.

. "$(dirname "$0")/lib.sh"
. "$SRC/t/install.sh"
need_root
need_command make cc unshare
plan 93

kernel=/proc/sys/kernel
own_prefix -O0
prefix=$base/p
handler=$prefix/libexec/corepipe/handler.sh

# install.sh by one shell after the other, for all of them must do.
shells='dash|busybox ash|bash'
install()
{
	local shell="${shells%%|*}"
	shells="${shells#*|}|$shell"
	# shellcheck disable=SC2086
	$shell "$SRC/install.sh" "$@" "PREFIX=$prefix" "SYSCONFDIR=$etc" \
	    "STOREDIR=$store" "RUNUSER=$user" "OUT=$base/out" --no-deps
}

pattern()
{
	cat "$kernel/core_pattern"
}

limit()
{
	cat "$kernel/core_pipe_limit"
}

# All that there is of a tree: names, kinds, modes, owners, times, content.
tree()
{
	for dir; do
		find "$dir" -printf '%p %y %m %u %g %s %T@ %l\n'
		find "$dir" -type f -exec sha256sum {} +
	done | sort
}

# Odd on purpose: blanks within and at the end come back as they were.
before='/nonexistent/%e  of   %p '
printf '%s\n' "$before" >"$kernel/core_pattern"
echo 3 >"$kernel/core_pipe_limit"

# --- what is refused changes nothing

ok_no "a prefix with a space is refused" 100 sh "$SRC/install.sh" \
    "--prefix=$base/a b" --no-deps
long=$base/ppppppppppppppppppppppppppppppppppppppppp
ok_no "a prefix that makes the pattern too long is refused" 100 \
    sh "$SRC/install.sh" "--prefix=$long" --no-deps
like "and says by how much" "$(sh "$SRC/install.sh" "--prefix=$long" \
    --no-deps 2>&1)" 'bytes shorter'
ok_no "a relative prefix is refused" 100 sh "$SRC/install.sh" --prefix=here
ok_no "an unknown option is refused" 100 sh "$SRC/install.sh" --frobnicate
ok_no "an unknown setting is refused" 100 sh "$SRC/install.sh" FROB=/x
ok_no "two actions at once are refused" 100 \
    sh "$SRC/install.sh" --disarm --status
like "-h shows the synopsis" "$(sh "$SRC/install.sh" -h)" '^usage: install.sh'
is "nothing was made" "$(ls "$base")" ""
ok_no "--status says no when nothing is armed" 1 install --status
like "--status says what the next crash would do" "$(install --status)" \
    '^next crash .*leaves a core file at /nonexistent'

# --- a dry run

ok "a dry run" install --dry-run
like "a dry run says what it would do" "$(install --dry-run)" \
    "^would: write '\|$handler P=%P .*' to $kernel/core_pattern"
is "a dry run makes nothing" "$(ls "$base")" ""
is "a dry run arms nothing" "$(pattern)" "$before"

# --- a failure half way

mkdir -p "$prefix"
: >"$prefix/share"
ok_no "a prefix that cannot be filled is a failure" 1 install
is "a failed installation leaves the pattern" "$(pattern)" "$before"
is "and leaves the limit" "$(limit)" 3
is "and no file half made" "$(find "$prefix" -name '*.new.*')" ""
rm -rf "$prefix" "$etc" "$store"

# A disk that fills up while files are copied.
full_install()
{
	unshare -m sh -c 'mkdir "$1" && mount -t tmpfs -o size=200k none "$1" &&
	    shift && "$@"; status=$?; find "$0" -name "*.new.*"
	    exit "$status"' "$prefix" "$prefix" sh "$SRC/install.sh" \
	    "PREFIX=$prefix" "SYSCONFDIR=$etc" "STOREDIR=$store" \
	    "RUNUSER=$user" "OUT=$base/out" --no-deps
}
out=$(full_install 2>/dev/null)
is "a full disk is a failure" "$?" 1
unlike "that leaves no file half made" "$out" '[.]new[.]'
is "and the pattern" "$(pattern) $(limit)" "$before 3"
rm -rf "$prefix" "$etc" "$store"

# --- for real

ok "install.sh installs" install
is "core_pattern is armed" "$(pattern)" \
    "|$handler P=%P I=%I p=%p i=%i u=%u g=%g d=%d s=%s t=%t c=%c F=%F h=%h e=%e E=%E"
is "core_pipe_limit is above 0" "$(limit)" 256
is "suid_dumpable is left alone" "$(cat /proc/sys/fs/suid_dumpable)" \
    "$saved_suid"
is "for the next boot: the pattern" \
    "$(sed -n 's/^kernel.core_pattern=//p' "$etc/sysctl.d/60-corepipe.conf")" \
    "$(pattern)"
is "for the next boot: the limit" \
    "$(sed -n 's/^kernel.core_pipe_limit=//p' \
    "$etc/sysctl.d/60-corepipe.conf")" 256
is "what was there is kept" "$(head -n 2 "$etc/corepipe/previous")" "$before
3"
ok "the user exists" id "$user"
like "the user has no shell" "$(getent passwd "$user")" \
    '/nonexistent:.*(nologin|false)$'
is "the store is as documented" \
    "$(cd "$store" && stat -c '%n %a %U:%G' . archive failed known new \
    owner pending sending)" ". 755 root:root
archive 771 root:$user
failed 771 root:$user
known 700 root:root
new 700 root:root
owner 711 root:root
pending 771 root:$user
sending 771 root:$user"
is "every program is installed" "$(ls "$prefix/bin")" "$(ls "$SRC/bin")"
is "nothing is writable by others" \
    "$(find "$prefix" "$etc" ! -type l -perm /022)" ""
is "no place is left to be filled in" \
    "$(grep -rlE '@[A-Z]+DIR@|@VERSION@|@RUNUSER@' "$prefix/bin" \
    "$prefix/libexec" | grep -v '/install.sh$')" ""
ok "the manifest holds" sh -c "grep -Ev '^(dir|-) ' \
    '$prefix/share/corepipe/manifest' | sha256sum -c --quiet"
if have_sysctl=$(command -v sysctl); then
	ok "sysctl reads the file" "$have_sysctl" -q -p \
	    "$etc/sysctl.d/60-corepipe.conf"
	is "and sets the same pattern" "$(pattern)" \
	    "$(sed -n 's/^kernel.core_pattern=//p' \
	    "$etc/sysctl.d/60-corepipe.conf")"
else
	skip 2 "no sysctl"
fi

# --- status

ok "--status says yes" install --status
status=$(install --status)
like "--status: armed" "$status" "^armed +yes"
like "--status: owner and mode" "$status" "owner root:root, mode 755"
like "--status: checksum" "$status" \
    "sha256 +$(sha256sum <"$handler" | cut -d ' ' -f 1), as installed"
like "--status: what was before" "$status" "^before +/nonexistent"
like "--status: the next crash" "$status" "^next crash +is recorded"
ok "the installed copy knows where all is" \
    "$prefix/libexec/corepipe/install.sh" --status
ok "an ordinary user may ask" setpriv --reuid=65534 --regid=65534 \
    --clear-groups "$prefix/libexec/corepipe/install.sh" --status

# --- a second run

tree "$prefix" "$etc" "$store" >"$TRASH/one"
out=$(install 2>&1)
is "a second run succeeds" $? 0
tree "$prefix" "$etc" "$store" >"$TRASH/two"
ok "a second run changes nothing" cmp "$TRASH/one" "$TRASH/two"
like "a second run says so" "$out" 'nothing to do'
install >/dev/null 2>&1
tree "$prefix" "$etc" "$store" >"$TRASH/two"
ok "nor does a third" cmp "$TRASH/one" "$TRASH/two"

# --- tampering

echo '# more' >>"$handler"
ok_no "--status says no when the handler is another" 1 install --status
like "and why" "$(install --status)" "^ALARM .*not what was installed"
install >/dev/null 2>&1
ok "install.sh puts it right" install --status
chmod 757 "$handler"
ok_no "CVE-2019-5736: --status says no when others can write the handler" 1 install --status
chmod 755 "$handler"
chmod 777 "$prefix/libexec"
ok_no "or a directory above it" 1 install --status
chmod 755 "$prefix/libexec"
echo '# more' >>"$prefix/bin/snap-show"
ok_no "or a program that it runs is another" 1 install --status
install >/dev/null 2>&1

# --- the administrator's file

echo 'nice=5' >>"$etc/corepipe/corepipe.conf"
install >/dev/null 2>&1
is "an edited corepipe.conf is kept" \
    "$(tail -n 1 "$etc/corepipe/corepipe.conf")" nice=5
is "and none is put beside it" "$(ls "$etc/corepipe")" \
    "armed
corepipe.conf
installed
previous"
sed -i s/nice=19/nice=18/ "$prefix/share/corepipe/corepipe.conf"
install >/dev/null 2>&1
is "it is kept when the default has changed" \
    "$(tail -n 1 "$etc/corepipe/corepipe.conf")" nice=5
ok "the new default is put beside it" grep -q '^#nice=19' \
    "$etc/corepipe/corepipe.conf.new"

# --- somebody else takes the pattern

echo '|/bin/false %p' >"$kernel/core_pattern"
ok_no "CVE-2025-31133, CVE-2025-52565, CVE-2025-52881, CVE-2024-21626: --status says no when the pattern is another's" 1 install --status
like "and where the next crash goes" "$(install --status)" \
    '^next crash +is LOST|^next crash +goes to /bin/false'
ok "install.sh arms again" install
is "the first copy is kept" "$(head -n 1 "$etc/corepipe/previous")" "$before"
ok "disarm" install --disarm
is "what was there is back, byte for byte" "$(pattern)" "$before"
is "and the limit" "$(limit)" 3
ok "disarming twice is no error" install --disarm
is "and changes nothing" "$(pattern) $(limit)" "$before 3"
ok_no "--status says no" 1 install --status
is "nothing is left for the next boot" "$(ls "$etc/sysctl.d")" ""

# --- larger limits, setuid programs, foreign patterns

echo 512 >"$kernel/core_pipe_limit"
echo 0 >/proc/sys/fs/suid_dumpable
install --arm --suid-dumpable=2 >/dev/null 2>&1
is "a larger limit is kept" "$(limit)" 512
is "suid_dumpable on request" "$(cat /proc/sys/fs/suid_dumpable)" 2
install >/dev/null 2>&1
ok "which the next run does not forget" grep -q '^fs.suid_dumpable=2' \
    "$etc/sysctl.d/60-corepipe.conf"
install --disarm >/dev/null 2>&1
is "all three come back" \
    "$(pattern) $(limit) $(cat /proc/sys/fs/suid_dumpable)" "$before 512 0"
install --arm >/dev/null 2>&1
echo '|/bin/false' >"$kernel/core_pattern"
like "--disarm leaves another's pattern alone" "$(install --disarm)" 'not ours'
is "as it was" "$(pattern)" '|/bin/false'

# --- another prefix

printf '%s\n' "$before" >"$kernel/core_pattern"
install >/dev/null 2>&1
old=$prefix
prefix=$base/q
handler=$prefix/libexec/corepipe/handler.sh
ok "another prefix takes over" install
like "it is armed" "$(pattern)" "^[|]$handler "
is "and knows what was there first" "$(head -n 1 "$etc/corepipe/previous")" \
    "$before"
is "the files of the old one are gone" "$(find "$old" ! -type d)" ""

# --- gone again

printf '%s\n' "$before" >"$kernel/core_pattern"
install --arm >/dev/null 2>&1
ok "uninstall" install --uninstall
is "the pattern is back" "$(pattern)" "$before"
ok_no "no file is left in the prefix" 1 test -e "$prefix"
ok_no "nor in the one before" 1 test -e "$old"
ok "the store stays" test -d "$store/archive"
ok "the settings stay" test -f "$etc/corepipe/corepipe.conf"
rm -rf "$etc" "$store"

# --- where core_pattern cannot be written

readonly_install()
{
	unshare -m sh -c 'mount --bind /proc/sys /proc/sys &&
	    mount -o remount,bind,ro /proc/sys && exec "$@"' sh \
	    sh "$SRC/install.sh" "PREFIX=$prefix" "SYSCONFDIR=$etc" \
	    "STOREDIR=$store" "RUNUSER=$user" "OUT=$base/out" --no-deps
}
ok_no "a read-only core_pattern: the system refused" 111 readonly_install
ok "but all is installed" "$handler" -h
like "and it says why" "$(readonly_install 2>&1)" 'cannot be written'

install --uninstall >/dev/null 2>&1
install >/dev/null 2>&1
install --uninstall --purge >/dev/null 2>&1
is "--purge takes what an earlier installation has left in /etc" \
    "$(find "$base/etc" -mindepth 1)" ""
rmdir "$base/etc"
install >/dev/null 2>&1
install --uninstall --purge >/dev/null 2>&1
rm -rf "$base/out"
is "--purge leaves nothing" "$(find "$base" -mindepth 1)" ""
ok_no "not even the user" 2 getent passwd "$user"
