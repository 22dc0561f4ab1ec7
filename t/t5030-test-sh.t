#!/bin/sh
# SPDX-License-Identifier: ISC
# test.sh on an installed copy: crashes programs, shows what was recorded, and
# says PASS; says FAIL when the copy does not record.

. "$(dirname "$0")/lib.sh"
. "$SRC/t/install.sh"
need_root
need_command make cc zstd
plan 17

own_prefix -O1
STORE=$store
unset COREPIPE_STORE COREPIPE_CONF

install()
{
	sh "$SRC/install.sh" "$@" "PREFIX=$base/p" "SYSCONFDIR=$etc" \
	    "STOREDIR=$STORE" "RUNUSER=$user" "OUT=$base/out" --no-deps
}

# Programs are to be found by test.sh itself, not in this build.
crash()
{
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    sh "$SRC/test.sh" "$@"
}

echo core >/proc/sys/kernel/core_pattern
ok_no "without an armed handler it says so" 100 crash
ok "install" install

crash >"$TRASH/out" 2>&1
is "test.sh succeeds" "$?" 0
is "it ends with PASS" "$(tail -n 1 "$TRASH/out")" PASS
is "nothing was not ok" "$(grep -A 20 'NOT OK' "$TRASH/out")" ''
for name in null assertion overflow exception; do
	like "it crashed: $name" "$(cat "$TRASH/out")" "^== $name: SIG"
done
like "it showed reports" "$(cat "$TRASH/out")" '^  \| .*follow_null'
is "its records are gone" "$(ls "$STORE/archive")" ''
crash --keep >"$TRASH/out" 2>&1
is "--keep leaves them" "$(find "$STORE/archive" -mindepth 1 -maxdepth 1 |
    wc -l)" "$(grep -c '^== .*: SIG' "$TRASH/out")"
like "and says which" "$(cat "$TRASH/out")" '^kept: [0-9a-f]{8}-'

crash_plainly()
{
	(cd / && setpriv --reuid=65534 --regid=65534 --clear-groups env -i \
	    PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -s -- "$@" <"$SRC/test.sh")
}
crash_plainly >"$TRASH/out" 2>&1
is "an ordinary user sees it pass as well" "$(tail -n 1 "$TRASH/out")" PASS

# A handler that records nothing.
echo "|$base/p/libexec/corepipe/handler.sh P=none" \
    >/proc/sys/kernel/core_pattern
printf '#!/bin/sh\ncat >/dev/null\n' >"$base/p/libexec/corepipe/handler.sh"
crash --seconds=1 >"$TRASH/out" 2>&1
is "nothing recorded: it fails" "$?" 1
like "and ends with FAIL" "$(tail -n 1 "$TRASH/out")" '^FAIL'
like "and says where to look" "$(cat "$TRASH/out")" 'install.sh --status'
