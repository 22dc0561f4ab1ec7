#!/bin/sh
# SPDX-License-Identifier: ISC
# What a handler that died has left behind is found by the next one.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq zstd flock perl
plan 18
copy_build
# The records made here are nobody's but root's to move.
configure user=no-such-user
cp /bin/true core

old=018bcfe5-6800-7000-8000-00000000000
mkdir -p "$STORE/new" "$STORE/pending" "$STORE/failed" "$STORE/archive"
mkdir "$STORE/new/${old}1" "$STORE/pending/${old}2" "$STORE/new/${old}3" \
    "$STORE/new/.rm-${old}4" "$STORE/new/nothing-of-ours" "$STORE/pending/${old}5"
zstd -q core -o "$STORE/pending/${old}2/core.zst"
echo '{"id":"'${old}2'","pid":2}' >"$STORE/pending/${old}2/meta.json"
cp "$STORE/pending/${old}2"/* "$STORE/pending/${old}5/"
mkdir elsewhere
echo precious >elsewhere/file
ln -s "$TRASH/elsewhere" "$STORE/new/${old}6"
ln -s "$TRASH/elsewhere" "$STORE/new/.rm-link"
mkdir "$STORE/pending/${old}7"
ln -s "$TRASH/elsewhere/file" "$STORE/pending/${old}7/log"

mkdir -p "$STORE/new/.${old}9.trace/late"
true >"$STORE/new/.${old}3.err"
# Two whose handlers are alive: this very test.
boot=$(cat /proc/sys/kernel/random/boot_id)
stat=$(cat /proc/$$/stat)
# shellcheck disable=SC2086
set -- ${stat##*) }
echo "$$ ${20} $boot" >"$STORE/new/.${old}3.live"
echo "$$ $((${20} + 100)) $boot" >"$STORE/new/.${old}5.live"
# One whose handler is dead, but for a parent that does not ask.
perl -e 'fork or exit; sleep 1000' &
parent=$!
at_exit "kill $parent 2>/dev/null"
zombie()
{
	child=$(cat "/proc/$parent/task/$parent/children") &&
	    grep -q ') Z ' "/proc/${child% }/stat"
}
if wait_for 20 zombie; then
	stat=$(cat "/proc/${child% }/stat")
	# shellcheck disable=SC2086
	set -- ${stat##*) }
	mkdir "$STORE/new/${old}a"
	echo "${child% } ${20} $boot" >"$STORE/new/.${old}a.live"
fi
# One whose pid is somebody else's by now; and one of an earlier boot.
echo "$$ 1 $boot" >"$STORE/new/.${old}1.live"
mkdir "$STORE/new/${old}b"
echo "$$ 999999999 01234567-89ab-cdef-0123-456789abcdef" \
    >"$STORE/new/.${old}b.live"

settle() { wait_for 20 swept; }
swept()
{
	test -d "$STORE/archive/${old}2" && ! test -e "$STORE/new/.rm-link" &&
	    test ! -d "$STORE/pending/${old}7" &&
	    flock -n "$STORE/new/.sweep" true
}
handle core P=$$ u=0 g=0 d=1 s=11

ok "a capture that never ended is in failed/" \
    test -d "$STORE/failed/${old}1"
ok "so is one of before the machine went down" test -d "$STORE/failed/${old}b"
ok "so is one whose handler only waits to be asked for its status" \
    test -d "$STORE/failed/${old}a"
like "its log says why" "$(cat "$STORE/failed/${old}1/log")" \
    'swept: its capture never ended'
is "and it can be read" \
    "$(jq -r .id "$STORE/failed/${old}1/meta.json")" "${old}1"
ok "its claim is gone" test ! -e "$STORE/new/.${old}1.live"
ok "a record without a report is reported" \
    test -e "$STORE/archive/${old}2/log"
ok "a capture in progress is left alone" test -d "$STORE/new/${old}3"
ok "a report in progress too" test -d "$STORE/pending/${old}5"
ok "the rest of a removal is removed" test ! -e "$STORE/new/.rm-${old}4"
ok "what a record has left behind too" test ! -e "$STORE/new/.${old}9.trace"
ok "but not of one in progress" test -e "$STORE/new/.${old}3.err"
ok "a directory of another name stays" test -d "$STORE/new/nothing-of-ours"
ok "a link is not taken for a record" test -L "$STORE/new/${old}6"
is "nothing behind a link was touched" "$(cat elsewhere/file)" precious
is "nothing came there" "$(ls elsewhere)" file

# One that no report leads out of pending/ is not tried for ever.
stand_in snap-put <<'END'
exit 111
END
mkdir "$STORE/pending/${old}8"
echo '{}' >"$STORE/pending/${old}8/meta.json"
settle() { wait_for 20 test -e "$STORE/new/.${old}8.again" && sleep 1; }
handle core P=$$ u=0 g=0 d=1 s=11
ok "a report that fails leaves it in pending/" \
    test -d "$STORE/pending/${old}8"
settle() { wait_for 20 test -d "$STORE/failed/${old}8"; }
handle core P=$$ u=0 g=0 d=1 s=11
ok "and the second time is the last" test -d "$STORE/failed/${old}8"
