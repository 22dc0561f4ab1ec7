#!/bin/sh
# SPDX-License-Identifier: ISC
# What cannot be read from the process is read from the pipe: nothing is lost,
# and the record says why.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/save.sh"
. "$SRC/t/live.sh"
need_root
need_command zstd jq cmp setpriv
arm_saver

# drained WHAT WHY COMMANDS [CRASH]: after the saver's COMMANDS
drained()
{
	saver "$3
	$pipe_first"
	# shellcheck disable=SC2086
	crash ${4:-mapper 20M 10M}
	is "$1: all of it, from the pipe" "$verdict $way $(meta .core.complete)" \
	    "same pipe true"
	like "$1: it is said" "$why" "$2"
}

# replaced COMMAND...: the saver's commands that put this before core-save
replaced()
{
	mkdir -p "$ARMED/replaced"
	printf '#!/bin/sh\nexec %s %s/bin/core-save "$@"\n' "$*" "$BUILD" \
	    >"$ARMED/replaced/core-save"
	chmod 755 "$ARMED/replaced/core-save"
	# shellcheck disable=SC2016
	echo 'PATH=$ARMED/replaced:$PATH'
}

sleep 1000 &
sleeper=$!
at_exit "kill $sleeper"
drained "another process" "not dumping core" "pid=$sleeper tid=$sleeper"
drained "a thread of another process" "open 'task/$sleeper'" "tid=$sleeper"
drained "no process" "gone" "pid=999999999"
drained "memory refused" "read memory at .*[Nn]ot permitted" \
    "$(replaced deny readv,pread)"
drained "an ordinary user" "open 'mem' of the process: Permission denied" \
    "mkdir -m 700 store; chown 65534:65534 store
	$(replaced setpriv --reuid=65534 --regid=65534 --clear-groups)"

# A file of a kind that is not known to answer, not all of it in memory.
if test "$(stat -f -c %T /dev)" = tmpfs &&
    test "$(awk '$2 == "/dev" { print $3 }' /proc/mounts)" = devtmpfs &&
    head -c 100000 /dev/urandom >/dev/corepipe-test
then
	at_exit "rm -f /dev/corepipe-test"
	drained "a file system that might not answer" \
	    "'/dev/corepipe-test.*' is not all in memory" "" \
	    "mapper zoo /dev/corepipe-test"
else
	skip 2 "no device file system here"
fi

# Another program's core, while this one is held.
saver 'cat >whole; echo kept >verdict'
crash mapper 20M 10M
mv "$ARMED/whole" other
saver "cat >whole
	cat '$TRASH/other' | save_live
	content | cmp - '$TRASH/other' &&
	    echo same >verdict || echo differs >verdict"
crash wreck abort
is "another program's core: as it is" "$verdict $way" "same pipe"
like "another program's core: it is said" "$why" \
    "no mapping is at|headers are not the kernel's"

# Notes that are cut; then memory.
for size in 60 1000 5000; do
	saver "cat >whole
	head -c $size whole | save_live
	content >saved
	head -c $size whole | cmp - saved &&
	    echo same >verdict || echo differs >verdict"
	crash wreck abort
	is "cut after $size bytes: what there was" \
	    "$verdict $way $(meta .core.complete)" "same pipe false"
	like "cut after $size bytes: it is said" "$why" "the .* are (cut|not)"
done

# A limit ends the live read as it ends the other.
saver "cat >whole
	cat whole | save_live --limit=3000001
	content >saved
	head -c 3000001 whole | cmp - saved &&
	    echo same >verdict || echo differs >verdict"
crash mapper 20M 10M
is "--limit: the first of it" "$verdict $way $(meta .core.bytes)" \
    "same live 3000001"
like "--limit: it is said" "$(meta .core.reason)" "cut at the limit of 3000001"

# A process that is not waited for is gone when all of it is in the pipe.
echo 0 >/proc/sys/kernel/core_pipe_limit
# shellcheck disable=SC2016
saver 'save_live; echo "$status" >verdict'
for command in "wreck abort" "mapper 20M 10M"; do
	# shellcheck disable=SC2086
	crash $command
	is "core_pipe_limit=0, $command: saved" \
	    "$verdict $(meta .core.complete)" "0 true"
	ok "core_pipe_limit=0, $command: whole" zstd -qt "$record/core.zst"
done
saver 'cat >whole; sleep 0.3; cat whole | save_live; echo done >verdict'
crash wreck abort
is "and when it is gone before we look" "$(meta .core.complete) $way" \
    "true pipe"
is "its core has all there was" "$(zstd -qdc "$record/core.zst" | wc -c)" \
    "$(meta .core.bytes)"
echo 16 >/proc/sys/kernel/core_pipe_limit

# Killed while it is read: the level makes that take long, on any machine.
saver 'save_live --ram=0 --level=19; echo "$status" >verdict'
begin_crash mapper 300M 300M
wait_for 10 test -s "$ARMED/store/new/"*/meta.json
sleep 0.5
kill -KILL "$(cat "$ARMED/crashed")"
end_crash
is "killed in the midst: it is published" "$verdict" 1
is "and not complete" "$(meta .core.complete)" false
like "which is said" "$(meta .core.reason)" "killed while it was read"
like "so is what happened" "$way $why" "^live .*(No such process|gone)"
is "what was read until then is kept" \
    "$(zstd -qdc "$record/core.zst" | wc -c)" "$(meta .core.bytes)"
ok "it is more than the pipe had" test "$(meta .core.bytes)" -gt 2000000
finish
