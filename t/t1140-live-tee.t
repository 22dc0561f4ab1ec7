#!/bin/sh
# SPDX-License-Identifier: ISC
# --tee: the next handler gets the kernel's stream to the byte, also when ours is
# read from the process itself; and whatever that handler does costs ours
# nothing.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp timeout
arm_saver

# The kernel's pipe was drained before, so that there is something to compare.
# shellcheck disable=SC2016
prepare='
cat >whole
mkfifo -m 600 chain.pipe 2>/dev/null
cat whole >whole.pipe &
'
# shellcheck disable=SC2016
compare='
content | cmp - whole && echo same >"$ARMED/verdict" ||
    echo differs >"$ARMED/verdict"
'

# teed WHAT COMMANDS: after which $status is core-save's
teed()
{
	saver "$prepare
$2
echo \$status >status
$compare"
	crash mapper locks 3 6M
	is "$1: our own is the same, and live" "$verdict $way" "same live"
	is "$1: and complete" "$(meta .core.complete)" true
	test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
}

teed "a reader" 'save_live --tee <whole.pipe | cat >teed; status=0'
ok "a reader: it has all" cmp "$ARMED/teed" "$ARMED/whole"
teed "a file" 'save_live --tee <whole.pipe >teed'
ok "a file: it has all" cmp "$ARMED/teed" "$ARMED/whole"
is "a file: status" "$(cat "$ARMED/status")" 0
teed "a slow reader" 'save_live --tee <whole.pipe |
    { sleep 1; dd bs=4M 2>/dev/null; } >teed; status=0'
ok "a slow reader: it has all" cmp "$ARMED/teed" "$ARMED/whole"
teed "a reader that dies" '{ save_live --tee <whole.pipe
    echo $status >after; } | head -c 100000 >teed; status=$(cat after)'
is "a reader that dies: status" "$(cat "$ARMED/status")" 1
like "a reader that dies: it is said" "$(meta '.missing | join(",")')" \
    'tee: Broken pipe'
ok "a reader that dies: it has the first of it" \
    cmp -n 100000 "$ARMED/teed" "$ARMED/whole"
# Until somebody ends it, as the handler does.
teed "a reader that never reads" 'sleep 1000 <chain.pipe & sleeper=$!
    core-save -P $pid -k tid=$tid -d store --tee <whole.pipe >chain.pipe &
    saver=$!
    until ls store/*/*/meta.json; do sleep 0.05; done
    sleep 1
    kill -TERM $saver
    wait $saver; status=$?
    kill $sleeper'
is "a reader that never reads: status" "$(cat "$ARMED/status")" 1
like "a reader that never reads: it is said" "$(meta '.missing | join(",")')" \
    'tee: '

# What becomes of ours is nothing to it.
passed()
{
	saver "$prepare
$2
echo \$status >status
cmp teed whole && echo same >\"\$ARMED/verdict\" ||
    echo differs >\"\$ARMED/verdict\""
	crash mapper 20M 5M
	is "$1: it has all" "$verdict" same
	test "$verdict" = same || sed 's/^/# /' "$ARMED/said"
}
passed "no such store" 'core-save -P $pid -k tid=$tid --tee \
    -d /dev/null/store <whole.pipe >teed; status=$?'
is "no such store: status" "$(cat "$ARMED/status")" 111
passed "a full disk" 'core-save -P $pid -k tid=$tid --tee \
    -o /dev/full <whole.pipe >teed; status=$?'
is "a full disk: status" "$(cat "$ARMED/status")" 111
passed "a limit" 'save_live --tee --limit=1M <whole.pipe >teed'
is "a limit: ours has the first of it" "$(meta .core.bytes)" 1048576
passed "--keep=none" 'save_live --tee --keep=none <whole.pipe >teed'
passed "--keep=stacks" 'save_live --tee --keep=stacks <whole.pipe >teed'
mkdir "$ARMED/denied"
printf '#!/bin/sh\nexec deny readv,pread,uffd %s/bin/core-save "$@"\n' "$BUILD" \
    >"$ARMED/denied/core-save"
chmod 755 "$ARMED/denied/core-save"
passed "memory that cannot be read" 'PATH=$ARMED/denied:$PATH
    save_live --tee <whole.pipe >teed'
finish
